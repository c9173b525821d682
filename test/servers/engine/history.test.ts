// What was observed outlives the console: told to stop, killed, and started again later.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { RangeResult } from '../../../src/shared/model/range.ts'
import { type Running, startVakhta } from '../../support/run-vakhta.ts'
import { until } from '../../support/until.ts'
import {
  afterwards,
  type Console,
  countPostgres,
  countRedis,
  newDataDirectory,
  openConsole,
  type Site,
  startConsole,
  startSite,
  untilHealthy,
  vaultOf,
} from './engine-kit.ts'

const MINUTE_MS = 60_000
/** Observations go to the disk about every second; what is younger than this when the power goes may be lost. */
const LOST_AT_MOST_MS = 3_000

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.stop())

/** A data directory with the deployment on record, which nobody has watched yet. */
async function recorded(): Promise<string> {
  const dataDirectory = newDataDirectory()
  const { engine } = await openConsole({
    dataDirectory,
    secrets: site.secrets,
    profiles: [site.profile('shop')],
    idle: true,
  })
  await engine.stop()
  return dataDirectory
}

const Ready = z.object({ url: z.string(), pid: z.number() })
const Told = z.object({
  statuses: z.record(z.string(), z.object({ status: z.string(), at: z.string().nullable() })),
})

/** `bin/vakhta serve` on a data directory, and what it says of the deployment, as scripts are told. */
async function served(
  dataDirectory: string,
): Promise<{ running: Running; pid: number; seen(): Promise<number> }> {
  const running = startVakhta([
    'serve',
    '--json',
    '--data',
    dataDirectory,
    '--key-file',
    vaultOf(dataDirectory).keyFile,
  ])
  afterwards(async () => {
    running.child.kill('SIGKILL')
    await running.ended
  })
  const line = await until(() => /^(.*)\n/.exec(running.output.stdout)?.[1], { timeoutMs: 15_000 })
  const { url, pid } = Ready.parse(JSON.parse(line))
  const token = (await readFile(join(dataDirectory, 'token'), 'utf8')).trim()
  return {
    running,
    pid,
    /** When the pool was last seen healthy; 0 before that. */
    async seen() {
      const answer = await fetch(`${url}/api/v1/deployments/shop`, {
        headers: { authorization: `Bearer ${token}` },
      })
      const { pool } = Told.parse(await answer.json()).statuses
      return pool?.status === 'HEALTHY' && pool.at !== null ? Date.parse(pool.at) : 0
    },
  }
}

function range({ engine }: Console, from: number, to: number): Promise<RangeResult> {
  return engine.history.range({ deployment: 'shop', metrics: ['db_up'], from, to, points: 2_000 })
}

/** Whether an observation made at a time is in a range, by the step that it falls into. */
function holds({ series, stepMs }: RangeResult, at: number): boolean {
  return series.some((one) =>
    one.at.some((start, index) => start <= at && at < start + stepMs && one.mean[index] === 1),
  )
}

