/** The catalogue of backups: how far each is proven, and the same again from manifests alone. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { createCatalogue } from '../../../src/main/engine/backups/catalogue.ts'
import { MANIFEST_FILE, type Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { type BackupKit, createBackupKit, untilItEnds } from './backup-kit.ts'

let server: PostgresServer
let kit: BackupKit
let [first, second, third]: Manifest[] = []
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  first = await kit.make(server, 'postgres', { globals: false })
  second = await kit.make(server, 'postgres', { globals: false })
  third = await kit.make(server, 'postgres', { globals: false, deployment: 'другой' })
})
afterAll(async () => {
  await kit.close()
  await server.stop()
})

it('says how far each is proven, and is made again from manifests alone', async () => {
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('they were made before')
  const home = createTemporaryDirectory('catalogue')
  const store = openStore({ dataDirectory: home.path, log: silentLog })
  try {
    const catalogue = createCatalogue({ store, clock: systemClock, storeAt: () => kit.store })
    for (const each of [first, second, third]) await catalogue.add(each, kit.directory, 'this-console')
    const stateOf = async (id: string) => (await catalogue.get(id))?.state
    expect((await catalogue.list('shop')).map(({ id }) => id)).toEqual([second.id, first.id])
    expect(await stateOf(first.id)).toBe('complete')
    await catalogue.verified(first.id)
    expect(await stateOf(first.id)).toBe('verified')
    await catalogue.proven(first.id, 1_234, 'lab')
    expect(await catalogue.get(first.id)).toMatchObject({
      state: 'proven',
      recoveryMs: 1_234,
      recoveryOn: 'lab',
      problem: null,
    })
    const problem = { code: 'file-altered', params: { file: 'a', id: first.id } }
    await catalogue.faulty(first.id, problem)
    expect(await catalogue.get(first.id)).toMatchObject({ state: 'complete', recoveryMs: null, problem })
    await catalogue.verified(first.id)
    expect(await catalogue.get(first.id)).toMatchObject({ state: 'verified', problem: null })
    // Reading does not see what a drill did.
    const other = { code: 'counts-differ', params: { table: 'shop: public.orders' } }
    await catalogue.faulty(first.id, other)
    await catalogue.verified(first.id)
    expect(await catalogue.get(first.id)).toMatchObject({ problem: other })
    await catalogue.proven(first.id, 1_000, null)
    expect(await catalogue.get(first.id)).toMatchObject({ state: 'proven', recoveryOn: null, problem: null })

    const own = await kit.keys.verificationKey()
    expect(await catalogue.rebuild(kit.store, own)).toEqual({ added: [], gone: [], problems: [] })
    expect(await stateOf(first.id)).toBe('proven')
    await store.write((database) => database.prepare('DELETE FROM backups').run())
    const again = await catalogue.rebuild(kit.store, own)
    expect(again.added.toSorted()).toEqual([first.id, second.id, third.id].toSorted())
    expect((await catalogue.list('shop')).map(({ id }) => id)).toEqual([second.id, first.id])
    expect((await catalogue.get(first.id))?.manifest).toEqual(first)
    expect(await catalogue.get(third.id)).toMatchObject({ state: 'complete', signedBy: 'this-console' })

    rmSync(join(kit.directory, first.id), { recursive: true })
    const path = join(kit.directory, second.id, MANIFEST_FILE)
    writeFileSync(path, readFileSync(path, 'utf8').replace('"partial":false', '"partial":true'))
    expect(await catalogue.rebuild(kit.store, own)).toEqual({
      added: [],
      gone: [first.id],
      problems: [{ id: second.id, problem: { code: 'manifest-altered', params: { id: second.id } } }],
    })
    expect(await catalogue.get(second.id)).toMatchObject({ problem: { code: 'manifest-altered' } })
    expect(await catalogue.rebuild(kit.store, 'the key of another console')).toMatchObject({ added: [] })
    expect(await catalogue.get(third.id)).toMatchObject({ signedBy: 'another' })
  } finally {
    await store.close()
    await home.remove()
  }
})

it('has what was registered again from its manifest, too', async () => {
  const file = join(kit.home, 'given.sql')
  writeFileSync(
    file,
    '--\n-- PostgreSQL database dump\n--\n\nSELECT 1;\n--\n-- PostgreSQL database dump complete\n--\n',
  )
  const manifest = await kit.runJob(
    {
      ...{ kind: 'register', id: 'shop-registered', deployment: 'shop', console: 'night shift' },
      ...{ file, database: 'shop', recipients: [], store: { kind: 'local', directory: kit.directory } },
    },
    untilItEnds,
  )
  const home = createTemporaryDirectory('catalogue')
  const store = openStore({ dataDirectory: home.path, log: silentLog })
  try {
    const catalogue = createCatalogue({ store, clock: systemClock, storeAt: () => kit.store })
    const { added } = await catalogue.rebuild(kit.store, await kit.keys.verificationKey())
    expect(added).toContain(manifest.id)
    expect(await catalogue.get(manifest.id)).toMatchObject({
      ...{ manifest, state: 'complete', signedBy: 'this-console' },
    })
    expect(manifest.foreign).toMatchObject({ file, format: 'plain' })
  } finally {
    await store.close()
    await home.remove()
  }
})
