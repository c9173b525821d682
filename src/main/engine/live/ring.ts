/**
 * The last observations of one probe and target, packed: a hundred deployments keep tens of thousands of them in memory.
 * Evidence is not kept here; the newest observation has it.
 */
import { metricsOf } from '#shared/catalogue/metrics.ts'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import { STATUSES, type Status } from '#shared/catalogue/statuses.ts'
import type { MetricValues, Observation } from '#shared/model/observation.ts'
import type { Reason } from '#shared/model/reason.ts'

const RING_LENGTH = 120

export interface Ring {
  push(observation: Observation): void
  /** Oldest first. */
  read(): Observation[]
}

export function createRing(deployment: string, probe: ProbeId, target: string): Ring {
  const metrics = metricsOf(probe)
  const width = metrics.length
  const values = new Float64Array(RING_LENGTH * width)
  const at = new Float64Array(RING_LENGTH)
  const costs = new Float32Array(RING_LENGTH * 3)
  const statuses = new Uint8Array(RING_LENGTH)
  const reasons: Reason[] = []
  let pushed = 0

  function valuesOf(slot: number): MetricValues {
    return Object.fromEntries(
      metrics.map((name, column) => {
        const value = values[slot * width + column] ?? Number.NaN
        return [name, Number.isNaN(value) ? null : value]
      }),
    )
  }

  function observationAt(slot: number): Observation {
    const status: Status = STATUSES[statuses[slot] ?? 0] ?? 'UNKNOWN'
    const [ms = 0, rows = 0, bytes = 0] = costs.subarray(slot * 3, slot * 3 + 3)
    return {
      deployment,
      probe,
      target,
      at: at[slot] ?? 0,
      status,
      reason: reasons[slot] ?? { code: 'not-yet-observed', params: {} },
      // What was not looked at has no values, not even unknown ones.
      values: status === 'UNOBSERVED' ? {} : valuesOf(slot),
      cost: { ms, rows, bytes },
    }
  }

  return {
    push(observation) {
      const slot = pushed % RING_LENGTH
      at[slot] = observation.at
      statuses[slot] = STATUSES.indexOf(observation.status)
      reasons[slot] = observation.reason
      costs.set([observation.cost.ms, observation.cost.rows, observation.cost.bytes], slot * 3)
      metrics.forEach((name, column) => {
        values[slot * width + column] = observation.values[name] ?? Number.NaN
      })
      pushed++
    },
    read() {
      const first = Math.max(0, pushed - RING_LENGTH)
      return Array.from({ length: pushed - first }, (_, index) =>
        observationAt((first + index) % RING_LENGTH),
      )
    },
  }
}
