import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Log } from '../../../../../src/main/engine/log.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import type { Standing } from '../../../../../src/main/engine/standing.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import { type Store, StoreError } from '../../../../../src/main/engine/store/store.ts'
import { createTimeline, type Timeline } from '../../../../../src/main/engine/timeline/timeline.ts'
import type { Status } from '../../../../../src/shared/catalogue/statuses.ts'
import type { Connection } from '../../../../../src/shared/model/connection.ts'
import type { Observation } from '../../../../../src/shared/model/observation.ts'
import type { TimelineEvent } from '../../../../../src/shared/model/timeline.ts'
import { createDrivenClock, type DrivenClock } from '../../../../support/driven-clock.ts'

const DAY_MS = 86_400_000

let directory: string
let store: Store
let clock: DrivenClock
let writes: number
/** What writing fails with; `null` while the disk is well. */
let failure: StoreError | null
let news: string[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-timeline-'))
  const opened = openStore({ dataDirectory: directory, log: silentLog })
  store = {
    ...opened,
    async write(work) {
      writes += 1
      if (failure !== null) throw failure
      return opened.write(work)
    },
  }
  clock = createDrivenClock()
  writes = 0
  failure = null
  news = []
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const CONNECTED: Connection = { status: 'CONNECTED', hops: [] }

function open(log: Log = silentLog): Promise<Timeline> {
  return createTimeline({
    ...{ store, clock, log },
    connectionOf: () => CONNECTED,
    deployments: { list: () => [], onEdit: () => () => {} },
    onEvents: (name) => news.push(name),
  })
}

function look(
  timeline: Timeline,
  { status = 'HEALTHY' as Status, standing = {} as Partial<Standing>, target = 'cache' } = {},
) {
  const observation: Observation = {
    ...{ deployment: 'shop', probe: 'redis', target, at: clock.now(), status, values: {} },
    reason: { code: status === 'HEALTHY' ? 'redis-healthy' : 'redis-save-failing', params: {} },
    cost: { ms: 1, rows: 0, bytes: 0 },
  }
  timeline.observe(observation, [{ of: '', ...standing }])
}

function all(
  timeline: Timeline,
  rest: Partial<Parameters<Timeline['between']>[0]> = {},
): Promise<TimelineEvent[]> {
  const query = {
    deployment: 'shop',
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    kinds: [],
    limit: 1000,
    before: null,
  }
  return timeline.between({ ...query, ...rest })
}

const codes = (events: readonly TimelineEvent[]) => events.map(({ reason }) => reason.code)

describe('the timeline', () => {
  it('writes once for all that came together, and nothing where nothing changed', async () => {
    const timeline = await open()
    look(timeline, { standing: { run: { id: '1', startedAt: null } } })
    await clock.advance(1_000)
    const before = writes
    for (let again = 0; again < 100; again++)
      look(timeline, { standing: { run: { id: '1', startedAt: null } } })
    await clock.advance(60_000)
    expect(writes).toBe(before)
    look(timeline, {
      status: 'CRITICAL',
      standing: { run: { id: '2', startedAt: null }, settings: { a: '1' } },
    })
    look(timeline, { standing: { role: 'primary' }, target: 'queue' })
    await clock.advance(1_000)
    expect(writes).toBe(before + 1)
    expect(codes(await all(timeline))).toEqual(['redis-save-failing', 'restarted'])
    expect(news).toEqual(['shop', 'shop'])
    await timeline.close()
  })

  it('knows after a start what it knew before, and says of what changed meanwhile that nobody saw it', async () => {
    const first = await open()
    look(first, { standing: { settings: { hz: '10' }, version: '7.0.14' } })
    await first.close()
    const second = await open()
    look(second, { status: 'CRITICAL', standing: { settings: { hz: '20' }, version: '7.0.14' } })
    const events = await all(second)
    expect(codes(events)).toEqual(['redis-save-failing', 'setting-changed'])
    expect(events[1]?.reason.params).toMatchObject({ before: '10', after: '20', afterPause: 1 })
    look(second, { standing: { settings: { hz: '30' } } })
    expect((await all(second, { kinds: ['settings'] }))[0]?.reason.params).not.toHaveProperty('afterPause')
    await second.close()
  })

  it('sees again what a kill took before it was written', async () => {
    const killed = await open()
    look(killed, { standing: { version: '7.0.14' } })
    await clock.advance(1_000)
    look(killed, { standing: { version: '7.0.15' } })
    // Not closed, and no time passed: neither the event nor what is known now is on record.
    const next = await open()
    look(next, { standing: { version: '7.0.15' } })
    expect(codes(await all(next))).toEqual(['upgraded'])
    await next.close()
  })

  it('gives ids that count up over starts', async () => {
    const first = await open()
    look(first, { standing: { version: '1' } })
    look(first, { standing: { version: '2' } })
    await first.close()
    const second = await open()
    look(second, { standing: { version: '3' } })
    expect((await all(second)).map(({ id }) => id)).toEqual([2, 1])
    await second.close()
  })

  it('keeps what cannot be written, says so once, and writes it when the disk is well', async () => {
    const logged: string[] = []
    const timeline = await open({ ...silentLog, error: (_, message) => logged.push(message) })
    look(timeline, { standing: { version: '1' } })
    await clock.advance(1_000)
    failure = new StoreError('full', 'the disk is full')
    look(timeline, { standing: { version: '2' } })
    await clock.advance(30_000)
    expect(logged).toHaveLength(1)
    expect(codes(timeline.recent('shop') as TimelineEvent[])).toEqual(['upgraded'])
    failure = null
    await clock.advance(6_000)
    expect(codes(await all(timeline))).toEqual(['upgraded'])
    await timeline.close()
    const next = await open()
    look(next, { standing: { version: '2' } })
    expect(await all(next)).toHaveLength(1)
    await next.close()
  })

  it('tells what came and went as one event, in memory and on record', async () => {
    const timeline = await open()
    look(timeline)
    for (const status of ['CRITICAL', 'HEALTHY', 'CRITICAL', 'HEALTHY'] as const) {
      await clock.advance(10_000)
      look(timeline, { status })
    }
    const [event, ...others] = await all(timeline)
    expect(others).toEqual([])
    expect(event).toMatchObject({ status: 'HEALTHY', reason: { code: 'flapped', params: { times: 2 } } })
    expect(timeline.recent('shop')).toEqual([event])
    await timeline.close()
  })

  it('answers the last hour from memory, oldest first, also after a start', async () => {
    const first = await open()
    look(first, { standing: { version: '1' } })
    look(first, { standing: { version: '2' } })
    await clock.advance(59 * 60_000)
    look(first, { standing: { version: '3' } })
    await first.close()
    const second = await open()
    expect(second.recent('shop').map(({ reason }) => reason.params.version)).toEqual(['2', '3'])
    await clock.advance(2 * 60_000)
    expect(second.recent('shop').map(({ reason }) => reason.params.version)).toEqual(['3'])
    expect(second.recent('other')).toEqual([])
    await second.close()
  })
})

describe('ten thousand events', () => {
  async function fill(count: number, from: number): Promise<void> {
    await store.write((database) => {
      const insert = database.prepare(
        `INSERT INTO events (deployment, at, kind, probe, target, reason, status) VALUES (?, ?, ?, 'redis', 'cache', ?, NULL)`,
      )
      const reason = JSON.stringify({ code: 'restarted', params: { what: 'Redis cache' } })
      for (let index = 0; index < count; index++) {
        insert.run(
          index % 4 === 3 ? 'other' : 'shop',
          from + index * 1_000,
          index % 2 === 0 ? 'restart' : 'role',
          reason,
        )
      }
    })
  }

  it('are asked for by range and kind within 50 ms', async () => {
    await fill(40_000, clock.now() - DAY_MS)
    const timeline = await open()
    await all(timeline, { limit: 1 })
    const began = performance.now()
    const events = await all(timeline, { kinds: ['role'], from: clock.now() - DAY_MS / 2, limit: 500 })
    expect(performance.now() - began).toBeLessThan(50)
    expect(events.every(({ kind }) => kind === 'role')).toBe(true)
    await timeline.close()
  })

  it('come page by page, each once', async () => {
    await fill(1_000, clock.now() - DAY_MS)
    const timeline = await open()
    const seen: number[] = []
    for (let before: TimelineEvent | null = null; ; ) {
      const page: TimelineEvent[] = await all(timeline, { limit: 100, before })
      seen.push(...page.map(({ id }) => id))
      before = page.at(-1) ?? null
      if (before === null) break
    }
    expect(seen).toHaveLength(750)
    expect(new Set(seen).size).toBe(750)
    await timeline.close()
  })

  it('are the most of a deployment, and none is older than 90 days', async () => {
    await fill(100, clock.now() - 91 * DAY_MS)
    await fill(20_000, clock.now() - DAY_MS)
    const timeline = await open()
    look(timeline, { standing: { version: '1' } })
    look(timeline, { standing: { version: '2' } })
    await clock.advance(1_000)
    const [count] = await store.all<{ shop: number; other: number; oldest: number }>(
      `SELECT count(*) FILTER (WHERE deployment = 'shop') AS shop, count(*) FILTER (WHERE deployment = 'other') AS other,
        min(at) AS oldest FROM events`,
    )
    expect(count?.shop).toBe(10_000)
    expect(count?.other).toBe(5_000)
    expect(count?.oldest).toBeGreaterThan(clock.now() - 2 * DAY_MS)
    await timeline.close()
  })
})
