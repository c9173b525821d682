/** The timeline of a deployment, in words. */
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import { deploymentOf } from './deployment-views.ts'
import { refuseBackwards } from './live.ts'
import type { Procedures } from './procedures.ts'
import { moment, speakEvent } from './speech.ts'

const DAY_MS = 86_400_000

export function implementTimeline({ timeline }: Procedures, engine: Engine, clock: Clock) {
  return {
    list: timeline.list.handler(async ({ input, context: { language } }) => {
      const deployment = deploymentOf(engine, input.name).profile.name
      // Seen at this very moment is within, too.
      const to = input.to ?? clock.now() + 1
      const from = input.from ?? to - DAY_MS
      refuseBackwards({ from, to })
      const [at, id] = (input.cursor ?? '').split('.').map(Number)
      const found = await engine.timeline.between({
        deployment,
        from,
        to,
        kinds: input.kinds ?? [],
        // One more tells whether there are more.
        limit: input.limit + 1,
        before: at === undefined || id === undefined ? null : { at, id },
      })
      const events = found.slice(0, input.limit)
      const last = events.at(-1)
      return {
        items: events.map((event) => ({
          id: event.id,
          at: moment(event.at),
          kind: event.kind,
          probe: event.probe,
          target: event.target,
          status: event.status,
          reason: speakEvent(language, event.reason),
        })),
        nextCursor: found.length > events.length && last !== undefined ? `${last.at}.${last.id}` : null,
        from: moment(from),
        to: moment(to),
      }
    }),
  }
}
