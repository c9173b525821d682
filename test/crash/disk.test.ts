/** Full and read-only disks: a message that says what to do, and nothing overwritten. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { mountSmallDisk, type SmallDisk } from '../../demo/servers/small-disk.ts'
import { createAudit } from '../../src/main/engine/audit/chain.ts'
import { systemClock } from '../../src/main/engine/clock.ts'
import { silentLog } from '../../src/main/engine/log.ts'
import { createHistory } from '../../src/main/engine/metrics/create-history.ts'
import { DEFAULT_RETENTION, type History } from '../../src/main/engine/metrics/history.ts'
import { openStore } from '../../src/main/engine/store/open-store.ts'
import { openSealedFile } from '../../src/main/engine/vault/sealed-file.ts'
import { createDrivenClock } from '../support/driven-clock.ts'
import { until } from '../support/until.ts'
import { startChild } from './child.ts'
import { cannotMount } from './small-disk.ts'

// Each test starts several processes, one after the other.
vi.setConfig({ testTimeout: 120_000 })

const WORKER = new URL('../../src/main/engine/metrics/worker.ts', import.meta.url)
const MIB = 1024 * 1024

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vakhta-home-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

type Outcome = Record<'claim' | 'state' | 'metrics' | 'vault', { code: string; message: string } | null>

/** How a console of its own process fares with a data directory. */
async function openEverything(directory: string, keyFile: string, uid?: number): Promise<Outcome> {
  const child = startChild('open-everything.ts', [directory, keyFile], uid === undefined ? {} : { uid })
  await child.printed(1)
  await child.ended()
  return JSON.parse(child.lines[0] ?? '') as Outcome
}

const codes = (outcome: Outcome) => Object.values(outcome).map((entry) => entry?.code ?? 'opened')
const contents = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.db') || name.endsWith('.json'))
    .map((name) => [name, readFileSync(join(directory, name)).toString('base64')])

