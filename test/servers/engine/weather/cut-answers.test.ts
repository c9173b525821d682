// Connections that break in the middle of an answer: what arrived of it is believed by nobody, the reason says what
// happened, and all is well when answers arrive whole again.
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { createConnectionCounter, moreThan } from '../../../support/connection-counter.ts'
import { startCuttingRelay } from '../../../support/cutting-relay.ts'
import { until } from '../../../support/until.ts'
import {
  afterwards,
  countPostgres,
  countRedis,
  startConsole,
  startSite,
  untilHealthy,
} from '../engine-kit.ts'
import { allObserved } from './observed.ts'

/** Within a status line or a first word, within a head or a login, and within what was asked for. */
const CUTS = ['after 3 bytes', 'after 60 bytes', 'in what was asked for'] as const
const BYTES = { 'after 3 bytes': 3, 'after 60 bytes': 60, 'in what was asked for': 128 } as const
/** What may be said of each, and how many connections it may have. */
const TARGETS = {
  health: { codes: ['http-cut'], most: 4 },
  pool: { codes: ['postgres-connection-lost', 'postgres-closed-at-login'], most: 2 },
  redis: { codes: ['redis-connection-lost', 'redis-closed-early'], most: 1 },
} as const
const PROBES = ['health', 'pool', 'redis'] as const

/** What a service answers on its live endpoint, as it is on the wire. */
async function lengthOfAnswer(port: number): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.write('GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n')
  let length = 0
  for await (const chunk of socket) length += (chunk as Buffer).length
  return length
}

it.each(CUTS)(
  'are told as cut %s, of HTTP, PostgreSQL and Redis alike',
  async (cut) => {
    const site = await startSite()
    afterwards(() => site.stop())
    const before = async (port: number) => {
      const relay = await startCuttingRelay(port)
      afterwards(() => relay.stop())
      return relay
    }
    const relays = {
      health: await before(site.service.port),
      pool: await before(site.postgres.port),
      redis: await before(site.redis.port),
    }
    const { engine, clock } = await startConsole({
      secrets: site.secrets,
      profiles: [
        site.profile('shop', {
          services: [{ name: 'api', url: `http://127.0.0.1:${relays.health.port}`, metrics: null }],
          postgres: {
            url: `postgresql://postgres@127.0.0.1:${relays.pool.port}/postgres`,
            password: 'secret:pg',
          },
          redis: [
            { name: 'cache', url: `redis://127.0.0.1:${relays.redis.port}/0`, password: 'secret:redis' },
          ],
          limits: { redis_latency_ms: { warning: 3_000 } },
        }),
      ],
    })
    await untilHealthy(engine, 'shop', PROBES.length)
    const postgres = await countPostgres(site.postgres)
    const counter = createConnectionCounter()
    afterwards(() => counter.stop())
    for (const probe of PROBES) counter.watch(relays[probe].port)
    const observed = allObserved(engine, 'shop')
    const bad = (probe: string) => observed().filter((one) => one.probe === probe && one.status !== 'HEALTHY')

    const bytes = BYTES[cut]
    for (const probe of PROBES) relays[probe].cutAfter(bytes)
    // How long its head is, is the service's: the last bytes are of its body.
    if (bytes === 128) relays.health.cutAfter((await lengthOfAnswer(site.service.port)) - 3)
    await until(() => PROBES.every((probe) => bad(probe).length >= 2 && relays[probe].cuts() >= 2), {
      timeoutMs: 30_000,
      what: 'two cut answers of each',
    })
    for (const probe of PROBES) {
      const said = bad(probe).map(({ reason }) => reason.code)
      const codes: readonly string[] = TARGETS[probe].codes
      expect(
        said.filter((code) => !codes.includes(code)),
        probe,
      ).toEqual([])
    }
    for (const probe of PROBES) relays[probe].fair()
    await untilHealthy(engine, 'shop', PROBES.length)
    const counted = await counter.taken()
    for (const probe of PROBES) {
      const here = counted.filter(({ port }) => port === relays[probe].port)
      expect(moreThan(TARGETS[probe].most, here), probe).toEqual([])
    }
    await engine.stop()
    await until(async () => (await postgres()) === 0 && (await countRedis(site.redis)) === 0)
    await until(() => PROBES.every((probe) => relays[probe].connections() === 0))
    expect(clock.timers()).toBe(0)
  },
  60_000,
)
