/** Moments marked on a time axis: what lies too close together is one mark with a count. */
import type { Stretch } from './series.ts'

/** Shapes that are told apart without colour. */
export type MarkShape =
  | 'deploy'
  | 'restart'
  | 'schema'
  | 'settings'
  | 'role'
  | 'status'
  | 'path'
  | 'profile'
  | 'alert'
  | 'silence'
  | 'operation'

export interface ChartMark {
  readonly key: string | number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly shape: MarkShape
  /** What happened, with its time, in the reader's language. */
  readonly text: string
}

export const NO_MARKS: readonly ChartMark[] = []

export interface MarkCluster {
  readonly key: string | number
  /** From 0 (the window's start) to 1. */
  readonly share: number
  /** Of the one that most likely is behind what the chart shows. */
  readonly shape: MarkShape
  /** In the order of time. */
  readonly marks: readonly ChartMark[]
}

/** The likeliest to be behind something first. */
const BY_WEIGHT: readonly MarkShape[] = [
  'deploy',
  'schema',
  'settings',
  'role',
  'restart',
  'operation',
  'path',
  'alert',
  'silence',
  'profile',
  'status',
]

/** A glyph is as wide as so much of a chart, at the least width that a chart is drawn in. */
const CLOSEST_SHARE = 1 / 28
/** With a count beside it, it is twice as wide: what lies under it could not be pointed at. */
const CLOSEST_COUNTED_SHARE = 1 / 14

/** @param marks in any order; those outside the window are left out */
export function clusterMarks(marks: readonly ChartMark[], { from, to }: Stretch): MarkCluster[] {
  const clusters: { key: string | number; share: number; marks: ChartMark[] }[] = []
  const within = marks.filter(({ at }) => at >= from && at <= to).toSorted((a, b) => a.at - b.at)
  for (const mark of within) {
    const share = (mark.at - from) / (to - from)
    const last = clusters.at(-1)
    const closest = last !== undefined && last.marks.length > 1 ? CLOSEST_COUNTED_SHARE : CLOSEST_SHARE
    if (last !== undefined && share - last.share < closest) last.marks.push(mark)
    else clusters.push({ key: mark.key, share, marks: [mark] })
  }
  return clusters.map((cluster) => ({ ...cluster, shape: weightiest(cluster.marks) }))
}

/** The `most` of a cluster that are likeliest to be behind something, in the order of time: alerts come in crowds, a deploy alone. */
export function toldMarks(marks: readonly ChartMark[], most: number): ChartMark[] {
  const weight = ({ shape }: ChartMark) => BY_WEIGHT.indexOf(shape)
  const told = new Set(marks.toSorted((a, b) => weight(a) - weight(b)).slice(0, most))
  return marks.filter((mark) => told.has(mark))
}

function weightiest(marks: readonly ChartMark[]): MarkShape {
  return BY_WEIGHT.find((shape) => marks.some((mark) => mark.shape === shape)) ?? 'status'
}
