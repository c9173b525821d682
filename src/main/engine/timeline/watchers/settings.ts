/** Configuration: what was set differently, by name, with its old and its new value. */
import { type Draft, type Sighting, seenChange } from '../draft.ts'

/** So many are told one by one; the others by their names. */
const TOLD_SINGLY = 8
const NAMED = 12
/** Settings may hold a list of servers: a line of the timeline does not. */
const LONGEST = 80

type Settings = Readonly<Record<string, string>>

/** Settings that are not there are at their default. */
export function watchSettings(
  before: Settings | undefined,
  settings: Settings | undefined,
  sighting: Sighting,
): { events: Draft[]; known: Settings | undefined } {
  if (settings === undefined || before === undefined) return { events: [], known: settings ?? before }
  const names = [...new Set([...Object.keys(before), ...Object.keys(settings)])]
    .filter((name) => before[name] !== settings[name])
    .toSorted()
  const singly = names.slice(0, names.length > TOLD_SINGLY ? TOLD_SINGLY - 1 : TOLD_SINGLY)
  const events = singly.map((name) => changed(name, before[name], settings[name], sighting))
  const rest = names.slice(singly.length)
  if (rest.length > 0) {
    const shown = [...rest.slice(0, NAMED), ...(rest.length > NAMED ? ['…'] : [])].join(', ')
    events.push(seenChange('settings', sighting, 'settings-more', { count: rest.length, names: shown }))
  }
  return { events, known: settings }
}

function changed(
  name: string,
  before: string | undefined,
  after: string | undefined,
  sighting: Sighting,
): Draft {
  if (after === undefined) {
    return seenChange('settings', sighting, 'setting-reset', { name, before: short(before ?? '') })
  }
  if (before === undefined)
    return seenChange('settings', sighting, 'setting-set', { name, after: short(after) })
  if (isMasked(before) && isMasked(after)) return seenChange('settings', sighting, 'setting-masked', { name })
  return seenChange('settings', sighting, 'setting-changed', {
    name,
    before: short(before),
    after: short(after),
  })
}

/** What may hold a secret is shown as `***` and a fingerprint, which says only that it is another one. */
function isMasked(value: string): boolean {
  return value.startsWith('***')
}

function short(value: string): string {
  if (isMasked(value)) return '***'
  const shown = value === '' ? "''" : value
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown
}

/** Changed in its files, and not in force before a restart. */
export function watchPending(
  before: readonly string[] | undefined,
  pending: readonly string[] | undefined,
  sighting: Sighting,
): { events: Draft[]; known: readonly string[] | undefined } {
  if (pending === undefined || before === undefined) return { events: [], known: pending ?? before }
  const fresh = pending.filter((name) => !before.includes(name))
  if (fresh.length === 0) return { events: [], known: pending }
  const names = fresh.slice(0, NAMED).join(', ')
  const event = seenChange('settings', sighting, 'settings-pending', { count: fresh.length, names })
  return { events: [event], known: pending }
}
