/** Whether somebody was told of an alert, in a sentence: from the decisions that it went through and what channels answered. Pure. */
import type { Outputs } from '../../../client/client.ts'

export type Trace = Outputs['alerts']['trace']
export type TraceEntry = Trace['items'][number]
export type Delivery = Trace['deliveries'][number]

export type Verdict =
  /** Some channel took it. */
  | {
      readonly kind: 'told'
      readonly at: string
      readonly channels: readonly string[]
      readonly times: number
    }
  /** It was decided to tell, and no channel has taken it so far. */
  | { readonly kind: 'on-its-way'; readonly channels: readonly string[] }
  | { readonly kind: 'not-taken'; readonly channels: readonly string[] }
  /** It was decided to tell, and there was nobody to hand it to. */
  | { readonly kind: 'no-channel' }
  | {
      readonly kind: 'held'
      readonly because: string
      readonly by: string | null
      readonly until: string | null
    }
  | { readonly kind: 'not-told' }

export function verdictOf({ items, deliveries }: Trace): Verdict {
  const taken = deliveries.filter(({ state }) => state === 'delivered')
  if (taken.length > 0) {
    return {
      kind: 'told',
      ...lastOf(taken),
      times: timesOf(items, new Set(taken.map(({ notification }) => notification))),
    }
  }
  const open = deliveries.filter(({ state }) => state === 'waiting')
  if (open.length > 0) return { kind: 'on-its-way', channels: channelsOf(open) }
  if (deliveries.length > 0) return { kind: 'not-taken', channels: channelsOf(deliveries) }
  if (items.some(({ step }) => step === 'told')) return { kind: 'no-channel' }
  const held = items.findLast(({ step }) => step === 'held')
  if (held !== undefined) return { kind: 'held', because: held.because ?? '', by: held.by, until: held.until }
  return { kind: 'not-told' }
}

/** Of a long trace one stands for several that were told alike: what became of most of them is not known, and is taken to be as of the rest. */
function timesOf(items: readonly TraceEntry[], taken: ReadonlySet<string>): number {
  const stoodFor = items.filter(isMessage).flatMap(({ notification, earlier, times }) => {
    const known = [...(notification === null ? [] : [notification.id]), ...earlier]
    return known.some((id) => taken.has(id)) ? [times - known.length] : []
  })
  return stoodFor.reduce((sum, more) => sum + more, taken.size)
}

/** A first step that goes out with what is told is traced beside it, and is no message of its own. */
function isMessage({ step, notification }: TraceEntry): boolean {
  return step !== 'escalated' || notification?.kind === 'escalated'
}

function lastOf(taken: readonly Delivery[]): { at: string; channels: string[] } {
  const at = taken.map((one) => one.tried.at(-1)?.at ?? one.decidedAt).sort()
  return { at: at.at(-1) ?? '', channels: channelsOf(taken) }
}

function channelsOf(deliveries: readonly Delivery[]): string[] {
  return [...new Set(deliveries.map(({ channel }) => channel))].sort()
}
