/** Who has the watch, from when to when: pure, over moments in milliseconds since the epoch. */
import type { Override, Rota, Shift } from '#shared/model/rota.ts'
import { dateAt, dateOf, daysBetween, momentAt } from './local.ts'

type Turns = Pick<Rota, 'people' | 'startsOn' | 'time' | 'zone' | 'shiftDays'>

/** The shift at a moment; `null`: nobody has the watch, since the first of them has not taken it yet. */
export function whoHasTheWatch(rota: Turns, overrides: readonly Override[], at: number): Shift | null {
  // Whatever begins or ends it lies within the turn that it is in, or before the first one.
  const first = handOver(rota, 0)
  const [from, to] = at < first ? [at, first] : turnBounds(rota, at)
  return shiftsBetween(rota, overrides, from, to).find((one) => one.from <= at && at < one.to) ?? null
}

/** Who takes it after whoever has it, stand-ins among them; `null`: there is nobody else. */
export function whoIsNext(rota: Turns, overrides: readonly Override[], at: number): string | null {
  const now = whoHasTheWatch(rota, overrides, at)?.person ?? null
  // Everybody has had a turn by then.
  const last = handOver(rota, Math.max(0, turnAt(rota, at)) + rota.people.length + 1)
  const coming = shiftsBetween(rota, overrides, at, last).filter(({ from }) => from > at)
  return coming.find(({ person }) => person !== now)?.person ?? null
}

/**
 * Whoever has the watch between two moments, in order. They touch and do not overlap; before the first turn there is only who stands
 * in. What begins before `from` or ends after `to` is told whole where it is a turn, and cut where an override goes beyond.
 */
export function shiftsBetween(
  rota: Turns,
  overrides: readonly Override[],
  from: number,
  to: number,
): Shift[] {
  const turns = turnsBetween(rota, from, to)
  const begin = Math.min(from, turns[0]?.from ?? from)
  const end = Math.max(to, turns.at(-1)?.to ?? to)
  const marks = new Set([begin, end])
  for (const { from: start, to: stop } of [...turns, ...overrides]) {
    for (const mark of [start, stop]) if (mark > begin && mark < end) marks.add(mark)
  }
  const bounds = [...marks].sort((a, b) => a - b)
  const shifts: Shift[] = []
  bounds.slice(0, -1).forEach((start, index) => {
    const stop = bounds[index + 1] ?? start
    const turn = turns.find((one) => one.from <= start && start < one.to)
    const over = overrides.findLast((one) => one.from <= start && start < one.to)
    const person = over?.person ?? turn?.person
    if (person === undefined) return
    const instead = over === undefined || turn?.person === person ? null : (turn?.person ?? null)
    const one: Shift = { person, from: start, to: stop, instead, override: over?.id ?? null }
    const before = shifts.at(-1)
    const isSame =
      before !== undefined &&
      before.to === start &&
      before.person === person &&
      before.override === one.override &&
      before.instead === instead &&
      over !== undefined
    if (isSame) shifts[shifts.length - 1] = { ...before, to: stop }
    else shifts.push(one)
  })
  return shifts.filter((one) => one.to > from && one.from < to)
}

function turnsBetween(rota: Turns, from: number, to: number): Omit<Shift, 'instead' | 'override'>[] {
  const turns = []
  for (let index = Math.max(0, turnAt(rota, from)); ; index += 1) {
    const start = handOver(rota, index)
    if (start >= to) return turns
    turns.push({ person: personOf(rota, index), from: start, to: handOver(rota, index + 1) })
  }
}

function turnBounds(rota: Turns, at: number): [number, number] {
  const index = turnAt(rota, at)
  return [handOver(rota, index), handOver(rota, index + 1)]
}

/** Which turn a moment is in, counted from the first; negative before that. */
function turnAt(rota: Turns, at: number): number {
  const days = daysBetween(dateOf(rota.startsOn), dateAt(at, rota.zone))
  let index = Math.floor(days / rota.shiftDays)
  // On the day of a hand-over it depends on the time.
  while (at < handOver(rota, index)) index -= 1
  while (at >= handOver(rota, index + 1)) index += 1
  return index
}

/** When a turn begins: so many calendar days after the first, at the time of the place, however its clock was moved meanwhile. */
function handOver({ startsOn, shiftDays, time, zone }: Turns, index: number): number {
  return momentAt(dateOf(startsOn).add({ days: index * shiftDays }), time, zone)
}

function personOf({ people }: Turns, index: number): string {
  const person = people[((index % people.length) + people.length) % people.length]
  if (person === undefined) throw new RangeError('a rota without people')
  return person
}
