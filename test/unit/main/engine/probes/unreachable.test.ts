import { describe, expect, it } from 'vitest'
import { createProbes } from '../../../../../src/main/engine/probes/registry.ts'
import { metricsOf } from '../../../../../src/shared/catalogue/metrics.ts'
import { PROBE_STATUSES, type Status } from '../../../../../src/shared/catalogue/statuses.ts'
import type { Failure } from '../../../../../src/shared/model/failure.ts'

const base: Failure = {
  ...{ step: 'tcp', hop: 'bastion:22', on: 'target', code: 'tcp-refused', recovery: 'by-itself' },
  params: { host: 'x', port: 1 },
}
const onPath: Failure = { ...base, on: 'path' }
const credentials: Failure = { ...base, step: 'authentication', recovery: 'person' }

describe.each(createProbes())('what $id says of what it cannot reach', (probe) => {
  const allowed: readonly Status[] = PROBE_STATUSES[probe.id]

  it.each([base, onPath, credentials])(
    'is a status of its own, never healthy, with every metric named',
    (failure) => {
      const { status, reason, values } = probe.unreachable(failure, 'x')
      expect(allowed).toContain(status)
      expect(status).not.toBe('HEALTHY')
      expect(Object.keys(values).sort()).toEqual(metricsOf(probe.id).sort())
      expect(reason).toEqual({ code: 'tcp-refused', params: { host: 'x', port: 1, hop: 'bastion:22' } })
    },
  )

  it.each([onPath, credentials])(
    'knows nothing of the target where the way or the credentials fail',
    (failure) => {
      const { values } = probe.unreachable(failure, 'x')
      expect(Object.values(values).every((value) => value === null)).toBe(true)
    },
  )
})

describe('what is down', () => {
  it.each([
    ['health', 'DOWN', { health_live: 0, health_ready: 0 }],
    ['pool', 'CRITICAL', { db_up: 0 }],
    ['redis', 'DISCONNECTED', { redis_connected: 0 }],
    ['host', 'UNKNOWN', {}],
    ['traffic', 'UNKNOWN', {}],
  ])('%s is %s', (id, status, values) => {
    const told = createProbes()
      .find((probe) => probe.id === id)
      ?.unreachable(base, 'x')
    expect(told?.status).toBe(status)
    expect(told?.values).toMatchObject(values)
  })
})
