import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import { BackupRefused } from '../../../../../src/main/engine/backups/backup-refused.ts'
import { createBackups } from '../../../../../src/main/engine/backups/backups.ts'
import { systemClock } from '../../../../../src/main/engine/clock.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../src/main/engine/store/store.ts'
import { Backups } from '../../../../../src/shared/model/profile/backups.ts'
import { manifestOf } from './manifest-of.ts'

let home: ReturnType<typeof createTemporaryDirectory>
let store: Store
beforeEach(() => {
  home = createTemporaryDirectory('backups')
  store = openStore({ dataDirectory: home.path, log: silentLog })
})
afterEach(async () => {
  await store.close()
  await home.remove()
})

const wanted = Backups.parse({ store: { kind: 'local', directory: '/kept' } })
const failed = {
  at: 1,
  backup: 'a',
  recoveryMs: null,
  on: null,
  problem: { code: 'counts-differ', params: {} },
}

it('has no drill that failed where no backups are wanted any more, or the deployment is gone', async () => {
  const profiles = new Map<string, object>([['shop', { name: 'shop', backups: wanted }]])
  const backedUp = createBackups({
    ...{ store, clock: systemClock, log: silentLog, console: 'us', onTurn() {}, vault: null as never },
    deployments: { get: (name: string) => ({ profile: profiles.get(name) }), list: () => [] } as never,
    ...{ isReadOnly: () => false, stagingDirectory: '/nowhere/staging' },
    held: async () => new Map(),
  })
  await backedUp.marks.drilled('1', 'shop', failed)
  await backedUp.refresh('shop')
  expect(backedUp.standing('shop')).toMatchObject({ drillProblem: { code: 'counts-differ' } })
  profiles.set('shop', { name: 'shop' })
  await backedUp.refresh('shop')
  expect(backedUp.standing('shop')).toMatchObject({ drillProblem: null })
  await backedUp.forget('shop')
  profiles.set('shop', { name: 'shop', backups: wanted })
  await backedUp.refresh('shop')
  expect(backedUp.standing('shop')).toMatchObject({ drillProblem: null })
})

it('tells of nothing that waits where it is not scheduled any more, or nothing is begun', async () => {
  const daily = { kind: 'daily', zone: 'UTC', times: ['02:00'] }
  const both = Backups.parse({ ...wanted, schedule: daily, drills: daily })
  let shop = { profile: { name: 'shop', backups: both }, paused: false }
  const backedUp = createBackups({
    ...{ store, clock: systemClock, log: silentLog, console: 'us', onTurn() {}, vault: null as never },
    deployments: { get: () => shop, list: () => [shop] } as never,
    ...{ isReadOnly: () => false, stagingDirectory: '/nowhere/staging' },
    held: async () => new Map(),
  })
  const reason = { code: 'target-busy', params: { name: 'shop' } }
  await backedUp.notBegun('shop', 'backup', { at: 1, since: 1, waits: false, reason })
  await backedUp.notBegun('shop', 'drill', { at: 1, since: 1, waits: true, reason })
  const told = async () => (await backedUp.backups.summary('shop'))?.notBegun.map(({ what }) => what)
  await backedUp.refresh('shop')
  expect(await told()).toEqual(['backup', 'drill'])
  shop = { ...shop, paused: true }
  expect(await told()).toEqual(['backup'])
  shop = { profile: { name: 'shop', backups: Backups.parse({ ...wanted, schedule: daily }) }, paused: false }
  await backedUp.refresh('shop')
  expect(await told()).toEqual(['backup'])
  shop = { ...shop, profile: { name: 'shop', backups: both } }
  expect(await told()).toEqual(['backup'])
})

it('lets a backup go by its name alone where nobody can tell any more what its deployment was, and not at all where nothing may be changed', async () => {
  const record = new Map<string, object>()
  const as = (changes: object) =>
    record.set('shop', { profile: { name: 'shop', backups: wanted, ...changes } })
  const backedUp = createBackups({
    ...{ store, clock: systemClock, log: silentLog, console: 'us', onTurn() {}, vault: null as never },
    deployments: { get: (name: string) => record.get(name) ?? null, list: () => [] } as never,
    ...{ isReadOnly: () => false, stagingDirectory: '/nowhere/staging' },
    held: async () => new Map(),
  })
  for (const id of ['a', 'b']) await backedUp.catalogue.add(manifestOf(id), '/kept', 'this-console')
  const outcome = (confirm: string | null) =>
    backedUp.backups.remove('a', confirm).then(
      () => 'removed',
      (error: unknown) => (error instanceof BackupRefused ? error.refusal.kind : 'begun'),
    )
  as({ environment: 'staging' })
  expect(await outcome(null)).toBe('begun')
  as({ environment: 'production' })
  expect(await outcome(null)).toBe('confirm')
  as({ environment: 'staging', readOnly: true })
  expect(await outcome('shop')).toBe('deployment-read-only')
  record.clear()
  expect(await outcome(null)).toBe('confirm')
  expect(await outcome('shop')).toBe('begun')
})
