/**
 * What containers print, as Docker or Podman keep it. They know no positions, only times: a position is a time to the
 * nanosecond, and how many lines have it before.
 */
import type { LogSource } from '#shared/model/profile/log.ts'
import { UTC, type Zone } from '../moments.ts'
import type { RawLine } from '../raw.ts'
import { type Batch, type Errand, ForeignCursor, type Reading, type Start } from '../reader.ts'
import { type Containers, type Printed, print } from './script.ts'

const LINES = 1_000
/** Of more lines with the same time, as engines give them that read a pipe in pieces, some cannot be told apart. */
const MOST_LINES = 64_000
const MOST_BYTES = 2 * 1024 * 1024
/** How far back is looked at first, and how much further each time nothing was found there. */
const FIRST_WIDTH_MS = 5 * 60_000
const WIDER = 6
const MOST_WIDTH_MS = 400 * 86_400_000

interface Spot {
  /** As it was printed, with nine digits: they compare as texts do. */
  readonly time: string
  readonly nth: number
}

interface Line {
  readonly spot: Spot
  readonly line: RawLine
}

export function containersOf({ container, compose }: LogSource): Containers | null {
  if (container !== undefined) return { name: container }
  if (compose === undefined) return null
  const { project, directory, service } = compose
  return project === undefined
    ? { label: 'project.working_dir', of: directory ?? '', service }
    : { label: 'project', of: project, service }
}

export function readContainers(errand: Errand, containers: Containers, start: Start): Reading {
  let zone: Zone = UTC
  let spot: Spot | null =
    start.cursor === null
      ? start.at === null
        ? null
        : { time: nanoTime(start.at), nth: 0 }
      : readCursor(start.cursor)
  let width = FIRST_WIDTH_MS
  let count = LINES

  async function ask(args: readonly string[], last: number | null): Promise<Printed> {
    const printed = await print(errand, containers, { arguments: args, last, bytes: MOST_BYTES })
    zone = printed.zone
    return printed
  }

  async function newest(): Promise<Batch> {
    const printed = await ask([`--tail=${count}`], count)
    const { lines, cut } = linesOf(printed, start, count)
    if (cut && lines.length === 0 && count < MOST_LINES) {
      count *= 4
      return newest()
    }
    spot = lines[0]?.spot ?? { time: nanoTime(errand.now), nth: 0 }
    return batch(lines, { end: !cut, bytes: printed.bytes })
  }

  async function older(before: Spot): Promise<Batch> {
    const until = Date.parse(`${before.time.slice(0, 23)}Z`) + 1
    const since = until - width
    const printed = await ask([`--since=${nanoTime(since)}Z`, `--until=${shifted(before.time, 1)}`], count)
    const { lines: all, cut } = linesOf(printed, start, count)
    const lines = all.filter((line) => isBefore(line.spot, before))
    const isOldest = printed.createdAt !== null && since <= printed.createdAt
    if (cut && lines.length === 0) count *= 4
    if (!cut) width = Math.min(MOST_WIDTH_MS, width * WIDER)
    spot = lines[0]?.spot ?? (cut ? before : { time: nanoTime(since), nth: 0 })
    const end = (!cut && isOldest) || width >= MOST_WIDTH_MS || count > MOST_LINES
    return batch(lines, { end, bytes: printed.bytes })
  }

  async function newer(from: Spot): Promise<Batch> {
    const printed = await ask([`--since=${shifted(from.time, -1)}`], null)
    const { lines: all, cut } = linesOf(printed, start, count)
    const lines = all.filter((line) => !isBefore(line.spot, from))
    const last = lines.at(-1)?.spot
    spot = last === undefined ? from : { time: last.time, nth: last.nth + 1 }
    return batch(lines, { end: !cut || last === undefined, bytes: printed.bytes })
  }

  return {
    next() {
      if (spot === null)
        return start.direction === 'older' ? newest() : newer({ time: nanoTime(errand.now), nth: 0 })
      return start.direction === 'older' ? older(spot) : newer(spot)
    },
    zone: () => zone,
    edge: () => null,
    grant: () => null,
    leftOut: () => [],
  }
}

function batch(lines: readonly Line[], rest: Pick<Batch, 'end' | 'bytes'>): Batch {
  return { lines: lines.map(({ line }) => line), gap: false, ...rest }
}

const PRINTED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?/

interface Row {
  readonly time: string
  readonly line: Omit<RawLine, 'position'>
}

/**
 * Of several containers in the order of their times. Where one of them was cut, only what all of them have told is taken:
 * the rest comes with the next batch.
 */
function linesOf({ outputs }: Printed, { direction }: Start, count: number): { lines: Line[]; cut: boolean } {
  const several = outputs.length > 1
  let earliest = ''
  let latest = '\uffff'
  let cut = false
  const all = outputs.flatMap(({ text, name, full }) => {
    const rows = text.split('\n')
    const isCut = full || (direction === 'older' && rows.length > count)
    if (full && direction === 'newer') rows.pop()
    const read = rows.flatMap((row) => rowOf(row, several ? name : null))
    if (isCut) {
      cut = true
      const [first] = read
      if (direction === 'older' && first !== undefined && first.time > earliest) earliest = first.time
      const last = read.at(-1)
      if (direction === 'newer' && last !== undefined && last.time < latest) latest = last.time
    }
    return read
  })
  let before = ''
  let nth = 0
  const lines = all
    // Of lines with the time at which it was cut, some are missing: they could not be counted.
    .filter(({ time }) => time > earliest && time <= latest)
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    .map(({ time, line }) => {
      nth = time === before ? nth + 1 : 0
      before = time
      return { spot: { time, nth }, line: { position: `c:${time}#${nth}`, ...line } }
    })
  return { lines, cut }
}

function rowOf(row: string, container: string | null): Row[] {
  const match = PRINTED.exec(row)
  if (match === null) return []
  const [head, second = '', fraction = '', offset = 'Z'] = match
  const at = Date.parse(`${second}${offset}`)
  const told = {
    at: at + Number(fraction.padEnd(3, '0').slice(0, 3)),
    level: null,
    source: null,
    fields: container === null ? [] : [{ name: 'container', value: container }],
  }
  const time = `${new Date(at).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}`
  return [{ time, line: { text: row.slice(head.length), told, piece: false } }]
}

function isBefore(one: Spot, other: Spot): boolean {
  return one.time === other.time ? one.nth < other.nth : one.time < other.time
}

function nanoTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 23)}000000`
}

/**
 * A nanosecond earlier or later: Docker counts a moment itself to what is since and until it, Podman does not, and so it is
 * the same for both.
 */
function shifted(time: string, by: -1 | 1): string {
  const seconds = Date.parse(`${time.slice(0, 19)}Z`)
  const nanoseconds = Number(time.slice(20)) + by
  const carried = nanoseconds < 0 ? -1 : nanoseconds >= 1e9 ? 1 : 0
  const second = new Date(seconds + carried * 1_000).toISOString().slice(0, 19)
  return `${second}.${String(nanoseconds - carried * 1e9).padStart(9, '0')}Z`
}

function readCursor(cursor: string): Spot {
  const match = /^c:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9})#(\d{1,9})$/.exec(cursor)
  if (match === null) throw new ForeignCursor()
  return { time: match[1] ?? '', nth: Number(match[2]) }
}
