/** What uses a pool up, who waits for whom, and who forgot a transaction: from the backends that were seen. */
import type { Observation, SlowStatement } from '#shared/model/observation.ts'
import { behind, type Edge, type Finding, type Found, idOf, likely, seen, words } from '../finding.ts'
import { figure, observationsOf, type Situation } from '../situation.ts'
import { isBad } from './symptoms.ts'

/** A transaction that idles for longer was forgotten, or somebody went to lunch. */
const FORGOTTEN_MS = 10_000
const SLOW_MS = 1_000
/** What occupies this share of the connections in use is what uses the pool up. */
const MOST = 0.5
/** Requests that became this many times more than they were explain that all are busy. */
const ROSE = 1.5
const SHOWN = 3
const STATEMENT_LENGTH = 90

export function database(situation: Situation): Found {
  const findings: Finding[] = []
  const edges: Edge[] = []
  for (const pool of observationsOf(situation, 'pool').filter(isBad)) {
    const found = [locks(pool), leak(pool), slow(situation, pool), busy(situation, pool), forgotten(pool)]
    findings.push(...found.flatMap((one) => one.findings ?? []))
    edges.push(...found.flatMap((one) => one.edges ?? []))
  }
  return { findings, edges }
}

/** "3 backends wait for PID 42" ← "PID 42 idle in transaction for 9 min". */
function locks(pool: Observation): Found {
  const statements = statementsOf(pool)
  const waiting = statements.filter(({ blockedBy }) => blockedBy.length > 0)
  const isUsedUp = isPoolUsed(pool)
  const total = figure(pool, 'db_lock_waiting') ?? waiting.length
  // A wait of milliseconds is how locks work, and a pool may be used up by something else meanwhile.
  if (!isUsedUp && pool.reason.code !== 'pool-locks-waiting') return {}
  if (isUsedUp && !isMost(pool, total)) return {}
  const findings: Finding[] = []
  const edges: Edge[] = []
  const queues = queuesOf(waiting)
  for (const { head, queue } of queues) {
    const id = `locks/${head}`
    const longest = Math.max(0, ...queue.map(({ durationMs }) => durationMs))
    // Not every backend that waits is among the statements that are shown.
    const count = queues.length === 1 ? total : queue.length
    findings.push(
      behind(id, words('locks-waited-for', { count, pid: head }), {
        ...at(pool, pool.at - longest),
        evidence: { statements: queue.slice(0, SHOWN) },
      }),
      blocker(pool, head, statements),
    )
    edges.push(seen(id, idOf(pool)), seen(`blocker/${head}`, id))
  }
  return { findings, edges }
}

function blocker(pool: Observation, pid: number, statements: readonly SlowStatement[]): Finding {
  const id = `blocker/${pid}`
  // PostgreSQL names the holder of a prepared transaction 0.
  if (pid === 0) return behind(id, words('blocker-prepared'), at(pool, null))
  const one = statements.find((statement) => statement.pid === pid)
  if (one === undefined) return behind(id, words('blocker-unseen', { pid }), at(pool, null))
  const code = isIdleInTransaction(one) ? 'blocker-idle' : 'blocker-running'
  return behind(id, words(code, backend(one)), {
    ...at(pool, pool.at - one.durationMs),
    evidence: { statements: [one] },
  })
}

/** Most of the connections in use idle in transactions that nobody waits for: they are not given back. */
function leak(pool: Observation): Found {
  const count = figure(pool, 'db_pool_idle_in_transaction') ?? 0
  if (!isPoolUsed(pool) || !isMost(pool, count) || count < 2) return {}
  const idle = statementsOf(pool).filter(isIdleInTransaction)
  const oldestMs = (figure(pool, 'db_pool_oldest_transaction_seconds') ?? 0) * 1_000
  const [example] = idle.toSorted((a, b) => b.durationMs - a.durationMs)
  const id = `leak/${pool.target}`
  const finding = behind(
    id,
    words('pool-leaked', {
      count,
      seconds: Math.round(oldestMs / 1_000),
      who: example === undefined ? '?' : who(example),
    }),
    { ...at(pool, pool.at - oldestMs), evidence: { statements: idle.slice(0, SHOWN) } },
  )
  return { findings: [finding], edges: [seen(id, idOf(pool))] }
}

/** Most of the connections in use run statements of over a second, waiting for no lock. */
function slow(situation: Situation, pool: Observation): Found {
  const { look, running, longest } = slowest(situation, pool)
  const explains = isPoolUsed(pool)
    ? isMost(pool, running.length)
    : pool.reason.code === 'pool-slow-statements'
  if (longest === undefined || !explains) return {}
  const id = slowId(pool)
  const { statement, seconds } = backend(longest)
  const finding = behind(id, words('statements-slow', { count: running.length, seconds, statement }), {
    ...at(pool, look.at - longest.durationMs),
    evidence: { statements: running.slice(0, SHOWN) },
  })
  return { findings: [finding], edges: [seen(id, idOf(pool))] }
}

/** Of the finding that statements of over a second occupy a pool; there is not always one. */
export function slowId({ target }: Observation): string {
  return `slow/${target}`
}

