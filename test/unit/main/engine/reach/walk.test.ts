import { describe, expect, it } from 'vitest'
import { failed } from '../../../../../src/main/engine/reach/failed.ts'
import { type Leg, walk } from '../../../../../src/main/engine/reach/walk.ts'
import type { ReachStep } from '../../../../../src/shared/model/failure.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const place = { hop: 'ops@bastion:22', on: 'path' } as const
const planned: ReachStep[] = ['resolve', 'tcp', 'host-key', 'ssh-authentication']
const missing = () => failed(place, 'ssh-authentication', 'key-is-public', { name: 'file:/key.pub' })

async function told(leg: Leg<string> | null): Promise<string[]> {
  const steps: string[] = []
  const { signal } = new AbortController()
  for await (const { step, status, ms } of walk(leg, place, planned, createDrivenClock(), signal)) {
    expect(ms === null).toBe(status === 'skipped')
    steps.push(`${step} ${status}`)
  }
  return steps
}

describe('a walked leg tells its steps in the order of the way', () => {
  it.each<[string, Leg<string> | null, string[]]>([
    [
      'all are passed',
      async (onStep) => {
        for (const step of planned) onStep(step, null)
        return 'in'
      },
      ['resolve ok', 'tcp ok', 'host-key ok', 'ssh-authentication ok'],
    ],
    [
      'one fails',
      async (onStep) => {
        onStep('resolve', '127.0.0.1')
        throw failed(place, 'tcp', 'tcp-refused', { host: 'bastion', port: 22 })
      },
      ['resolve ok', 'tcp failed', 'host-key skipped', 'ssh-authentication skipped'],
    ],
    [
      'a later one is known to fail before anything is dialled',
      () => Promise.reject(missing()),
      ['resolve skipped', 'tcp skipped', 'host-key skipped', 'ssh-authentication failed'],
    ],
    [
      'one fails that was not planned',
      () => Promise.reject(failed(place, 'tls', 'tls-closed', { host: 'bastion' })),
      ['tls failed', 'resolve skipped', 'tcp skipped', 'host-key skipped', 'ssh-authentication skipped'],
    ],
    ['it cannot be begun', null, planned.map((step) => `${step} skipped`)],
  ])('where %s', async (_, leg, steps) => {
    expect(await told(leg)).toEqual(steps)
  })
})
