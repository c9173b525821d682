/** Questions of the thread to the engine, which has the vault and the host keys. */

import type { HopDependencies } from '../../reach/links/hop.ts'
import { nobody } from '../../reach/questions.ts'
import type { Asked, FromThread, Questions, ToThread } from './messages.ts'
import { untell } from './told.ts'

export type Ask = <A extends Asked>(asked: A, input: Questions[A]['in']) => Promise<Questions[A]['out']>

export function createAsking(say: (message: FromThread) => void) {
  const waiting = new Map<
    number,
    { resolve(output: Questions[Asked]['out']): void; reject(error: Error): void }
  >()
  let next = 1

  const ask: Ask = <A extends Asked>(asked: A, input: Questions[A]['in']) => {
    const { promise, resolve, reject } = Promise.withResolvers<Questions[A]['out']>()
    const id = next++
    // A question is answered with its own kind of answer.
    waiting.set(id, { resolve: (output) => resolve(output as Questions[A]['out']), reject })
    say({ kind: 'ask', id, asked, input })
    return promise
  }
  return {
    ask,
    hear(message: Exclude<ToThread, { kind: 'cancel' }>): void {
      const entry = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.kind === 'answer') entry?.resolve(message.output)
      else entry?.reject(untell(message.told))
    },
  }
}

/** Secrets and host keys for a way of the thread's own. A host that asks a person is asked over the watch's way, not here. */
export function farDependencies(ask: Ask): Pick<HopDependencies, 'resolveSecret' | 'hostKeys' | 'questions'> {
  return {
    resolveSecret: (reference) => ask('secret', { reference }),
    hostKeys: {
      judge: (host, port, key, files, acceptsNew = false) =>
        ask('judge', { host, port, key, files, acceptsNew }),
      wanted: (host, port, files) => ask('wanted', { host, port, files }),
      list: async () => [],
      accept: async () => {},
      remove: async () => false,
      onAccept: () => () => {},
    },
    questions: nobody,
  }
}
