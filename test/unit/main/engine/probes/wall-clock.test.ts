import { expect, it } from 'vitest'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { lookOnce } from '../../../../../src/main/engine/probes/look-once.ts'
import type { Probe } from '../../../../../src/main/engine/probes/probe.ts'
import { traffic } from '../../../../../src/main/engine/probes/traffic/index.ts'
import type { Reach } from '../../../../../src/main/engine/reach/reach.ts'
import { DeploymentProfile } from '../../../../../src/shared/model/profile/deployment.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

it.each([-3_600_000, -2_000, 2_000, 8_000])(
  'takes rates over the time that passed, also when somebody sets the wall clock by %i ms',
  async (jumpMs) => {
    const clock = createDrivenClock()
    let requests = 100
    const answer = () => ({
      status: 200,
      headers: {},
      body: Buffer.from(`http_requests_total{status="200"} ${requests}\n`),
      ms: 1,
      truncated: false,
      wireBytes: 100,
      certificates: [],
      certificateEndsAt: null,
      location: null,
      answeredBy: null,
    })
    const profile = DeploymentProfile.parse({
      name: 'shop',
      environment: 'staging',
      services: [{ name: 'web', url: 'http://127.0.0.1:9' }],
    })
    const look = (memory: unknown) =>
      lookOnce({
        clock,
        log: silentLog,
        probe: traffic as Probe,
        profile,
        target: 'web',
        reach: { http: () => ({ get: async () => answer() }) } as unknown as Reach,
        memory,
        signal: new AbortController().signal,
      })
    const first = await look(null)
    await clock.advance(5_000)
    clock.jump(jumpMs)
    requests += 50
    const second = await look(first.memory)
    expect(second.observation.values.http_requests_per_second).toBe(10)
  },
)
