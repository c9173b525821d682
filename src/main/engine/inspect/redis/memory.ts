/** What takes a server's memory: its keys by prefix and type, from a sample, and what Redis says of its own parts. */
import type { RedisMemory, RevealedKeys } from '#shared/model/redis-server.ts'
import type { Asker } from './asker.ts'
import { biggestOf, groupsOf } from './estimates.ts'
import { shownNames } from './key-names.ts'
import { type Sampled, sampleKeys } from './sample-keys.ts'

const REVEALED = 50

/** The names that were sampled, for whoever has them revealed. */
export interface SampledNames {
  readonly keys: readonly Sampled[]
  /** The prefix that each is shown under. */
  readonly names: readonly string[]
}

/** @param known names that may be shown whole */
export async function askMemory(
  asker: Asker,
  database: number,
  known: readonly string[],
): Promise<{ memory: RedisMemory; sampled: SampledNames }> {
  const sample = await sampleKeys(asker)
  const [stats, doctor] = await Promise.all([asker.ask('MEMORY STATS'), asker.ask('MEMORY DOCTOR')])
  const { sampled } = sample
  const names = shownNames(
    sampled.map(({ key }) => key),
    new Set(known),
  )
  const { keys, whole, stopped, unreadable, lookups } = sample
  return {
    memory: {
      ...asker.frame(sampled.length),
      database,
      keys,
      sampled: sampled.length,
      whole,
      stopped,
      unreadable,
      countedAsHits: lookups,
      prefixes: groupsOf(sample, names),
      types: groupsOf(
        sample,
        sampled.map(({ type }) => type),
      ),
      biggest: biggestOf(sampled, names),
      parts: partsOf(stats),
      doctor: typeof doctor === 'string' ? doctor.trim().slice(0, 4_000) : null,
    },
    sampled: { keys: sampled, names },
  }
}

/** The largest keys under a prefix, by their whole names. */
export function revealedOf({ keys, names }: SampledNames, prefix: string): RevealedKeys['keys'] {
  return keys
    .filter((_, index) => names[index] === prefix)
    .toSorted((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0))
    .slice(0, REVEALED)
    .map((one) => ({ ...one }))
}

/** Of what `MEMORY STATS` tells the parts that add up to the whole; `db.0` and its like hold a list. */
const PARTS = new Set([
  'startup.allocated',
  'replication.backlog',
  'clients.slaves',
  'clients.normal',
  'cluster.links',
  'aof.buffer',
  'lua.caches',
  'functions.caches',
  'dataset.bytes',
])

/** Names and values in turn. */
export function partsOf(answer: unknown): RedisMemory['parts'] {
  if (!Array.isArray(answer)) return []
  const items: readonly unknown[] = answer
  return items
    .flatMap((name, at) => {
      if (at % 2 !== 0 || typeof name !== 'string') return []
      const value = items[at + 1]
      if (PARTS.has(name) && typeof value === 'number') return { part: name, bytes: value }
      return /^db\.\d+$/.test(name) ? { part: name, bytes: overheadOf(value) } : []
    })
    .filter(({ bytes }) => bytes > 0)
    .toSorted((one, other) => other.bytes - one.bytes)
}

function overheadOf(fields: unknown): number {
  if (!Array.isArray(fields)) return 0
  return fields.reduce<number>(
    (sum, field, at) => sum + (at % 2 === 1 && typeof field === 'number' ? field : 0),
    0,
  )
}
