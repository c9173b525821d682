/**
 * Remembers slow commands beyond what a server keeps of them: what the probe saw, and what people asked for. In memory,
 * a thousand of each Redis for a day. Ids grow by one and start over with the server, so that those between tell what was missed.
 */
import type { SlowLogEntry } from '#shared/model/redis-server.ts'

const KEPT = 1_000
const KEPT_MS = 24 * 60 * 60_000

export interface Remembered {
  /** Newest first. */
  readonly entries: readonly SlowLogEntry[]
  readonly since: number
  readonly unseen: number
  readonly emptied: boolean
}

export interface SlowLogMemory {
  readonly since: number
  readonly entries: readonly SlowLogEntry[]
  /** Servers whose log was found without what it would still hold. */
  readonly emptied: boolean
}

export function emptyMemory(now: number): SlowLogMemory {
  return { since: now, entries: [], emptied: false }
}

/**
 * Takes in some newest entries of some servers.
 * @param whole whose log the entries are, and of how many they would be if it had so many; `null` where they are but the newest
 */
export function remember(
  memory: SlowLogMemory,
  seen: readonly Omit<SlowLogEntry, 'onServer'>[],
  now: number,
  whole: { readonly node: string; readonly room: number } | null = null,
): SlowLogMemory {
  const entries = new Map(memory.entries.map((entry) => [keyOf(entry), entry]))
  if (whole === null && seen.every((entry) => entries.has(keyOf(entry)))) return memory
  const present = new Set(seen.map(keyOf))
  for (const entry of seen) entries.set(keyOf(entry), { ...entry, onServer: true })
  let { emptied } = memory
  if (whole !== null) {
    for (const entry of entries.values()) {
      if (entry.node !== whole.node || !entry.onServer || present.has(keyOf(entry))) continue
      entries.set(keyOf(entry), { ...entry, onServer: false })
      // It would still be there behind those that came since, were it not for somebody's SLOWLOG RESET or a new start.
      if (seen.length < whole.room) emptied = true
    }
  }
  return {
    since: memory.since,
    entries: [...entries.values()]
      .filter(({ at }) => at > now - KEPT_MS)
      .toSorted((one, other) => other.at - one.at || other.id - one.id)
      .slice(0, KEPT),
    emptied,
  }
}

function keyOf({ node, id, at }: Pick<SlowLogEntry, 'node' | 'id' | 'at'>): string {
  return `${node} ${id} ${at}`
}

export function rememberedOf({ entries, since, emptied }: SlowLogMemory): Remembered {
  return { entries, since, emptied, unseen: unseenIn(entries) }
}

/** Ids of one run of a server follow on each other; a lower one at a later time is that of another run. */
export function unseenIn(entries: readonly SlowLogEntry[]): number {
  const latest = new Map<string, SlowLogEntry>()
  let unseen = 0
  for (const entry of entries.toReversed()) {
    const before = latest.get(entry.node)
    if (before !== undefined && entry.id > before.id) unseen += entry.id - before.id - 1
    latest.set(entry.node, entry)
  }
  return unseen
}
