/** The counters of one scrape, added up over all their labels but the path: of bounded size whatever the cardinality. */
import { readExposition } from '../prometheus/exposition.ts'
import { classify, type FamilyName, isServerError, type Role, rank, statusOf, unitMs } from './families.ts'
import { MOST_PATHS, type PathCounts, type PathSnapshot, pathOf } from './paths.ts'
import type { Buckets } from './quantile.ts'

const PROCESS_START = 'process_start_time_seconds'
/** More distinct bucket bounds than this are no histogram of requests. */
const MOST_BUCKETS = 200
/** Families that are remembered beside each other in one scrape. */
const MOST_FAMILIES = 64

export interface Snapshot {
  /** Which process answered, by its start; `null` where it does not tell. */
  readonly process: string | null
  readonly requests: { readonly from: string; readonly total: number } | null
  readonly errors: { readonly from: string; readonly total: number } | null
  readonly duration: {
    readonly from: string
    readonly sumMs: number
    readonly count: number
    /** Upper bounds in milliseconds. */
    readonly buckets: Buckets
  } | null
  /** By request path; `null` where the application does not tell. */
  readonly paths: PathSnapshot | null
}

interface Family {
  readonly role: Role
  readonly base: string
  total: number
  serverErrors: number
  hasStatus: boolean
  sum: number
  readonly buckets: Map<number, number>
  readonly paths: Map<string, PathOfFamily>
  pathsCut: boolean
}
type PathOfFamily = Pick<Family, 'total' | 'serverErrors' | 'sum' | 'buckets'>

/** @returns the snapshot, and how many samples there were in all */
export function takeSnapshot(body: Buffer): { snapshot: Snapshot; samples: number } {
  const families = new Map<string, Family>()
  const starts = new Set<number>()
  const family = (role: Role, base: string): Family | null => {
    const known = families.get(base)
    if (known !== undefined || families.size >= MOST_FAMILIES) return known ?? null
    const fresh = {
      role,
      base,
      total: 0,
      serverErrors: 0,
      hasStatus: false,
      sum: 0,
      buckets: new Map(),
      paths: new Map(),
      pathsCut: false,
    }
    families.set(base, fresh)
    return fresh
  }
  /** Names are few and samples many. */
  const classified = new Map<string, FamilyName>()
  const samples = readExposition(body, {
    wanted(name) {
      const what = classify(name)
      if (what !== null) classified.set(name, what)
      return what !== null || name === PROCESS_START
    },
    declared(name) {
      // A counter without a sample yet stands at 0; OpenMetrics declares it without its `_total`.
      for (const counter of [name, `${name}_total`]) {
        const what = classify(counter)
        if (what?.part === 'total') family(what.role, what.base)
      }
    },
    sample({ name, value, label }) {
      if (name === PROCESS_START) starts.add(value)
      const what = classified.get(name)
      if (what === undefined || !Number.isFinite(value)) return
      const into = family(what.role, what.base)
      if (into === null) return
      const path = pathOf(label)
      const both = [into, path === undefined ? null : pathIn(into, path)].filter((one) => one !== null)
      if (what.part === 'sum') for (const one of both) one.sum += value
      else if (what.part === 'bucket') {
        const le = label('le')
        for (const one of both) addBucket(one, le, value)
      } else {
        const status = statusOf(label)
        if (status !== undefined) into.hasStatus = true
        const isError = status !== undefined && isServerError(status)
        for (const one of both) {
          one.total += value
          if (isError) one.serverErrors += value
        }
      }
    },
  })
  return { snapshot: choose([...families.values()], starts), samples }
}

function pathIn(family: Family, path: string): PathOfFamily | null {
  const known = family.paths.get(path)
  if (known !== undefined) return known
  if (family.paths.size >= MOST_PATHS) {
    family.pathsCut = true
    return null
  }
  const fresh = { total: 0, serverErrors: 0, sum: 0, buckets: new Map() }
  family.paths.set(path, fresh)
  return fresh
}

function addBucket(family: Pick<Family, 'buckets'>, le: string | undefined, value: number): void {
  const bound = le === undefined ? Number.NaN : /^\+?inf$/i.test(le) ? Number.POSITIVE_INFINITY : Number(le)
  if (Number.isNaN(bound) || (family.buckets.size >= MOST_BUCKETS && !family.buckets.has(bound))) return
  family.buckets.set(bound, (family.buckets.get(bound) ?? 0) + value)
}

/** The likeliest family for each question: the same application often counts its requests under several names. */
function choose(families: readonly Family[], starts: ReadonlySet<number>): Snapshot {
  const best = (role: Role) =>
    families
      .filter((family) => family.role === role)
      .sort((a, b) => rank(role, a.base) - rank(role, b.base))
      .at(0)
  const duration = best('duration')
  const answers = best('answers')
  const requests = best('requests') ?? answers ?? duration
  // A counter that has no series yet has no status either, and no errors.
  const errors =
    [requests, answers, duration].find((family) => family?.hasStatus) ??
    (requests?.total === 0 ? requests : undefined)
  const unit = duration === undefined ? 1 : unitMs(duration.base)
  return {
    process: starts.size === 1 ? String([...starts][0]) : null,
    requests: requests === undefined ? null : { from: requests.base, total: requests.total },
    errors: errors === undefined ? null : { from: errors.base, total: errors.serverErrors },
    duration:
      duration === undefined
        ? null
        : {
            from: duration.base,
            sumMs: duration.sum * unit,
            count: duration.total,
            buckets: inMs(duration.buckets, unit),
          },
    paths: pathsOf(families),
  }
}

function inMs(buckets: Buckets, unit: number): Buckets {
  return new Map([...buckets].map(([bound, count]) => [bound * unit, count]))
}

/** The likeliest families among those that tell paths: the ones with the finest buckets often have none. */
function pathsOf(families: readonly Family[]): PathSnapshot | null {
  const telling = families.filter(({ paths }) => paths.size > 0)
  const best = (role: Role) =>
    telling
      .filter((family) => family.role === role)
      .sort((a, b) => rank(role, a.base) - rank(role, b.base))
      .at(0)
  const duration = best('duration')
  const answers = best('answers')
  const requests = best('requests') ?? answers ?? duration
  if (requests === undefined) return null
  const errors = [requests, answers, duration].find((family) => family?.hasStatus)
  const unit = duration === undefined ? 1 : unitMs(duration.base)
  const counts = new Map<string, PathCounts>()
  for (const path of new Set([...requests.paths.keys(), ...(duration?.paths.keys() ?? [])])) {
    const timed = duration?.paths.get(path)
    counts.set(path, {
      requests: requests.paths.get(path)?.total ?? 0,
      errors: errors === undefined ? null : (errors.paths.get(path)?.serverErrors ?? 0),
      sumMs: (timed?.sum ?? 0) * unit,
      timed: timed?.total ?? 0,
      buckets: inMs(timed?.buckets ?? new Map(), unit),
    })
  }
  return { counts, cut: [requests, answers, duration].some((family) => family?.pathsCut) }
}
