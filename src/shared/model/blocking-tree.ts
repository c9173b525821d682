/** Who waits for whom, as a tree: at its top those that wait for nobody, below each those that wait for it. Pure. */
import type { Backend, DatabaseActivity, PreparedTransaction } from './database/activity.ts'

export interface BlockingNode {
  /** One in the whole tree: a PID, or the name of a prepared transaction. */
  readonly key: string
  /** `null`: a prepared transaction, which has no backend. */
  readonly pid: number | null
  /** `null`: a prepared transaction, or a backend that is not listed (it ended, or is of PostgreSQL's own). */
  readonly backend: Backend | null
  /** `null`: a backend, or a prepared transaction of which only that much is known. */
  readonly prepared: PreparedTransaction | null
  /** Each stands below the one that is nearest to the top; the largest crowd first. */
  readonly waiters: readonly BlockingNode[]
  /** Keys of the others that it waits for besides the one that it stands below. */
  readonly alsoWaitsFor: readonly string[]
  /** How many wait for it, directly or behind one another. */
  readonly behind: number
  /** It waits for itself through others: PostgreSQL ends one of them within `deadlock_timeout`. */
  readonly deadlocked: boolean
}

export interface BlockingTree {
  /** The largest crowd first. */
  readonly roots: readonly BlockingNode[]
  /** They wait for a lock, and nobody could say for whom. */
  readonly unknown: readonly Backend[]
}

const SOME_PREPARED = 'prepared'

interface Party {
  readonly key: string
  readonly pid: number | null
  readonly backend: Backend | null
  readonly prepared: PreparedTransaction | null
  /** Keys. */
  readonly waitsFor: Set<string>
  readonly waitedForBy: Set<string>
}

export function blockingTree({
  backends,
  prepared,
}: Pick<DatabaseActivity, 'backends' | 'prepared'>): BlockingTree {
  const parties = partiesOf(backends, prepared)
  const behind = new Map([...parties.keys()].map((key) => [key, reachedFrom(parties, key)]))
  const depths = depthsOf(parties, behind)
  const below = placesOf(parties, depths)

  function nodeOf(party: Party): BlockingNode {
    const { key, pid, backend, prepared: transaction, waitsFor } = party
    const parent = below.parentOf.get(key)
    const reached = behind.get(key) ?? new Set()
    const deadlocked = reached.has(key)
    return {
      key,
      pid,
      backend,
      prepared: transaction,
      waiters: (below.childrenOf.get(key) ?? []).map(nodeOf).sort(byCrowd),
      alsoWaitsFor: [...waitsFor].filter((other) => other !== parent),
      behind: reached.size - (deadlocked ? 1 : 0),
      deadlocked,
    }
  }

  return {
    roots: below.roots.map(nodeOf).sort(byCrowd),
    unknown: backends.filter(({ lock, blockedBy }) => lock !== null && blockedBy.length === 0),
  }
}

/** Everybody that waits for somebody, or is waited for. */
function partiesOf(
  backends: readonly Backend[],
  prepared: readonly PreparedTransaction[],
): Map<string, Party> {
  const listed = new Map(backends.map((backend) => [backend.pid, backend]))
  const parties = new Map<string, Party>()
  const party = (key: string, of: Pick<Party, 'pid' | 'backend' | 'prepared'>): Party => {
    const known = parties.get(key)
    if (known !== undefined) return known
    const fresh = { key, ...of, waitsFor: new Set<string>(), waitedForBy: new Set<string>() }
    parties.set(key, fresh)
    return fresh
  }
  const ofPid = (pid: number) => party(String(pid), { pid, backend: listed.get(pid) ?? null, prepared: null })
  const ofPrepared = (waiter: number) => {
    const known = prepared.filter(({ blocks }) => blocks.includes(waiter))
    if (known.length === 0) return [party(SOME_PREPARED, { pid: null, backend: null, prepared: null })]
    return known.map((one) => party(`prepared ${one.name}`, { pid: null, backend: null, prepared: one }))
  }
  for (const { pid, blockedBy } of backends) {
    if (blockedBy.length === 0) continue
    const waiter = ofPid(pid)
    for (const blocker of blockedBy.flatMap((other) => (other === 0 ? ofPrepared(pid) : [ofPid(other)]))) {
      waiter.waitsFor.add(blocker.key)
      blocker.waitedForBy.add(waiter.key)
    }
  }
  return parties
}

/** All that wait for it; itself is among them where it waits for itself. */
function reachedFrom(parties: ReadonlyMap<string, Party>, start: string): Set<string> {
  const reached = new Set<string>()
  const next = [start]
  for (let key = next.pop(); key !== undefined; key = next.pop()) {
    for (const waiter of parties.get(key)?.waitedForBy ?? []) {
      if (reached.has(waiter)) continue
      reached.add(waiter)
      next.push(waiter)
    }
  }
  return reached
}

/** How far from the top: from those that wait for nobody, and where all wait in a circle, from one of them. */
function depthsOf(
  parties: ReadonlyMap<string, Party>,
  behind: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, number> {
  const depths = new Map<string, number>()
  const spread = (starts: readonly string[]): void => {
    let level = starts
    for (let depth = 0; level.length > 0; depth++) {
      for (const key of level) depths.set(key, depth)
      const next = new Set(level.flatMap((key) => [...(parties.get(key)?.waitedForBy ?? [])]))
      level = [...next].filter((key) => !depths.has(key))
    }
  }
  spread([...parties.values()].filter(({ waitsFor }) => waitsFor.size === 0).map(({ key }) => key))
  const circling = [...parties.keys()].sort(
    (a, b) => (behind.get(b)?.size ?? 0) - (behind.get(a)?.size ?? 0) || a.localeCompare(b),
  )
  for (const key of circling) if (!depths.has(key)) spread([key])
  return depths
}

function placesOf(parties: ReadonlyMap<string, Party>, depths: ReadonlyMap<string, number>) {
  const parentOf = new Map<string, string>()
  const childrenOf = new Map<string, Party[]>()
  const roots: Party[] = []
  const depthOf = (key: string) => depths.get(key) ?? 0
  for (const party of parties.values()) {
    const depth = depthOf(party.key)
    const parent = [...party.waitsFor].find((other) => depthOf(other) === depth - 1)
    if (depth === 0 || parent === undefined) {
      roots.push(party)
      continue
    }
    parentOf.set(party.key, parent)
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), party])
  }
  return { parentOf, childrenOf, roots }
}

function byCrowd(a: BlockingNode, b: BlockingNode): number {
  return b.behind - a.behind || sinceOf(a) - sinceOf(b)
}

function sinceOf({ backend, prepared }: BlockingNode): number {
  return backend?.transactionStartedAt ?? prepared?.preparedAt ?? 0
}
