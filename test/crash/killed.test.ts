/** SIGKILL at any time: what was said to be durable is there at the next start, and nothing has to be repaired by hand. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createOutbox } from '../../src/main/engine/alerts/record/outbox.ts'
import { AlertRecord } from '../../src/main/engine/alerts/records.ts'
import { createAudit } from '../../src/main/engine/audit/chain.ts'
import { systemClock } from '../../src/main/engine/clock.ts'
import { silentLog } from '../../src/main/engine/log.ts'
import { openArchive } from '../../src/main/engine/metrics/archive.ts'
import { DEFAULT_RETENTION } from '../../src/main/engine/metrics/history.ts'
import { createRanges } from '../../src/main/engine/metrics/ranges.ts'
import { claimDataDirectory } from '../../src/main/engine/store/data-directory.ts'
import { openStore } from '../../src/main/engine/store/open-store.ts'
import { Known } from '../../src/main/engine/timeline/known.ts'
import { openSealedFile } from '../../src/main/engine/vault/sealed-file.ts'
import { startChild } from './child.ts'

// Each test starts several processes, one after the other.
vi.setConfig({ testTimeout: 120_000 })

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-crash-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** After how many printed lines each child in turn is killed, in the same directory. */
const KILLED_AFTER = [1, 2, 5, 20, 60]

test('the state has every record that was durable, and its chain holds', async () => {
  let durable = 0
  for (const lines of KILLED_AFTER) {
    const child = startChild('write-audit.ts', [directory])
    await child.printed(lines)
    await child.kill()
    durable = Number(child.lines.at(-1))
    const store = openStore({ dataDirectory: directory, log: silentLog })
    const verdict = await createAudit({ store, clock: systemClock }).verify()
    await store.close()
    expect(verdict).toMatchObject({ ok: true, firstBad: null })
    expect(verdict.records).toBeGreaterThanOrEqual(durable)
  }
  expect(durable).toBeGreaterThan(80)
})

test('the timeline has every deploy that was told, and each that was not is told at the next start', async () => {
  let version = 0
  for (const lines of KILLED_AFTER) {
    const child = startChild('write-timeline.ts', [directory, String(version)])
    await child.printed(lines)
    await child.kill()
    const store = openStore({ dataDirectory: directory, log: silentLog })
    const rows = await store.all<{ reason: string }>('SELECT reason FROM events ORDER BY id')
    const [row] = await store.all<{ known: string }>('SELECT known FROM known')
    await store.close()
    const told = rows.map(({ reason }) => (JSON.parse(reason) as { params: Deployed }).params)
    // What is known and what was told of it were written together: no deploy is missing between two, and none is told twice.
    for (const [index, { before }] of told.entries())
      if (index > 0) expect(before).toBe(told[index - 1]?.version)
    expect(told.at(-1)?.version).toBe(Known.parse(JSON.parse(row?.known ?? '')).version?.settled)
    expect(Number(told.at(-1)?.version)).toBeGreaterThanOrEqual(Number(child.lines.at(-1)))
    // Meanwhile it was deployed again.
    version = Number(told.at(-1)?.version) + 5
  }
})

