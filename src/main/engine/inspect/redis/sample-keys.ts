/**
 * Looks at some keys of a database: all of them where they are few, else as many at random, and never at the names of
 * all. Some at a time with a pause between, for two seconds at most; it gives up where the server answers slower meanwhile.
 */
import type { Clock } from '../../clock.ts'
import type { Asker } from './asker.ts'

export interface Sampled {
  readonly key: string
  readonly type: string
  /** `null`: may not be asked for. */
  readonly bytes: number | null
  /** `null`: it has no lifetime. */
  readonly ttlMs: number | null
}

export interface Sample {
  /** In the whole database. */
  readonly keys: number
  readonly sampled: readonly Sampled[]
  readonly whole: boolean
  readonly stopped: 'time' | 'slower' | null
  readonly unreadable: number
  readonly lookups: number
}

const MOST_KEYS = 1_000
const MOST_MS = 2_000
const PAUSE_MS = 10
/** One batch takes the server about a millisecond. */
const BATCH = 50
/** A way that is far takes fewer, larger ones. */
const FAR_MS = 20
const FAR_BATCH = 125
/** Of a container that many of its elements are measured: https://redis.io/docs/latest/commands/memory-usage/ */
const ELEMENTS = 5
/** `SCAN` looks at so many buckets a page, and a database that shrank has many empty ones. */
const PAGE = 100
const MOST_PAGES = 60
/** What the server's answer to PING may take longer than before, twice in a row. */
const SLOWER_TIMES = 4
const SLOWER_MS = 15

export async function sampleKeys(asker: Asker): Promise<Sample> {
  const { clock } = asker
  const keys = Number((await asker.ask('DBSIZE')) ?? 0)
  const pace = createPace(asker, await quietest(asker))
  const seen: Sampled[] = []
  let unreadable = 0
  let lookups = 0

  /** Asks about some keys, and whatever else goes along with it. */
  async function look(names: readonly string[]): Promise<void> {
    const found = await Promise.all(names.map((key) => lookAt(asker, key)))
    for (const one of found) {
      if (one === null) unreadable += 1
      else seen.push(one)
    }
    lookups += names.length * 2
  }

  if (keys <= MOST_KEYS) {
    const all = await scanAll(asker, pace.isOver)
    if (all !== null) {
      for (const some of batches(all, pace.batch)) {
        if (pace.isOver()) break
        await Promise.all([pace.ping(), look(some)])
        await pause(clock, asker.signal)
      }
      const whole = seen.length + unreadable >= all.length && unreadable === 0
      return { keys, sampled: seen, whole, stopped: whole ? null : pace.why(), unreadable, lookups }
    }
  }
  // The keys of the next batch are chosen while this one is looked at: one round trip for each.
  const taken = new Set<string>()
  let next: readonly string[] = []
  while (!pace.isOver() && seen.length < MOST_KEYS) {
    const [chosen] = await Promise.all([choose(asker, pace.batch), pace.ping(), look(next)])
    if (chosen === null) break
    next = chosen.filter((key) => !taken.has(key)).slice(0, MOST_KEYS - seen.length)
    for (const key of next) taken.add(key)
    await pause(clock, asker.signal)
  }
  const stopped = seen.length < Math.min(MOST_KEYS, keys) ? pace.why() : null
  return { keys, sampled: seen, whole: false, stopped, unreadable, lookups }
}

async function lookAt(asker: Asker, key: string): Promise<Sampled | null> {
  const [type, bytes, ttl] = await Promise.all([
    asker.ask('TYPE', key),
    asker.ask('MEMORY USAGE', key, 'SAMPLES', ELEMENTS),
    asker.ask('PTTL', key),
  ])
  // It is gone by now, or its name is no text and came here as another.
  if (typeof type !== 'string' || type === 'none') return null
  return {
    key,
    type,
    bytes: typeof bytes === 'number' ? bytes : null,
    ttlMs: typeof ttl === 'number' && ttl >= 0 ? ttl : null,
  }
}

/** Some keys at random; `null` where there is none, or it may not be asked. */
async function choose(asker: Asker, count: number): Promise<string[] | null> {
  const answers = await Promise.all(Array.from({ length: count }, () => asker.ask('RANDOMKEY')))
  const keys = answers.filter((answer) => typeof answer === 'string')
  return keys.length === 0 ? null : keys
}

/** Every name, where they are few; `null` where that takes too long after all, or it may not be asked. */
async function scanAll(asker: Asker, isOver: () => boolean): Promise<string[] | null> {
  const names = new Set<string>()
  let cursor = '0'
  for (let page = 0; page < MOST_PAGES && !isOver(); page += 1) {
    const answer = await asker.ask('SCAN', cursor, 'COUNT', PAGE)
    if (!Array.isArray(answer) || !Array.isArray(answer[1])) return null
    for (const name of answer[1] as unknown[]) names.add(String(name))
    if (names.size > MOST_KEYS * 2) return null
    cursor = String(answer[0])
    if (cursor === '0') return [...names].slice(0, MOST_KEYS)
  }
  return null
}

/** How long the server takes to answer while nothing is asked of it but that. */
async function quietest(asker: Asker): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let count = 0; count < 3; count += 1) least = Math.min(least, await roundTrip(asker))
  return least
}

async function roundTrip(asker: Asker): Promise<number> {
  const startedAt = asker.clock.monotonic()
  await asker.ask('PING')
  return asker.clock.monotonic() - startedAt
}

function createPace(asker: Asker, quietMs: number) {
  const endsAt = asker.clock.monotonic() + MOST_MS
  let slow = 0
  const isSlower = () => slow >= 2
  const isLate = () => asker.clock.monotonic() >= endsAt
  return {
    batch: quietMs > FAR_MS ? FAR_BATCH : BATCH,
    async ping() {
      const ms = await roundTrip(asker)
      slow = ms > Math.max(quietMs * SLOWER_TIMES, quietMs + SLOWER_MS) ? slow + 1 : 0
    },
    isOver: () => isSlower() || isLate(),
    why: () => (isSlower() ? ('slower' as const) : isLate() ? ('time' as const) : null),
  }
}

function batches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  )
}

/** @throws the signal's reason */
function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      cancel()
      reject(signal.reason)
    }
    const cancel = clock.after(PAUSE_MS, () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
