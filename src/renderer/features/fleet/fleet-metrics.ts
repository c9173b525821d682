/** What a row's metrics need to be drawn: their units, and how bad a value is. */
import { LIMITS } from '#shared/catalogue/limits.ts'
import { FLEET_METRICS, METRICS, type MetricUnit } from '#shared/catalogue/metrics.ts'
import type { Tone } from '#shared/catalogue/statuses.ts'
import type { FleetRow } from '#shared/model/fleet.ts'

export type FleetMetric = (typeof FLEET_METRICS)[number]
export { FLEET_METRICS }

type Spark = FleetRow['sparklines'][number]

export function unitOf(metric: FleetMetric): MetricUnit {
  return METRICS[metric].unit
}

/** The tone of a value past the row's limit; `undefined` within it. */
export function toneOfValue({ metric, value, limit }: Spark): Extract<Tone, 'warning' | 'bad'> | undefined {
  if (value === null || limit === null || value <= limit) return undefined
  return 'critical' in LIMITS[metric] ? 'bad' : 'warning'
}

/** Smallest and largest known point; `null` where none is known. */
export function extent(points: readonly (number | null)[]): { min: number; max: number } | null {
  const known = points.filter((point) => point !== null)
  return known.length === 0 ? null : { min: Math.min(...known), max: Math.max(...known) }
}