describe.skipIf(cannotMount !== null)(
  `a disk of its own${cannotMount === null ? '' : ` (${cannotMount})`}`,
  () => {
    let disk: SmallDisk
    let history: History | null = null
    beforeEach(() => {
      disk = mountSmallDisk(4 * MIB)
    })
    afterEach(async () => {
      await history?.close()
      history = null
      disk.release()
    })

    test('that is read-only is refused with a word on what to do, and nothing on it changes', async () => {
      const keyFile = join(home, 'vault.key')
      expect(codes(await openEverything(disk.directory, keyFile))).toEqual([
        'opened',
        'opened',
        'opened',
        'opened',
      ])
      const before = contents(disk.directory)
      disk.makeReadOnly()
      const outcome = await openEverything(disk.directory, keyFile)
      expect(codes(outcome)).toEqual(['read-only', 'read-only', 'read-only', 'unwritable'])
      expect(outcome.state?.message).toContain(join(disk.directory, 'state.db'))
      expect(outcome.state?.message).toContain('--data')
      expect(JSON.stringify(outcome)).not.toContain('hunter2')
      expect(contents(disk.directory)).toEqual(before)
    })

    test('that is full is refused, and opens as if nothing had been once there is room', async () => {
      const keyFile = join(home, 'vault.key')
      disk.fill()
      const outcome = await openEverything(disk.directory, keyFile)
      expect([outcome.state?.code, outcome.metrics?.code, outcome.vault?.code]).toEqual([
        'full',
        'full',
        'unwritable',
      ])
      expect(outcome.state?.message).toContain('free some space')
      disk.makeRoom()
      expect(codes(await openEverything(disk.directory, keyFile))).toEqual([
        'opened',
        'opened',
        'opened',
        'opened',
      ])
    })

    test('that fills up later loses no record that was durable, and takes the next once there is room', async () => {
      const store = openStore({ dataDirectory: disk.directory, log: silentLog })
      const audit = createAudit({ store, clock: systemClock })
      const actor = { id: 'os:anna', name: 'Anna', role: 'ADMIN', via: 'engine' } as const
      const entry = { actor, action: 'test', target: null, outcome: 'asked' } as const
      await audit.append(entry)
      disk.fill()
      const append = async () => {
        for (let records = 0; records < 2_000; records++)
          await audit.append({ ...entry, detail: { x: 'x'.repeat(5_000) } })
      }
      await expect(append()).rejects.toMatchObject({ name: 'StoreError', code: 'full' })
      const { ok, records } = await audit.verify()
      expect([ok, records > 0]).toEqual([true, true])
      disk.makeRoom()
      await audit.append(entry)
      expect(await audit.verify()).toEqual({ ok: true, records: records + 1, firstBad: null })
      await store.close()
    })

    test('that fills up later leaves the vault as it was', async () => {
      const path = join(disk.directory, 'vault.json')
      const vault = await openSealedFile({ path, keyFile: join(home, 'vault.key'), clock: systemClock })
      await vault.set('db', 'hunter2')
      disk.fill()
      const failed = vault.set('large', 'x'.repeat(100_000))
      await expect(failed).rejects.toMatchObject({ name: 'VaultError', code: 'unwritable' })
      expect(await vault.get('db')).toBe('hunter2')
      expect(readdirSync(disk.directory)).not.toContain('vault.json.new')
      disk.makeRoom()
      await vault.set('large', 'x'.repeat(100_000))
      expect(await vault.names()).toHaveLength(2)
    })

    test('that fills up later makes the history wait, and nothing else; it goes on by itself', async () => {
      const clock = createDrivenClock()
      const complaints: string[] = []
      history = await createHistory({
        dataDirectory: disk.directory,
        worker: WORKER,
        clock,
        retention: DEFAULT_RETENTION,
        log: { ...silentLog, error: (_, message) => complaints.push(message) },
      })
      const look = (at: number) => ({
        deployment: 'shop',
        probe: 'pool' as const,
        target: 'db',
        at,
        status: 'HEALTHY' as const,
        reason: { code: 'healthy', params: {} },
        values: { [`filler_${at}_${'x'.repeat(200)}`]: 1 },
        cost: { ms: 1, rows: 1, bytes: 1 },
      })
      const start = clock.now()
      history.append(look(start))
      await history.flush()
      disk.fill()
      for (let index = 1; index <= 500; index++) history.append(look(start + index * 5_000))
      await expect(history.flush()).rejects.toMatchObject({ name: 'StoreError', code: 'full' })
      expect(await history.statistics()).toMatchObject({ rows: 1, waiting: 500, dropped: 0 })
      await clock.advance(60_000)
      expect(complaints).toEqual(['the history cannot be written; observations wait, and it is tried again'])
      disk.makeRoom()
      await until(async () => {
        await clock.advance(30_000)
        return (await history?.statistics())?.waiting === 0
      })
      expect(await history.statistics()).toMatchObject({ rows: 501, dropped: 0 })
    })
  },
)

/** Somebody who owns nothing; root writes where modes forbid it, so the child is somebody else. */
const NOBODY = 65_534

test.skipIf(process.platform === 'win32')(
  'a directory of somebody else is refused, and stays as it is (where files have POSIX owners)',
  async () => {
    const isRoot = process.getuid?.() === 0
    const uid = isRoot ? NOBODY : undefined
    const directory = join(home, 'data')
    const keys = join(home, 'keys')
    chmodSync(home, 0o755)
    for (const path of [directory, keys]) {
      mkdirSync(path)
      if (isRoot) chownSync(path, NOBODY, NOBODY)
    }
    const keyFile = join(keys, 'vault.key')
    expect(codes(await openEverything(directory, keyFile, uid))).toEqual([
      'opened',
      'opened',
      'opened',
      'opened',
    ])
    const before = contents(directory)
    chmodSync(directory, 0o500)
    const outcome = await openEverything(directory, keyFile, uid)
    chmodSync(directory, 0o700)
    expect([outcome.state?.code, outcome.metrics?.code, outcome.vault?.code]).toEqual([
      'read-only',
      'read-only',
      'unwritable',
    ])
    expect(contents(directory)).toEqual(before)
  },
)