describe('what was observed', () => {
  it('is there after SIGKILL, up to the last few seconds, and nothing has to be repaired', async () => {
    const dataDirectory = await recorded()
    const { running, pid, seen } = await served(dataDirectory)
    const times = new Set<number>()
    // Observations that were told to somebody, each the newest of its time.
    await until(
      async () => {
        const at = await seen()
        if (at > 0) times.add(at)
        return times.size === 3
      },
      { timeoutMs: 25_000, everyMs: 100 },
    )
    process.kill(pid, 'SIGKILL')
    const killedAt = Date.now()
    await running.ended
    const postgres = await countPostgres(site.postgres)
    await until(async () => (await postgres()) === 0, { what: 'the end of the PostgreSQL connections' })
    await until(async () => (await countRedis(site.redis)) === 0, { what: 'the end of the Redis connection' })

    const console = await startConsole({ dataDirectory, idle: true })
    expect(console.logged).toEqual([])
    expect(console.engine.deployments.get('shop')).toMatchObject({ paused: false })
    const found = await range(console, killedAt - MINUTE_MS, killedAt)
    const due = [...times].filter((at) => at < killedAt - LOST_AT_MOST_MS)
    expect(due.length).toBeGreaterThanOrEqual(2)
    expect(due.filter((at) => !holds(found, at))).toEqual([])
    await console.engine.start()
    await untilHealthy(console.engine, 'shop', 3)
    expect(console.logged).toEqual([])
  }, 60_000)

  it('is there to the last look after a stop', async () => {
    const console = await startConsole({ secrets: site.secrets, profiles: [site.profile('shop')] })
    await untilHealthy(console.engine, 'shop', 3)
    await console.engine.stop()
    const times = console.engine.live.ring('shop', 'pool', 'postgres').map(({ at }) => at)
    const again = await startConsole({ dataDirectory: console.dataDirectory, idle: true })
    const found = await range(again, Math.min(...times) - 1_000, Math.max(...times) + 1_000)
    expect(times.length).toBeGreaterThan(0)
    expect(times.filter((at) => !holds(found, at))).toEqual([])
  })

  it('is in the last hour of the row after a start, and the time in which nobody looked is told as that', async () => {
    const console = await startConsole({ secrets: site.secrets, profiles: [site.profile('shop')] })
    await untilHealthy(console.engine, 'shop', 3)
    await console.engine.stop()
    const last = Math.max(...console.engine.live.latest('shop').map(({ at }) => at))
    const left = console.engine.live.summary('shop', last)

    // Ten minutes later somebody starts it again.
    const aheadMs = 10 * MINUTE_MS
    const again = await startConsole({ dataDirectory: console.dataDirectory, aheadMs })
    await untilHealthy(again.engine, 'shop', 3)
    const row = await until(() => {
      const now = again.engine.fleetRow('shop')
      // The minute before the gap; the last two may be those of now.
      return now?.heartbeat.slice(0, 58).some((status) => status !== 'UNOBSERVED') === true ? now : null
    })
    expect(again.logged).toEqual([])
    const minutes = row.heartbeat.map((status, index) => ({
      status,
      at: row.heartbeatAt - (59 - index) * MINUTE_MS,
    }))
    const minuteOf = (at: number) => at - (at % MINUTE_MS)
    const before = minutes.findIndex(({ at }) => at === minuteOf(last))
    expect(minutes[before]?.status).toBe(left.heartbeat.at(-1))
    expect(minutes.slice(before + 1, -1).map(({ status }) => status)).toEqual(
      minutes.slice(before + 1, -1).map(() => 'UNOBSERVED'),
    )
    expect(minutes.slice(before + 1, -1).length).toBeGreaterThanOrEqual(8)
    for (const metric of ['db_pool_utilization', 'redis_memory_usage'] as const) {
      const line = row.sparklines.find((each) => each.metric === metric)
      const was = left.sparklines.find((each) => each.metric === metric)?.points.at(-1)
      expect(was).toEqual(expect.any(Number))
      expect(line?.points[before]).toBeCloseTo(was ?? 0, 3)
      // A gap is no zero.
      expect(line?.points.slice(before + 1, -1).every((point) => point === null)).toBe(true)
    }

    await again.engine.history.flush()
    const startedAgain = again.engine.live.ring('shop', 'pool', 'postgres')[0]?.at ?? 0
    const found = await range(again, last - MINUTE_MS, startedAgain + 5_000)
    const gap = found.unobserved.find(({ from, to }) => from < startedAgain && to > last + MINUTE_MS)
    expect(gap).toMatchObject({ probe: 'pool', target: 'postgres' })
    expect(gap?.from).toBeGreaterThanOrEqual(last - 1_000)
    expect(gap?.from).toBeLessThan(last + 15_000)
    expect(gap?.to).toBeGreaterThan(startedAgain - 5_000)
    expect(gap?.to).toBeLessThanOrEqual(startedAgain)
    const within = found.series.flatMap(({ at }) =>
      at.filter((start) => start > (gap?.from ?? 0) && start + found.stepMs < (gap?.to ?? 0)),
    )
    expect(within).toEqual([])
  })
})
