/** A schedule by the clock of a place in the form: there and back. Pure. */
import type { ClockSchedule } from '#shared/model/clock-schedule.ts'
import { type Kept, keptIn, NOTHING_KEPT, onTop } from './kept.ts'

export interface ClockDraft {
  /** `none`: nothing is begun by itself. */
  kind: ClockSchedule['kind'] | 'none'
  zone: string
  /** `02:30`, several with commas between them. */
  times: string
  /** 1 (Monday) to 7, as the boxes have them. */
  days: string[]
  by: 'day' | 'weekday'
  day: number | string
  week: string
  weekday: string
  kept: Kept
}

export function clockDraft(
  schedule: ClockSchedule | undefined,
  fresh: { readonly zone: string; readonly time: string },
): ClockDraft {
  const empty: ClockDraft = {
    ...{ kind: 'none', zone: fresh.zone, times: fresh.time, days: ['7'] },
    ...{ by: 'weekday', day: 1, week: '1', weekday: '7' },
    kept: schedule ?? NOTHING_KEPT,
  }
  if (schedule === undefined) return empty
  const common = { ...empty, kind: schedule.kind, zone: schedule.zone, times: schedule.times.join(', ') }
  if (schedule.kind === 'weekly') return { ...common, days: schedule.days.map(String) }
  if (schedule.kind === 'daily') return common
  const { on } = schedule
  return 'day' in on
    ? { ...common, by: 'day', day: on.day }
    : { ...common, by: 'weekday', week: String(on.week), weekday: String(on.weekday) }
}

export function clockOf(draft: ClockDraft): Record<string, unknown> | undefined {
  const { kind, zone, by, kept } = draft
  if (kind === 'none') return undefined
  const times = draft.times
    .split(',')
    .map((time) => time.trim())
    .filter((time) => time !== '')
  const on =
    by === 'day'
      ? { day: draft.day, week: undefined, weekday: undefined }
      : { day: undefined, week: Number(draft.week), weekday: Number(draft.weekday) }
  return onTop(kept, {
    ...{ kind, zone, times },
    // What another kind of schedule had goes with it.
    days: kind === 'weekly' ? draft.days.map(Number).sort((a, b) => a - b) : undefined,
    on: kind === 'monthly' ? onTop(keptIn(kept, 'on'), on) : undefined,
  })
}
