/**
 * The application's own view of its pool, from the monitoring endpoints of its services. Applications spell it in many
 * ways; an endpoint that fails or says something else leaves the view unknown and never fails the look.
 */
import { z } from 'zod'
import type { Service } from '#shared/model/profile/service.ts'
import type { Reach } from '../../reach/reach.ts'
import { askedPauseMs } from '../retry-after.ts'

const MAX_BYTES = 64 * 1024
const TIMEOUT_MS = 2_000

/** What we can take from an answer, under our names; `null` where it does not say. */
export interface PoolView {
  readonly size: number | null
  readonly checkedOut: number | null
  readonly checkedIn: number | null
  readonly overflow: number | null
  readonly waiting: number | null
}

/** Spellings without case, separators and the prefixes `db`, `database`, `pool` and `connections`. */
const SPELLINGS: Record<keyof PoolView, readonly string[]> = {
  size: ['size', 'maxsize', 'max', 'capacity'],
  checkedOut: ['checkedout', 'inuse', 'active', 'used', 'borrowed', 'acquired'],
  checkedIn: ['checkedin', 'idle', 'free'],
  overflow: ['overflow'],
  waiting: ['waiting', 'waiters', 'pending', 'waitingclients', 'queued'],
}
/** Where an answer may keep its figures. */
const WRAPPERS = ['metrics', 'pool', 'data', 'connection_pool', 'connectionPool']

const Body = z.record(z.string(), z.unknown())

function plain(key: string): string {
  return key
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/^(database|db)/, '')
    .replace(/^(connection)?pool/, '')
    .replace(/^connections?/, '')
    .replace(/connections?$/, '')
}

/** Reads an answer's JSON body; `null` where no figure of a pool is in it. */
export function parsePoolView(body: string): PoolView | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return null
  }
  let level = Body.safeParse(parsed)
  for (let depth = 0; depth < 3 && level.success; depth++) {
    const figures = new Map<string, number>()
    for (const [key, value] of Object.entries(level.data)) {
      if (typeof value === 'number' && Number.isFinite(value)) figures.set(plain(key), value)
    }
    const figure = (name: keyof PoolView) => {
      const value = SPELLINGS[name].map((spelling) => figures.get(spelling)).find((it) => it !== undefined)
      return value === undefined ? null : Math.max(0, value)
    }
    const view = {
      size: figure('size'),
      checkedOut: figure('checkedOut'),
      checkedIn: figure('checkedIn'),
      overflow: figure('overflow'),
      waiting: figure('waiting'),
    }
    if (view.size !== null || view.checkedOut !== null || view.waiting !== null) return view
    const { data } = level
    const inner = WRAPPERS.map((wrapper) => data[wrapper]).find((value) => typeof value === 'object')
    level = Body.safeParse(inner)
  }
  return null
}

/** What all services tell together. An endpoint answers for the one process that served it. */
export interface ApplicationView extends PoolView {
  /** Every service with a monitoring path answered, and each is a single process: the figures are the whole pool's. */
  readonly whole: boolean
  readonly bytes: number
}

function sum(figures: readonly (number | null)[]): number | null {
  const known = figures.filter((figure) => figure !== null)
  return known.length === 0 ? null : known.reduce((total, figure) => total + figure, 0)
}

/** Adds up what the services tell; a service's size counts once for each of its processes. */
export function addViews(
  views: readonly { readonly service: Service; readonly view: PoolView | null; readonly bytes: number }[],
): ApplicationView | null {
  const told = views.filter(({ view }) => view !== null)
  if (told.length === 0) return null
  const of = (name: keyof PoolView) => sum(told.map(({ view }) => view?.[name] ?? null))
  const sizes = told.map(({ service, view }) =>
    view === null || view.size === null ? null : view.size * service.processes * service.instances,
  )
  return {
    size: sizes.includes(null) || told.length < views.length ? null : sum(sizes),
    checkedOut: of('checkedOut'),
    checkedIn: of('checkedIn'),
    overflow: of('overflow'),
    waiting: of('waiting'),
    whole:
      told.length === views.length &&
      views.every(({ service }) => service.processes * service.instances === 1),
    bytes: views.reduce((total, { bytes }) => total + bytes, 0),
  }
}

/** Until when services want to be left alone, by name; monotonic. */
export type Pauses = ReadonlyMap<string, number>

/**
 * Asks the services that answer for their pool, but for those that wanted a pause. `view` is `null` where none answers;
 * `pauses` are for the next time.
 */
export async function askApplication(
  services: readonly Service[],
  reach: Reach,
  signal: AbortSignal,
  { before, monotonic, now }: { before: Pauses; monotonic: () => number; now: number },
): Promise<{ view: ApplicationView | null; pauses: Pauses }> {
  const at = monotonic()
  const pauses = new Map([...before].filter(([, until]) => until > at))
  const asked = services.filter(({ monitoring }) => monitoring !== null)
  const views = await Promise.all(
    asked.map(async (service) => {
      if (pauses.has(service.name)) return { service, view: null, bytes: 0 }
      try {
        const path = `${service.monitoring?.replace(/\/$/, '') ?? ''}/pool/metrics`
        const answer = await reach
          .http(service.name)
          .get(path, { signal, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, accept: 'application/json' })
        const view = answer.status === 200 ? parsePoolView(answer.body.toString('utf8')) : null
        const pauseMs = askedPauseMs(answer, now)
        if (pauseMs !== null) pauses.set(service.name, monotonic() + pauseMs)
        return { service, view, bytes: answer.wireBytes }
      } catch {
        // The service's own probe tells that it does not answer; here it only leaves the view unknown.
        return { service, view: null, bytes: 0 }
      }
    }),
  )
  return { view: addViews(views), pauses }
}

/** How far two looks that are not simultaneous may differ, and how often in a row before it is said. */
const DISAGREEING_LOOKS = 4

/** Counts how many looks in a row the two views of checked-out connections differed by more than looks apart explain. */
export function disagreement(
  before: number,
  view: ApplicationView | null,
  serverCheckedOut: number | null,
  size: number,
): { looks: number; told: boolean } {
  if (view === null || !view.whole || view.checkedOut === null || serverCheckedOut === null) {
    return { looks: 0, told: false }
  }
  const differ = Math.abs(view.checkedOut - serverCheckedOut) > Math.max(2, size * 0.1)
  const looks = differ ? before + 1 : 0
  return { looks, told: looks >= DISAGREEING_LOOKS }
}
