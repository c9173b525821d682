/** What a rule reads of one look: a number for each thing that it may fire for. */
import type { Labels } from '#shared/catalogue/labelled.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { Reason } from '#shared/model/reason.ts'

export interface Reading {
  readonly labels: Labels
  /** The worst of what is known; `null` where nothing is. */
  readonly value: number | null
  /** Which of the rule's metrics that is, by its place among them. */
  readonly of: number
  /** Those that are not known, as bits by their place: what was bad is not well again because nobody knows. */
  readonly unknown: number
  /** What lies behind, where that is known: a code that operations have words for. */
  readonly because?: Reason
  /** A measure of another kind than the rule's, where the thing has to be judged by that. */
  readonly instead?: { readonly threshold: number; readonly clear: number; readonly unit: string }
}

/**
 * Reads looks of one target, in their order; what it has to remember between two is its own.
 * @param unwatchedMs how much of the time since the look before nobody looked; 0 mostly
 */
export type Reader = (observation: Observation, unwatchedMs: number) => readonly Reading[]

export const NO_LABELS: Labels = {}

/** One number, known or not. */
export function single(value: number | null, labels: Labels = NO_LABELS): Reading {
  return { labels, value, of: 0, unknown: value === null ? 1 : 0 }
}

/** What tells readings of one rule and target apart. */
export function labelKey(labels: Labels): string {
  if (labels === NO_LABELS) return ''
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}
