/** The stretch of time that the charts show: the last so many minutes, moving along, or a fixed stretch. */
import type { Stretch } from '../../../components/charts/series.ts'

export type View =
  | { readonly kind: 'following'; readonly spanMs: number }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The spans on offer, by the key of their name. */
export const SPANS = [
  { key: '5m', spanMs: 5 * MINUTE },
  { key: '15m', spanMs: 15 * MINUTE },
  { key: '1h', spanMs: HOUR },
  { key: '6h', spanMs: 6 * HOUR },
  { key: '24h', spanMs: DAY },
  { key: '7d', spanMs: 7 * DAY },
] as const
export type SpanKey = (typeof SPANS)[number]['key']

export const FIRST_VIEW: View = { kind: 'following', spanMs: 15 * MINUTE }
/** Less than this shows single looks and nothing between them. */
const SHORTEST_MS = MINUTE
const LONGEST_MS = 7 * DAY
const PAN_SHARE = 0.5

/** Half of what is shown around a moment that somebody wants to see. */
const AROUND_MS = 15 * MINUTE

/** The view on a moment that a link names; the first view where it names none, or none that was. */
export function viewAt(at: number | null, now: number): View {
  if (at === null || !Number.isFinite(at) || at <= 0 || at > now) return FIRST_VIEW
  return settle(at - AROUND_MS, at + AROUND_MS, now)
}

/** The stretch that a view shows at a time. */
export function windowOf(view: View, now: number): Stretch {
  return view.kind === 'fixed' ? view : { from: now - view.spanMs, to: now }
}

/** Fixes the view on a stretch that was dragged over; shorter ones are widened around their middle. */
export function select(stretch: Stretch, now: number): View {
  const span = Math.max(SHORTEST_MS, stretch.to - stretch.from)
  const middle = (stretch.from + stretch.to) / 2
  return settle(middle - span / 2, middle + span / 2, now)
}

/** Moves by half a window; back at the present it follows again. */
export function pan(view: View, direction: -1 | 1, now: number): View {
  const { from, to } = windowOf(view, now)
  const by = (to - from) * PAN_SHARE * direction
  if (to + by >= now) return { kind: 'following', spanMs: to - from }
  return { kind: 'fixed', from: from + by, to: to + by }
}

/** Halves or doubles the window: around its middle, or up to the present while it follows. */
export function zoom(view: View, factor: 0.5 | 2, now: number): View {
  const { from, to } = windowOf(view, now)
  const span = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (to - from) * factor))
  if (view.kind === 'following') return { kind: 'following', spanMs: span }
  const middle = (from + to) / 2
  return settle(middle - span / 2, middle + span / 2, now)
}

function settle(from: number, to: number, now: number): View {
  const over = Math.max(0, to - now)
  return { kind: 'fixed', from: Math.round(from - over), to: Math.round(to - over) }
}
