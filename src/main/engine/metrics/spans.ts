/** From rows to stretches of one status, with those in which nobody looked between them. Pure. */
import type { Status } from '#shared/catalogue/statuses.ts'
import type { Frame } from './frame.ts'
import { statusOf } from './status-codes.ts'

export interface Span {
  readonly status: Status
  readonly from: number
  readonly to: number
}

export interface Coverage {
  readonly from: number
  /** Not later than now: what has not happened is not unobserved. */
  readonly to: number
  /** How long a row speaks for: the probe's interval, or the step that it was rolled up to. */
  readonly rowMs: number
  /** How much later than that the next row may be before the time between them counts as not observed. */
  readonly slackMs: number
  /** The same after a look that found something failing: the next ones may be made rarer on purpose. */
  readonly failingSlackMs: number
}

const FAILING: ReadonlySet<Status> = new Set<Status>(['UNKNOWN', 'CRITICAL', 'DISCONNECTED', 'DOWN'])

/** An observation may be one and a half intervals late; with its own interval that is two and a half between two. */
export const SLACK_INTERVALS = 1.5

/**
 * @param frame may begin before `from`: a row just before it shows that the beginning was observed
 * @returns spans that follow each other without gaps from `from` to `to`
 */
export function spansOf(frame: Frame, { from, to, rowMs, slackMs, failingSlackMs }: Coverage): Span[] {
  const spans: { status: Status; from: number; to: number }[] = []

  function add(status: Status, start: number, end: number): void {
    const clipped = { status, from: Math.max(start, from), to: Math.min(end, to) }
    if (clipped.from >= clipped.to) return
    const last = spans.at(-1)
    if (last !== undefined && last.status === status && last.to === clipped.from) last.to = clipped.to
    else spans.push(clipped)
  }

  let since = from
  let latest: { at: number; status: Status } | null = null
  for (let row = 0; row < frame.at.length; row++) {
    const at = frame.at[row] ?? 0
    if (at >= to) break
    if (latest === null) {
      // Before the first row nobody looked, but for the moment that one look more or less makes.
      since = at - from > slackMs ? at : Math.min(at, from)
      add('UNOBSERVED', from, since)
    } else {
      since = close(latest, at)
    }
    latest = { at, status: statusOf(frame.status[row] ?? 0) }
  }
  if (latest === null) add('UNOBSERVED', from, to)
  else close(latest, to)
  return spans

  /** Ends the span of a row where its time ends, or the next one begins; returns where the next one begins. */
  function close(row: { at: number; status: Status }, next: number): number {
    const end = row.at + rowMs
    if (next - end > (FAILING.has(row.status) ? failingSlackMs : slackMs)) {
      add(row.status, since, end)
      add('UNOBSERVED', end, next)
    } else {
      add(row.status, since, next)
    }
    return next
  }
}
