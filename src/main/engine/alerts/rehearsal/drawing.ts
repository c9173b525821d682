/** What a rule over time reads, look by look, for a chart: a line of each thing, the worst of them, exact however long the time is. Pure. */
import type { Labels } from '#shared/catalogue/labelled.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { RangeSeries } from '#shared/model/range.ts'
import { isWorse } from '../readings/metrics.ts'
import { labelKey, type Reading } from '../readings/reading.ts'

/** As many as a chart tells apart. */
export const MOST_LINES = 3
const MOST_POINTS = 600
/** Of so many things the worst are looked for. */
const MOST_THINGS = 300
/** Looks are not closer. */
const SHORTEST_STEP_MS = 5_000

export interface Drawing {
  readonly stepMs: number
  /** The worst first. */
  readonly lines: readonly RangeSeries[]
  /** Things that there was no room for. */
  readonly left: number
}

/** Milliseconds since the epoch. */
export interface Within {
  readonly from: number
  readonly to: number
}

interface Cell {
  known: number
  sum: number
  min: number
  max: number
}
interface Thing {
  readonly target: string
  readonly labels: Labels
  /** By the number of the step, counted from the epoch. */
  cells: Map<number, Cell>
}

/** @param within `null`: from the first look on; `undefined` where nothing is to be drawn */
export function createDrawing(rule: AlertRule, within: Within | null | undefined) {
  const { condition, direction } = rule
  if (within === undefined || !('metric' in condition)) return null
  const { metric } = condition
  const things = new Map<string, Thing>()
  let stepMs = SHORTEST_STEP_MS
  let first = Number.POSITIVE_INFINITY
  const beyond = new Set<string>()

  function thingOf(target: string, labels: Labels): Thing | null {
    const key = `${target}\n${labelKey(labels)}`
    const known = things.get(key)
    if (known !== undefined) return known
    if (things.size >= MOST_THINGS) {
      beyond.add(key)
      return null
    }
    const fresh: Thing = { target, labels, cells: new Map() }
    things.set(key, fresh)
    return fresh
  }

  /** Longer steps, once there are more of them than a chart is wide. */
  function widen(at: number): void {
    first = Math.min(first, at)
    while ((at - first) / stepMs >= MOST_POINTS) {
      stepMs *= 2
      for (const thing of things.values()) {
        const wider = new Map<number, Cell>()
        for (const [step, cell] of thing.cells) join(wider, Math.floor(step / 2), cell)
        thing.cells = wider
      }
    }
  }

  function add(target: string, labels: Labels, at: number, value: number | null): void {
    const thing = thingOf(target, labels)
    if (thing === null) return
    const cell = value === null ? UNKNOWN : { known: 1, sum: value, min: value, max: value }
    join(thing.cells, Math.floor(at / stepMs), cell)
  }

  return {
    /** In the order of the looks of a target. */
    add({ target, at }: Pick<Observation, 'target' | 'at'>, readings: readonly Reading[]): void {
      if (within !== null && (at < within.from || at > within.to)) return
      // What nobody knew anything of yet takes no room.
      if (things.size === 0 && readings.every(({ value }) => value === null)) return
      widen(at)
      for (const { labels, value } of readings) add(target, labels, at, value)
    },

    end(): Drawing {
      const known = [...things.values()].filter(({ cells }) =>
        [...cells.values()].some((cell) => cell.known > 0),
      )
      const lines = known
        .map((thing) => lineOf(thing, metric, stepMs))
        .map((line) => ({ line, worst: worstOf(line, direction) }))
        .toSorted((a, b) =>
          isWorse(direction, a.worst, b.worst) ? -1 : isWorse(direction, b.worst, a.worst) ? 1 : 0,
        )
        .map(({ line }) => line)
      return {
        stepMs,
        lines: lines.slice(0, MOST_LINES),
        left: beyond.size + Math.max(0, lines.length - MOST_LINES),
      }
    },
  }
}

const UNKNOWN: Cell = {
  ...{ known: 0, sum: 0 },
  ...{ min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY },
}

function join(cells: Map<number, Cell>, step: number, { known, sum, min, max }: Cell): void {
  const cell = cells.get(step)
  if (cell === undefined) {
    cells.set(step, { known, sum, min, max })
    return
  }
  cell.known += known
  cell.sum += sum
  cell.min = Math.min(cell.min, min)
  cell.max = Math.max(cell.max, max)
}

function lineOf({ target, labels, cells }: Thing, metric: string, stepMs: number): RangeSeries {
  const steps = [...cells].toSorted(([a], [b]) => a - b)
  const column = (of: (cell: Cell) => number) => steps.map(([, cell]) => (cell.known === 0 ? null : of(cell)))
  return {
    ...{ metric, target },
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    at: steps.map(([step]) => step * stepMs),
    min: column(({ min }) => min),
    mean: column(({ sum, known }) => sum / known),
    max: column(({ max }) => max),
  }
}

function worstOf({ min, max }: RangeSeries, direction: AlertRule['direction']): number {
  const known = (direction === 'above' ? max : min).filter((value) => value !== null)
  return known.reduce((worst, value) => (isWorse(direction, value, worst) ? value : worst))
}