/** Since when the longest of them runs; `null`: there is none. */
export function slowSince(situation: Situation, pool: Observation): number | null {
  const { look, longest } = slowest(situation, pool)
  return longest === undefined ? null : look.at - longest.durationMs
}

/** Between two of them there is a moment in which none has run for so long: what was seen a look ago counts. */
function slowest(situation: Situation, pool: Observation) {
  const looks = [pool, ...situation.recent('pool', pool.target)].map((look) => ({
    look,
    running: slowOf(look),
  }))
  const most = looks.reduce((most, one) => (one.running.length > most.running.length ? one : most))
  return { ...most, longest: most.running.toSorted((a, b) => b.durationMs - a.durationMs)[0] }
}

function slowOf(pool: Observation): SlowStatement[] {
  return statementsOf(pool).filter(
    ({ state, blockedBy, durationMs }) =>
      state === 'active' && blockedBy.length === 0 && durationMs > SLOW_MS,
  )
}

/** All busy with statements of milliseconds: there may just be more to do than before. */
function busy(situation: Situation, pool: Observation): Found {
  const since = situation.since('pool', pool.target)
  if (!isPoolUsed(pool) || since === null) return {}
  const findings: Finding[] = []
  const edges: Edge[] = []
  for (const traffic of observationsOf(situation, 'traffic')) {
    const before = median(
      situation
        .ring('traffic', traffic.target)
        .filter(({ at: seenAt }) => seenAt < since)
        .map((one) => figure(one, 'http_requests_per_second')),
    )
    const now = figure(traffic, 'http_requests_per_second')
    if (before === null || now === null || before === 0 || now < before * ROSE) continue
    const id = `rise/${traffic.target}`
    findings.push(
      behind(id, words('traffic-rose', { service: traffic.target, now, before }), {
        probe: 'traffic',
        target: traffic.target,
        since,
        evidence: { values: [{ metric: 'http_requests_per_second', value: now, limit: null }] },
      }),
    )
    edges.push(likely(id, idOf(pool)))
  }
  return { findings, edges }
}

/** An old transaction that holds up nobody yet: it keeps its locks and what VACUUM might take away. */
function forgotten(pool: Observation): Found {
  if (pool.reason.code !== 'pool-transaction-old') return {}
  const [oldest] = statementsOf(pool)
    .filter((one) => isIdleInTransaction(one) && one.durationMs > FORGOTTEN_MS)
    .toSorted((a, b) => b.durationMs - a.durationMs)
  if (oldest === undefined) return {}
  const id = `forgotten/${oldest.pid}`
  const finding = behind(id, words('transaction-forgotten', backend(oldest)), {
    ...at(pool, pool.at - oldest.durationMs),
    evidence: { statements: [oldest] },
  })
  return { findings: [finding], edges: [seen(id, idOf(pool))] }
}

function statementsOf({ evidence }: Observation): readonly SlowStatement[] {
  return evidence?.statements ?? []
}

function isIdleInTransaction({ state }: SlowStatement): boolean {
  return state?.startsWith('idle in transaction') ?? false
}

export function isPoolUsed({ reason: { code } }: Pick<Observation, 'reason'>): boolean {
  return code.startsWith('pool-used-up') || code === 'pool-utilization-high' || code === 'pool-available-low'
}

function isMost(pool: Observation, count: number): boolean {
  const checkedOut = figure(pool, 'db_pool_checked_out') ?? 0
  return count > 0 && count >= checkedOut * MOST
}

/** Whom the queue waits for in the end: those who wait for nobody themselves. In a circle, all of it. Longest queue first. */
function queuesOf(waiting: readonly SlowStatement[]): { head: number; queue: SlowStatement[] }[] {
  const blocking = [...new Set(waiting.flatMap(({ blockedBy }) => blockedBy))]
  const queued = new Set(waiting.map(({ pid }) => pid))
  const free = blocking.filter((pid) => !queued.has(pid))
  return (free.length > 0 ? free : blocking)
    .map((head) => ({ head, queue: waiting.filter((one) => leadsTo(one, head, waiting)) }))
    .toSorted((a, b) => b.queue.length - a.queue.length)
    .slice(0, SHOWN)
}

function leadsTo(one: SlowStatement, head: number, waiting: readonly SlowStatement[]): boolean {
  const visited = new Set<number>()
  const open = [...one.blockedBy]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (pid === head) return true
    if (visited.has(pid)) continue
    visited.add(pid)
    open.push(...(waiting.find((other) => other.pid === pid)?.blockedBy ?? []))
  }
  return false
}

function backend(one: SlowStatement): { pid: number; who: string; seconds: number; statement: string } {
  return {
    pid: one.pid,
    who: who(one),
    seconds: Math.round(one.durationMs / 1_000),
    statement: shortened(one.statement),
  }
}

function who({ application, user }: SlowStatement): string {
  return application ?? user ?? '?'
}

function shortened(statement: string): string {
  return statement.length <= STATEMENT_LENGTH ? statement : `${statement.slice(0, STATEMENT_LENGTH - 1)}…`
}

function at(pool: Observation, since: number | null): Pick<Finding, 'probe' | 'target' | 'since'> {
  return { probe: pool.probe, target: pool.target, since }
}

function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b)
  return known[Math.floor(known.length / 2)] ?? null
}
