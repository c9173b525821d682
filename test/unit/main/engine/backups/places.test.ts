/** One place under the several ways in which people write it. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import { systemClock } from '../../../../../src/main/engine/clock.ts'
import { createDeployments } from '../../../../../src/main/engine/deployments/repository.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { STATE_MIGRATIONS } from '../../../../../src/main/engine/store/migrations.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import { WRITTEN } from '../../../shared/model/profile/written-directories.ts'

let home: ReturnType<typeof createTemporaryDirectory>
beforeEach(() => {
  home = createTemporaryDirectory('places')
})
afterEach(() => home.remove())

it('what is on record of backups in it, and in a profile, is found under its one name', async () => {
  const before = openStore({
    ...{ dataDirectory: home.path, log: silentLog },
    migrations: STATE_MIGRATIONS.filter(({ version }) => version < 16),
  })
  const profile = {
    ...{ name: 'shop', environment: 'staging', postgres: { url: 'postgresql://vakhta@db/shop' } },
    backups: { store: { kind: 'local', directory: '/b//x/' }, staging: { directory: '/s/./' } },
  }
  await before.write((database) => {
    const insert = database.prepare(
      `INSERT INTO backups (id, deployment, at, place, manifest, signed_by) VALUES (?, 'shop', 1, ?, '{}', 'another')`,
    )
    for (const [at, [written]] of WRITTEN.entries()) insert.run(`a${at}`, written)
    insert.run('b', WRITTEN[1]?.[0] ?? '')
    database
      .prepare(`INSERT INTO deployments (name, profile, updated_at) VALUES ('shop', ?, 1)`)
      .run(JSON.stringify(profile))
  })
  await before.close()
  const store = openStore({ dataDirectory: home.path, log: silentLog })
  const rows = await store.all<{ id: string; place: string }>('SELECT id, place FROM backups ORDER BY id')
  const places = new Map(rows.map(({ id, place }) => [id, place]))
  expect(WRITTEN.map(([written], at) => [written, places.get(`a${at}`)])).toEqual(WRITTEN)
  expect(places.get('b')).toBe(WRITTEN[1]?.[1])
  const deployments = await createDeployments({
    ...{ store, clock: systemClock, log: silentLog, mayBeEdited: async () => {} },
  })
  expect(deployments.get('shop')?.profile.backups).toMatchObject({
    ...{ store: { directory: '/b/x' }, staging: { directory: '/s' } },
  })
  await store.close()
})