test('each alert that fires is decided once, and what was decided is on record with it', async () => {
  const printed: string[] = []
  for (const [run, lines] of KILLED_AFTER.entries()) {
    const child = startChild('write-alerts.ts', [directory, String(run)])
    await child.printed(lines)
    await child.kill()
    printed.push(...child.lines)
    const store = openStore({ dataDirectory: directory, log: silentLog })
    const decided = (await createOutbox({ store }).after(0, 1_000_000)).map((entry) => entry.notification)
    const rows = await store.all<{ alert: string }>('SELECT alert FROM alerts')
    await store.close()
    const ids = new Set(decided.map(({ id }) => id))
    expect(ids.size).toBe(decided.length)
    // What was handed on is on record: nobody was told of something that is not known afterwards.
    for (const line of printed) expect(ids).toContain(line.split(' ')[0])
    const told = Map.groupBy(decided, ({ incident }) => incident)
    for (const kinds of told.values()) {
      // An incident begins, and begins again only after it was over: none is decided twice around a kill.
      let isOpen = false
      for (const { kind } of kinds) {
        if (kind === 'firing') expect(isOpen).toBe(false)
        isOpen = kind !== 'resolved'
      }
    }
    const alerts = rows.map(({ alert }) => AlertRecord.parse(JSON.parse(alert)))
    for (const alert of alerts) {
      // An alert and the word about it were written together: what owes nothing was told, or is over or held.
      if (alert.state !== 'firing' || alert.owed !== null) continue
      const last = told.get(alert.incident)?.at(-1)
      expect(last?.alerts.map(({ id }) => id)).toContain(alert.id)
    }
    expect(new Set(alerts.filter(({ endedAt }) => endedAt === null).map((one) => one.deployment)).size).toBe(
      alerts.filter(({ endedAt }) => endedAt === null).length,
    )
  }
  expect(printed.length).toBeGreaterThan(80)
})

interface Deployed {
  readonly before: string
  readonly version: string
}

test('the vault has every secret that was set, and takes the next', async () => {
  const path = join(directory, 'vault.json')
  const keyFile = join(directory, 'vault.key')
  const durable: string[] = []
  for (const [round, lines] of KILLED_AFTER.entries()) {
    const child = startChild('write-vault.ts', [path, keyFile, `r${round}`, '100000'])
    await child.printed(lines)
    await child.kill()
    durable.push(...child.lines)
    const vault = await openSealedFile({ path, keyFile, clock: systemClock })
    for (const name of durable) expect(await vault.get(name)).toBe(`value of ${name}`)
    await vault.set('db', 'hunter2')
  }
  expect(durable.length).toBeGreaterThan(80)
})

test('the history has everything that was stored, once, sealed or not', async () => {
  const start = Date.UTC(2026, 0, 5)
  let stored = 0
  for (const lines of [1, 5, 40, 90]) {
    const child = startChild('write-history.ts', [directory, String(start)])
    await child.printed(lines)
    await child.kill()
    stored = Number(child.lines.at(-1))
    const archive = openArchive({
      dataDirectory: directory,
      onDamage: (message) => expect.unreachable(message),
    })
    const { rows } = archive.size()
    expect(rows).toBeGreaterThanOrEqual(stored)
    const ranges = createRanges({ archive, retention: DEFAULT_RETENTION })
    const to = start + rows * 5_000
    const query = {
      deployment: 'shop',
      metrics: ['db_pool_utilization'],
      from: to - 90 * 5_000,
      to,
      points: 100,
    }
    const { series, unobserved } = ranges.range({ ...query, from: Math.max(start + 5_000, query.from) }, to)
    for (const { at, mean } of series) expect(mean).toEqual(at.map((moment) => (moment / 5_000) % 101))
    expect(series).toHaveLength(1)
    expect(unobserved).toEqual([])
    archive.close()
  }
  expect(stored).toBeGreaterThan(5_000)
})

describe('a data directory', () => {
  test('is refused while another console has it, and free as soon as that one is killed', async () => {
    const child = startChild('hold-directory.ts', [directory])
    await child.printed(1)
    expect(() => claimDataDirectory(directory)).toThrow(
      expect.objectContaining({
        code: 'occupied',
        message: expect.stringMatching(/process \d+, http:\/\/127\.0\.0\.1:4711, version 0\.1\.0/),
      }),
    )
    await child.kill()
    claimDataDirectory(directory).release()
  })
})

test('two processes that set secrets at once lose none', async () => {
  const path = join(directory, 'vault.json')
  const keyFile = join(directory, 'vault.key')
  const children = ['a', 'b', 'c'].map((prefix) =>
    startChild('write-vault.ts', [path, keyFile, prefix, '40']),
  )
  for (const child of children) expect(await child.ended()).toBe(0)
  const vault = await openSealedFile({ path, keyFile, clock: systemClock })
  expect(await vault.names()).toHaveLength(120)
})
