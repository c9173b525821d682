/** A maintenance window as the form holds it, there and back. Pure. */
import type { Schedule } from '#shared/model/schedule.ts'
import type { MaintenanceWindow } from '#shared/model/window.ts'
import { momentToType, typedIso } from '../../../../components/typed-moment.ts'
import { type MatchersDraft, matchersDraft, matchersOf } from '../MatcherFields.tsx'

export interface ScheduleDraft {
  kind: Schedule['kind']
  zone: string
  /** Of `once`, as it was typed, by the clock of whoever edits it. */
  from: string
  to: string
  time: string
  minutes: number | string
  /** Of those that come again: the first and the last date; empty: without one. */
  firstDate: string
  lastDate: string
  days: string[]
  by: 'day' | 'weekday'
  day: number | string
  week: string
  weekday: string
}

export interface WindowDraft {
  name: string
  enabled: boolean
  note: string
  matchers: MatchersDraft
  schedule: ScheduleDraft
  /** As it is on record; `null` for a new one. */
  kept: MaintenanceWindow | null
}

const HOUR_MS = 3_600_000

export function windowDraft(window: MaintenanceWindow | null, zone: string, now: number): WindowDraft {
  return {
    name: window?.name ?? '',
    enabled: window?.enabled ?? true,
    note: window?.note ?? '',
    matchers: matchersDraft(window?.matchers ?? null),
    schedule: scheduleDraft(window?.schedule ?? null, zone, now),
    kept: window,
  }
}

function scheduleDraft(schedule: Schedule | null, zone: string, now: number): ScheduleDraft {
  const hour = now - (now % HOUR_MS) + HOUR_MS
  const fresh: ScheduleDraft = {
    ...{ kind: 'weekly', zone, from: momentToType(hour), to: momentToType(hour + HOUR_MS) },
    ...{ time: '02:00', minutes: 60, firstDate: '', lastDate: '', days: ['7'] },
    ...{ by: 'weekday', day: 1, week: '2', weekday: '2' },
  }
  if (schedule === null) return fresh
  const { kind } = schedule
  if (kind === 'once') {
    const [from, to] = [schedule.from, schedule.to].map((one) => momentToType(Date.parse(one)))
    return { ...fresh, kind, zone: schedule.zone, from: from ?? fresh.from, to: to ?? fresh.to }
  }
  const { time, minutes, from, until } = schedule
  const common = {
    ...fresh,
    kind,
    zone: schedule.zone,
    time,
    minutes,
    firstDate: from ?? '',
    lastDate: until ?? '',
  }
  if (kind === 'weekly') return { ...common, days: schedule.days.map(String) }
  if (kind === 'monthly') {
    return 'day' in schedule.on
      ? { ...common, by: 'day', day: schedule.on.day }
      : { ...common, by: 'weekday', week: String(schedule.on.week), weekday: String(schedule.on.weekday) }
  }
  return common
}

/** As the contract takes it; the schema judges it. */
export function windowOf({ name, enabled, note, matchers, schedule, kept }: WindowDraft) {
  return {
    ...{ name: name.trim(), enabled, schedule: scheduleOf(schedule) },
    matchers: matchersOf(matchers, kept?.matchers ?? null),
    note: note.trim() === '' ? null : note.trim(),
  }
}

function scheduleOf(draft: ScheduleDraft): Record<string, unknown> {
  const { kind, zone, time, minutes, by } = draft
  const moment = (text: string) => typedIso(text, Date.now(), 'future')
  if (kind === 'once') return { kind, zone, from: moment(draft.from), to: moment(draft.to) }
  const orNone = (date: string) => (date === '' ? null : date)
  const common = { kind, zone, time, minutes, from: orNone(draft.firstDate), until: orNone(draft.lastDate) }
  if (kind === 'weekly') return { ...common, days: draft.days.map(Number).sort((a, b) => a - b) }
  if (kind === 'daily') return common
  const on = by === 'day' ? { day: draft.day } : { week: Number(draft.week), weekday: Number(draft.weekday) }
  return { ...common, on }
}
