/** What a person reads of logs. */
import type { Engine } from '../engine/engine.ts'
import { ForeignCursor } from '../engine/inspect/logs/reader.ts'
import { NotWatched } from '../engine/inspect/not-watched.ts'
import type { Actor } from '../engine/policy/actor.ts'
import { roleSuffices } from '../engine/policy/authorize.ts'
import { deploymentOf } from './deployment-views.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'

const NEVER = new AbortController().signal

export function implementLogs({ logs }: Procedures, engine: Engine) {
  /** @throws Refusal, or NotWatched, where there is nothing to read */
  function sourceOf(name: string, source: string): { deployment: string; source: string } {
    const { profile, paused } = deploymentOf(engine, name)
    const names = profile.logs.map((one) => one.name)
    if (!names.includes(source)) {
      const params = { deployment: name, name: source, names: names.join(', ') || '—' }
      throw new Refusal('NOT_FOUND', 'no-log', params, { what: 'log', name: source })
    }
    if (paused) throw new NotWatched(name, 'paused')
    return { deployment: name, source }
  }

  return {
    read: logs.read.handler(async ({ input, context, signal = NEVER }) => {
      const {
        name,
        source,
        cursor = null,
        at = null,
        from = null,
        to = null,
        level = null,
        revealed,
        ...rest
      } = input
      const asked = { ...sourceOf(name, source), ...rest, cursor, at, from, to, level }
      const reader = { ...readerOf(context.actor), revealed }
      const answer = await engine.logs.read(asked, reader, signal).catch((error: unknown) => {
        if (!(error instanceof ForeignCursor)) throw error
        const issues = [{ path: 'cursor', message: error.message }]
        throw new Refusal('BAD_REQUEST', 'log-cursor', { name: source }, { issues })
      })
      if (answer === 'hidden') {
        throw new Refusal('WRONG_STATE', 'log-values-hidden', { name: source }, { reason: 'hidden' })
      }
      return answer
    }),
    reveal: logs.reveal.handler(({ input: { name, source }, context }) =>
      engine.logs.reveal(sourceOf(name, source), readerOf(context.actor)),
    ),
  }
}

/** Whose role was taken away reads no values any more, whatever was shown before. */
function readerOf({ id, role }: Actor) {
  return { id, mayReveal: roleSuffices(role, 'OPERATOR') }
}
