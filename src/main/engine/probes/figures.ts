/** Figures as metrics hold them: rates and shares over the last interval, rounded to what a reader can tell apart. */
import { metricsOf } from '#shared/catalogue/metrics.ts'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { MetricValues } from '#shared/model/observation.ts'

/** A longer stretch between two looks says nothing of "now": rates over it are not given. */
const LONGEST_INTERVAL_MS = 120_000

/** All metrics of a probe, none of them known. */
export function unknownValues(probe: ProbeId): MetricValues {
  return Object.fromEntries(metricsOf(probe).map((name) => [name, null]))
}

export function round(value: number, digits = 2): number {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}

/** `part` as a percentage of `whole`; `null` where either is not known, or there is no whole. */
export function percentOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : round((part / whole) * 100)
}

/** How much a counter grew; `null` without both readings, and where it went backwards: that is a restart. */
export function increase(before: number | null | undefined, now: number | null | undefined): number | null {
  if (before === null || before === undefined || now === null || now === undefined) return null
  return now < before ? null : now - before
}

/**
 * A counter's growth per second between two looks.
 * @param elapsedMs time between the two; `null` is answered where it is not positive or longer than two minutes
 */
export function perSecond(
  before: number | null | undefined,
  now: number | null | undefined,
  elapsedMs: number,
): number | null {
  const grown = increase(before, now)
  if (grown === null || !(elapsedMs > 0) || elapsedMs > LONGEST_INTERVAL_MS) return null
  return (grown / elapsedMs) * 1000
}
