/** Places of backups and backups that are symbolic links, as a whole console meets them: old ones go by either name of a place, and nothing goes that lies elsewhere. */
import { lstatSync, mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type BackedUp, backedUpProfile, namesIn, newPlace, startBackedUp } from './operation-kit.ts'

// Each is threads and programs that begin.
vi.setConfig({ testTimeout: 120_000 })

const KEEP = { keep: { last: 1 } }

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
  await server.query('create table orders as select g as id from generate_series(1, 100) g')
}, 60_000)
afterAll(() => server?.stop())

async function made(console: BackedUp): Promise<string> {
  const { state, result } = await console.run('backup')
  expect(state).toBe('succeeded')
  return String(result?.backup)
}

it('old ones go from a place that is a link, by either of its names and however these are written', async () => {
  const real = newPlace()
  mkdirSync(real)
  const link = `${real}-link`
  symlinkSync(real, link)
  const console = await startBackedUp(server, { kept: `${link}//`, wanted: KEEP })
  const { backups, deployments } = console.engine
  const first = await made(console)
  expect(namesIn(real)).toEqual([first])
  expect(await backups.summary('shop')).toMatchObject({ place: link })
  await deployments.save(backedUpProfile(server, join(real, '.', '/'), {}, KEEP), 'shop')
  expect(await backups.rescan('shop')).toMatchObject({ added: [], gone: [], problems: [] })
  const second = await made(console)
  expect(namesIn(real)).toEqual([second])
  await deployments.save(backedUpProfile(server, link, {}, KEEP), 'shop')
  const third = await made(console)
  expect(namesIn(real)).toEqual([third])
  expect((await backups.list({ deployment: 'shop', before: null, limit: 10 })).backups).toMatchObject([
    { id: third, problem: null },
  ])
})

it('one that was moved elsewhere and is led to is neither let go nor removed, and that is told', async () => {
  const console = await startBackedUp(server, { wanted: KEEP })
  const { backups, operations } = console.engine
  const first = await made(console)
  const elsewhere = join(newPlace(), first)
  mkdirSync(join(elsewhere, '..'), { recursive: true })
  renameSync(join(console.kept, first), elsewhere)
  symlinkSync(elsewhere, join(console.kept, first))
  const files = readdirSync(elsewhere)
  const { id, state } = await console.run('backup')
  expect(state).toBe('succeeded')
  const told = (await operations.log(id)).map(({ reason }) => reason.code)
  expect(told).toEqual(expect.arrayContaining(['backup-not-let-go', 'backup-is-link']))
  await expect(backups.remove(first, 'shop')).rejects.toMatchObject({ failure: { code: 'backup-is-link' } })
  expect((await backups.rescan('shop')).problems).toMatchObject([
    { id: first, problem: { code: 'backup-is-link', params: { place: console.kept } } },
  ])
  expect(readdirSync(elsewhere)).toEqual(files)
  expect(lstatSync(join(console.kept, first)).isSymbolicLink()).toBe(true)
})
