// A certificate that nobody renews, over weeks of a clock that is set for the whole console, OpenSSL included: the days left
// are told, then that it ends, then that nobody gets in any more; and when it is renewed, all is well by itself.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:https'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createAuthority } from '../../../../demo/servers/authority.ts'
import { findFakeTime } from '../../../../demo/servers/programs.ts'
import { until } from '../../../support/until.ts'
import { startWebServer } from '../../../support/web-server.ts'
import type { Told, WatchOrder } from '../children/watch-and-tell.ts'
import { afterwards, countPostgres, countRedis, newDataDirectory, startSite, vaultOf } from '../engine-kit.ts'
import { countHeld } from './held.ts'

const DAY = 86_400_000
const fakeTime = findFakeTime()
const skipped = fakeTime === null ? ' (skipped: libfaketime is not installed)' : ''

/** A console whose clock is set by a file, in whole days. */
async function watchBy(clockFile: string, order: WatchOrder) {
  const script = fileURLToPath(new URL('../children/watch-and-tell.ts', import.meta.url))
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      LD_PRELOAD: fakeTime ?? '',
      FAKETIME_TIMESTAMP_FILE: clockFile,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
  })
  const exited = once(child, 'exit')
  afterwards(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const ask = async (question: object): Promise<Told> => {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(10_000) })
    child.send(question)
    return (await answer)[0] as Told
  }
  await ask(order)
  return { told: () => ask({}), stop: () => ask({ stop: true }) }
}

it.skipIf(fakeTime === null)(
  `is told by its days, as ending, as ended, and as well again when it is renewed; nothing else is blamed, or leaks${skipped}`,
  async () => {
    const site = await startSite()
    afterwards(() => site.stop())
    const authority = createAuthority('Ours', { days: 3_000 })
    const issue = (days: number) => {
      const { key, chain } = authority.issue({ names: ['localhost'], days })
      return { key, cert: chain }
    }
    const service = await startWebServer((_request, response) => response.end('{"status":"ok"}'), issue(40))
    afterwards(() => service.close())
    const dataDirectory = newDataDirectory()
    mkdirSync(dirname(dataDirectory), { recursive: true })
    const clockFile = join(dirname(dataDirectory), 'clock')
    const setAhead = (days: number) => writeFileSync(clockFile, `+${days}d\n`)
    setAhead(0)
    const profile = site.profile('shop', {
      services: [
        {
          name: 'api',
          url: `https://localhost:${service.port}`,
          metrics: null,
          tls: { authorities: 'secret:authority' },
        },
      ],
      limits: { redis_latency_ms: { warning: 3_000 } },
    })
    const { told, stop } = await watchBy(clockFile, {
      dataDirectory,
      vault: vaultOf(dataDirectory),
      secrets: { ...site.secrets, authority: authority.certificate },
      profiles: [profile],
      hostKeys: [],
    })
    const postgres = await countPostgres(site.postgres)
    const held = countHeld()
    held.watch('shop', 'service', service.port, 'anybody')
    held.watch('shop', 'redis', site.redis.port, 'anybody')

    /** The first health since the clock stands so many days ahead that is as it is expected. */
    const untilHealth = async (ahead: number, expected: string) => {
      const since = Date.now() + ahead * DAY
      return until(
        async () => {
          const seen = (await told()).observed
            .filter(({ probe, at }) => probe === 'health' && at >= since - 1_000)
            .toSorted((a, b) => a.at - b.at)
            .at(-1)
          return `${seen?.status} ${seen?.reason.code}` === expected && seen
        },
        { timeoutMs: 40_000, everyMs: 100, what: `${expected}, ${ahead} days ahead` },
      ).catch(async (error: unknown) => {
        const all = (await told()).observed.filter(({ probe }) => probe === 'health')
        throw new Error(all.map(({ at, status, reason }) => `${at} ${status} ${reason.code}`).join('; '), {
          cause: error,
        })
      })
    }
    const daysLeft = (seen: { values: Readonly<Record<string, number | null | undefined>> }) =>
      Math.floor(seen.values.tls_days_left ?? Number.NaN)

    expect(daysLeft(await untilHealth(0, 'HEALTHY health-live-and-ready'))).toBe(39)
    for (const [ahead, left] of [
      [25, 14],
      [37, 2],
    ] as const) {
      setAhead(ahead)
      const seen = await untilHealth(ahead, 'DEGRADED health-tls-expiring')
      expect(daysLeft(seen)).toBe(left)
      expect(seen.values).toMatchObject({ health_live: 1, health_ready: 1 })
    }
    setAhead(41)
    const ended = await untilHealth(41, 'DOWN tls-expired')
    expect(ended.values.tls_days_left).toBeCloseTo(-1, 1)
    expect(ended.values).toMatchObject({ health_live: 0, health_ready: 0 })
    // And it stays so, by handshakes that fail, until somebody acts.
    const made = service.made()
    await until(() => service.made() >= made + 2, { timeoutMs: 30_000 })

    ;(service.server as unknown as Server).setSecureContext(issue(400))
    expect(daysLeft(await untilHealth(41, 'HEALTHY health-live-and-ready'))).toBe(358)
    // The leaps of the clock are sleep to a console; nothing else is said of what has no certificate.
    const others = (await told()).observed.filter(({ probe }) => probe !== 'health')
    expect(new Set(others.map(({ probe }) => probe))).toEqual(new Set(['pool', 'redis']))
    expect(
      others
        .filter(({ status }) => status !== 'HEALTHY')
        .map(({ status, reason }) => `${status} ${reason.code}`),
    ).toEqual(others.filter(({ status }) => status === 'UNOBSERVED').map(() => 'UNOBSERVED console-slept'))
    expect(await held.excess()).toEqual([])

    expect((await stop()).sockets).toBe(0)
    await until(async () => (await postgres()) === 0 && (await countRedis(site.redis)) === 0)
    await until(() => service.sockets() === 0)
  },
  150_000,
)
