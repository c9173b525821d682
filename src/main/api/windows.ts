/** Maintenance windows, in words and moments. */
import { MOST_ALERTS_LISTED } from '#shared/contract/alert-parts.ts'
import type { Occurrence } from '#shared/model/schedule.ts'
import { replayWindow } from '../engine/alerts/windows/replay.ts'
import type { StandingWindow } from '../engine/alerts/windows/windows.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'
import { replayed } from './replayed.ts'
import { notSaved } from './saved.ts'
import { moment, speakAlert } from './speech.ts'

export function implementWindows({ windows: declared }: Procedures, engine: Engine, clock: Clock) {
  const { windows } = engine.alerts
  return {
    list: declared.list.handler(() => ({ items: windows.list().map(windowView), nextCursor: null })),

    save: declared.save.handler(async ({ input: { window, replaces }, context: { actor } }) => {
      const outcome = await windows.save(window, replaces, actor.name)
      if (outcome !== 'saved') throw notSaved('window', outcome, { name: window.name, replaces })
      const saved = windows.list().find((one) => one.window.name === window.name)
      // Somebody else may have removed it since.
      if (saved === undefined) throw noWindow(window.name)
      return windowView(saved)
    }),

    remove: declared.remove.handler(async ({ input: { name } }) => {
      if (!(await windows.remove(name))) throw noWindow(name)
      return { name }
    }),

    preview: declared.preview.handler(async ({ input, context: { language } }) => {
      const now = clock.now()
      const { from, alerts: all, isCut } = await replayed(engine.alerts, now)
      const { next, times, matched, hidden } = replayWindow(input, all, from, now)
      const items = input.schedule.kind === 'once' ? matched : hidden
      return {
        next: next.map(occurrenceView),
        from: moment(from),
        ...{ times, isCut, of: all.length, matched: matched.length, hidden: hidden.length },
        items: items.slice(0, MOST_ALERTS_LISTED).map((alert) => speakAlert(language, alert)),
      }
    }),
  }
}

function windowView({ window: kept, state, silence, next }: StandingWindow) {
  const { createdBy, updatedAt, ...window } = kept
  return {
    ...{ window, createdBy, state },
    updatedAt: moment(updatedAt),
    silence: silence === null ? null : { id: silence.id, until: moment(silence.until) },
    next: next === null ? null : occurrenceView(next),
  }
}

function occurrenceView({ startsAt, endsAt }: Occurrence) {
  return { startsAt: moment(startsAt), endsAt: moment(endsAt) }
}

function noWindow(name: string): Refusal {
  return new Refusal('NOT_FOUND', 'no-window', { name }, { what: 'window', name })
}
