/** Dead man's switches, in words. */
import type { Engine } from '../engine/engine.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'
import { momentOrNull, speakAnswer, speakAttempt } from './speech.ts'

export function implementHeartbeats({ heartbeats: declared }: Procedures, { heartbeats }: Engine) {
  return {
    list: declared.list.handler(async ({ context: { language } }) => {
      const items = heartbeats.list().map(({ heartbeat, standing: { state, beatAt, latest } }) => ({
        ...{ heartbeat, state, beatAt: momentOrNull(beatAt) },
        latest: latest === null ? null : speakAttempt(language, latest),
      }))
      return { items, nextCursor: null }
    }),

    save: declared.save.handler(async ({ input: { heartbeat, replaces } }) => {
      const { name } = heartbeat
      const outcome = await heartbeats.save(heartbeat, replaces)
      if (outcome === 'missing') throw noHeartbeat(replaces ?? name)
      if (outcome === 'name-taken') {
        const reason = `a heartbeat named ${name} exists already`
        throw new Refusal('WRONG_STATE', 'heartbeat-exists', { name }, { reason })
      }
      return { name }
    }),

    remove: declared.remove.handler(async ({ input: { name } }) => {
      if (!(await heartbeats.remove(name))) throw noHeartbeat(name)
      return { name }
    }),

    test: declared.test.handler(async ({ input: { heartbeat }, context: { language }, signal }) =>
      speakAnswer(language, await heartbeats.test(heartbeat, signal ?? new AbortController().signal)),
    ),
  }
}

function noHeartbeat(name: string): Refusal {
  return new Refusal('NOT_FOUND', 'no-heartbeat', { name }, { what: 'heartbeat', name })
}
