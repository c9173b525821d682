/** The counters of one scrape, added up over all their labels but the path: of bounded size whatever the cardinality. */
import { readExposition } from '../prometheus/exposition.ts'
import { type Buckets, NO_BUCKETS } from './buckets.ts'
import { classify, type FamilyName, isServerError, type Role, rank, statusOf, unitMs } from './families.ts'
import { MOST_PATHS, type PathCounts, type PathSnapshot, pathOf } from './paths.ts'

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

interface Counters {
  total: number
  serverErrors: number
  /** Milliseconds. */
  sum: number
  /** By place among the bounds of its family; shorter where the later ones were not seen. */
  readonly buckets: number[]
}
interface Family extends Counters {
  readonly role: Role
  readonly base: string
  readonly unit: number
  hasStatus: boolean
  /** Upper bounds of buckets in milliseconds, as they came. */
  readonly bounds: number[]
  /** The place of a bound by its text; `null` is none. */
  readonly places: Map<string, number | null>
  readonly paths: Map<string, Counters>
  pathsCut: boolean
}

/** @returns the snapshot, and how many samples there were in all */
export function takeSnapshot(body: Buffer): { snapshot: Snapshot; samples: number } {
  const families = new Map<string, Family>()
  const starts = new Set<number>()
  const family = (role: Role, base: string): Family | null => {
    const known = families.get(base)
    if (known !== undefined || families.size >= MOST_FAMILIES) return known ?? null
    const fresh: Family = {
      ...noCounters(),
      ...{ role, base, unit: unitMs(base), hasStatus: false, pathsCut: false },
      ...{ bounds: [], places: new Map(), paths: new Map() },
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
      const ofPath = path === undefined ? null : pathIn(into, path)
      if (what.part === 'sum') {
        into.sum += value * into.unit
        if (ofPath !== null) ofPath.sum += value * into.unit
      } else if (what.part === 'bucket') {
        const place = placeOf(into, label('le'))
        if (place === null) return
        addAt(into.buckets, place, value)
        if (ofPath !== null) addAt(ofPath.buckets, place, value)
      } else {
        const status = statusOf(label)
        if (status !== undefined) into.hasStatus = true
        const errors = status !== undefined && isServerError(status) ? value : 0
        into.total += value
        into.serverErrors += errors
        if (ofPath === null) return
        ofPath.total += value
        ofPath.serverErrors += errors
      }
    },
  })
  return { snapshot: choose([...families.values()], starts), samples }
}

function noCounters(): Counters {
  return { total: 0, serverErrors: 0, sum: 0, buckets: [] }
}

function pathIn(family: Family, path: string): Counters | null {
  const known = family.paths.get(path)
  if (known !== undefined) return known
  if (family.paths.size >= MOST_PATHS) {
    family.pathsCut = true
    return null
  }
  const fresh = noCounters()
  family.paths.set(path, fresh)
  return fresh
}

function placeOf(family: Family, le: string | undefined): number | null {
  const { bounds, places, unit } = family
  const known = le === undefined ? null : places.get(le)
  if (le === undefined || known !== undefined) return known ?? null
  const bound = (/^\+?inf$/i.test(le) ? Number.POSITIVE_INFINITY : Number(le)) * unit
  const same = bounds.indexOf(bound)
  const isNew = same === -1 && bounds.length < MOST_BUCKETS && !Number.isNaN(bound)
  const place = isNew ? bounds.push(bound) - 1 : same === -1 ? null : same
  // What is no bound may be spelt in many ways.
  if (places.size < 2 * MOST_BUCKETS) places.set(le, place)
  return place
}

function addAt(counts: number[], place: number, value: number): void {
  while (counts.length <= place) counts.push(0)
  counts[place] = (counts[place] ?? 0) + value
}

/** Puts the buckets of a family, and of its paths, in order. */
function inOrder({ bounds }: Family): (counts: readonly number[]) => Buckets {
  if (bounds.every((bound, at) => at === 0 || bound > (bounds[at - 1] ?? 0))) {
    return (counts) => ({
      bounds,
      counts: counts.length === bounds.length ? counts : bounds.map((_, at) => counts[at] ?? 0),
    })
  }
  const order = bounds.map((_, at) => at).sort((a, b) => (bounds[a] ?? 0) - (bounds[b] ?? 0))
  const sorted = order.map((at) => bounds[at] ?? 0)
  return (counts) => ({ bounds: sorted, counts: order.map((at) => counts[at] ?? 0) })
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
  return {
    process: starts.size === 1 ? String([...starts][0]) : null,
    requests: requests === undefined ? null : { from: requests.base, total: requests.total },
    errors: errors === undefined ? null : { from: errors.base, total: errors.serverErrors },
    duration:
      duration === undefined
        ? null
        : {
            from: duration.base,
            sumMs: duration.sum,
            count: duration.total,
            buckets: inOrder(duration)(duration.buckets),
          },
    paths: pathsOf(families),
  }
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
  const ordered = duration === undefined ? () => NO_BUCKETS : inOrder(duration)
  const counts = new Map<string, PathCounts>()
  for (const path of new Set([...requests.paths.keys(), ...(duration?.paths.keys() ?? [])])) {
    const timed = duration?.paths.get(path)
    counts.set(path, {
      requests: requests.paths.get(path)?.total ?? 0,
      errors: errors === undefined ? null : (errors.paths.get(path)?.serverErrors ?? 0),
      sumMs: timed?.sum ?? 0,
      timed: timed?.total ?? 0,
      buckets: timed === undefined ? NO_BUCKETS : ordered(timed.buckets),
    })
  }
  return { counts, cut: [requests, answers, duration].some((family) => family?.pathsCut) }
}
