/**
 * One answer: batches are read, lines are put together to what was logged, shown as this reader may see them, and only then
 * searched; until there is enough, or the answer has taken what one may take.
 */
import type { LogLevel, LogLine, LogLines, LogStop } from '#shared/model/logs.ts'
import { group } from './group.ts'
import { isAtLeast } from './levels.ts'
import type { Zone } from './moments.ts'
import { momentOf, parseRecord } from './parse.ts'
import type { RawLine, RawRecord } from './raw.ts'
import type { Errand, Reading, Start } from './reader.ts'
import type { Search } from './search.ts'
import type { Shown } from './shown.ts'

export interface Asked extends Start {
  readonly from: number | null
  readonly to: number | null
  readonly search: Search
  readonly level: LogLevel | null
  readonly limit: number
}

export interface GatherOptions {
  readonly reading: Reading
  readonly asked: Asked
  readonly show: Shown
  readonly errand: Pick<Errand, 'now' | 'remainingMs' | 'signal'>
  /** What one answer may read; what it gives is bounded besides. */
  readonly mostBytes: number
}

/** Of what is given: a page has to draw it, a socket to carry it. */
const MOST_GIVEN = 1_500_000
/** The rest of the time is for the last batch to come in. */
const ENOUGH_LEFT_MS = 3_000
/** Others use this thread too: after so many lines they have their turn. */
const AT_ONCE = 200
/** How many lines back a time is looked for, and how many may wait for what they belong to. */
const EARLIER = 20
const MOST_LOOSE = 2_000

type Gathered = Omit<LogLines, 'at' | 'source' | 'cost' | 'revealed'> & { readonly bytes: number }

export async function gather({ reading, asked, show, errand, mostBytes }: GatherOptions): Promise<Gathered> {
  const { direction, limit } = asked
  const isOlder = direction === 'older'
  const kept: LogLine[] = []
  let carried: readonly RawLine[] = []
  let bytes = 0
  let given = 0
  let looked = 0
  let gap = false
  let stopped: LogStop | null = null
  /** Of what was looked at: the first and the last in the order of reading, and their times. */
  let first: { position: string; at: number | null } | null = null
  let last: { position: string; at: number | null } | null = null

  /** A line that says no time has that of one `among` those before it. */
  function take(record: RawRecord, among: readonly RawRecord[], index: number): void {
    const [head] = record
    const zone = reading.zone()
    const alone = parseRecord(record, zone, errand.now)
    const line =
      alone.at === null
        ? { ...alone, at: latestOf(among.slice(Math.max(0, index - EARLIER), index), zone, errand.now) }
        : alone
    if (line.at !== null) {
      const outside = isOlder
        ? asked.from !== null && line.at < asked.from
        : asked.to !== null && line.at > asked.to
      if (outside) {
        stopped = 'window'
        return
      }
      // Lines that are not yet within the window: several programs write to one log, and clocks are read before locks.
      if ((asked.from !== null && line.at < asked.from) || (asked.to !== null && line.at > asked.to)) return
    }
    looked += 1
    last = { position: head.position, at: line.at }
    first ??= last
    if (!asked.search.mayMatch(record.map(({ text }) => text).join('\n')) && head.told === null) return
    // A level is nobody's secret: what is not wanted need not be masked.
    if (asked.level !== null && !isAtLeast(line.level, asked.level)) return
    const shown = show(line)
    if (!asked.search.matches(shown)) return
    kept.push(shown)
    given += sizeOf(shown)
    if (kept.length >= limit || given >= MOST_GIVEN) stopped = 'lines'
  }

  async function takeAll(records: readonly RawRecord[]): Promise<void> {
    for (let taken = 0; taken < records.length; taken += 1) {
      if (taken % AT_ONCE === AT_ONCE - 1) {
        await new Promise((resolve) => setImmediate(resolve))
        errand.signal.throwIfAborted()
      }
      const index = isOlder ? records.length - 1 - taken : taken
      const record = records[index]
      if (record !== undefined) take(record, records, index)
      if (stopped !== null) return
    }
  }

  while (stopped === null) {
    const batch = await reading.next()
    bytes += batch.bytes
    gap ||= batch.gap
    if (isOlder) {
      const { loose, records } = group([...batch.lines, ...carried])
      // What belongs to something further back waits for it; at the very beginning it stands by itself.
      const isAlone = batch.end || loose.length > MOST_LOOSE
      carried = isAlone ? [] : loose
      await takeAll(isAlone ? [...loose.map((line): RawRecord => [line]), ...records] : records)
    } else {
      const { loose, records } = group([...carried, ...batch.lines])
      const all = [...loose.map((line): RawRecord => [line]), ...records]
      // The last one may go on in the next batch.
      const open = batch.end ? undefined : all.pop()
      carried = open ?? []
      await takeAll(all)
    }
    if (stopped !== null) break
    if (batch.end) stopped = 'end'
    else if (bytes >= mostBytes) stopped = 'bytes'
    else if (errand.remainingMs() < ENOUGH_LEFT_MS) stopped = 'time'
  }

  const oldest = isOlder ? last : first
  const newest = isOlder ? first : last
  return {
    lines: isOlder ? kept.toReversed() : kept,
    older: isOlder ? (positionOf(oldest) ?? asked.cursor) : (asked.cursor ?? positionOf(oldest)),
    newer: isOlder
      ? (asked.cursor ?? positionOf(newest) ?? reading.edge())
      : (positionOf(newest) ?? asked.cursor ?? reading.edge()),
    stopped,
    looked: { lines: looked, from: timeOf(oldest), to: timeOf(newest) },
    gap,
    limited: reading.grant() === null ? null : { grant: reading.grant() ?? '' },
    leftOut: [...reading.leftOut()],
    bytes,
  }
}

function latestOf(records: readonly RawRecord[], zone: Zone, now: number): number | null {
  for (const [head] of records.toReversed()) {
    const at = momentOf(head, zone, now)
    if (at !== null) return at
  }
  return null
}

function positionOf(spot: { readonly position: string } | null): string | null {
  return spot?.position ?? null
}

function timeOf(spot: { readonly at: number | null } | null): number | null {
  return spot?.at ?? null
}

function sizeOf({ message, detail, fields }: LogLine): number {
  return fields.reduce(
    (sum, { name, value }) => sum + name.length + value.length,
    message.length + (detail?.length ?? 0) + 100,
  )
}
