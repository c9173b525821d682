/** What a swap stands on, on each version of PostgreSQL: a database like another, and two names that change at once or not at all. */
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import {
  createLike,
  dropDatabase,
  lookAtDatabases,
} from '../../../src/main/engine/backups/restore/databases.ts'
import { findOut } from '../../../src/main/engine/backups/restore/preflight.ts'
import { readSettings, settingStatements } from '../../../src/main/engine/backups/restore/settings.ts'
import { renameDatabases } from '../../../src/main/engine/backups/restore/swap.ts'
import type { PostgresConnection } from '../../../src/main/engine/reach/postgres/connection.ts'
import type { PostgresOperating } from '../../../src/main/engine/reach/postgres/operating.ts'
import { type Copy, majors, missing, readable, skipped } from '../../support/postgres-majors.ts'

const NEVER = new AbortController().signal

describe.each(majors)('PostgreSQL %i', (major) => {
  const why = missing(major)
  let server: PostgresServer
  let copy: Copy | null = null
  const others: Client[] = []
  beforeAll(async () => {
    if (why !== null) return
    copy = readable(major)
    server = await startPostgres({ version: major, settings: { max_connections: 20 } })
    await server.query('CREATE ROLE owner')
    await server.query(
      major >= 15
        ? `CREATE DATABASE shop OWNER owner TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'ru'`
        : 'CREATE DATABASE shop OWNER owner TEMPLATE template0',
    )
    await server.query(`ALTER DATABASE shop SET search_path TO app, "$user"`)
    await server.query('ALTER ROLE owner IN DATABASE shop SET work_mem TO $$9MB$$')
    await server.query('REVOKE CONNECT ON DATABASE shop FROM PUBLIC')
    await server.query('GRANT CONNECT ON DATABASE shop TO owner')
  }, 60_000)
  afterAll(async () => {
    await Promise.all(others.map((client) => client.end().catch(() => {})))
    await server?.stop()
    await copy?.remove()
  })

  /** As who operates, without a reach. */
  const operating: Pick<PostgresOperating, 'apart' | 'maintenance'> = {
    maintenance: 'postgres',
    async apart(_, database, work) {
      const client = await server.connect(database)
      try {
        return await work({ client, version: major * 10_000 } as unknown as PostgresConnection)
      } finally {
        await client.end()
      }
    },
  }
  const look = async (...names: string[]) => {
    const client = await server.connect()
    try {
      return await lookAtDatabases(client, { names })
    } finally {
      await client.end()
    }
  }
  const busy = async (database: string) => {
    const client = await server.connect(database)
    client.on('error', () => {})
    others.push(client)
    return client
  }

  it.skipIf(why !== null)(
    `makes one like it, and swaps it in under its sessions${skipped(why)}`,
    async () => {
      const client = await server.connect()
      const [shop] = await lookAtDatabases(client, { names: ['shop'] })
      if (shop === undefined) throw new Error('it is there')
      const { held, server: found } = await findOut(client, 'shop', {
        extensions: ['plpgsql'],
        roles: ['owner'],
      })
      expect(found).toMatchObject({ superuser: true, recovering: false })
      expect(held).toMatchObject({ slots: [], subscriptions: [], prepared: [], ownerIsOurs: true })
      await client.query(createLike(shop, 'beside'))
      await client.query('REVOKE ALL ON DATABASE beside FROM PUBLIC')
      await client.query(settingStatements('beside', await readSettings(client, shop)).join('; '))
      const [beside] = await lookAtDatabases(client, { names: ['beside'] })
      if (beside === undefined) throw new Error('it was made')
      const { oid: _, datname: __, ...same } = shop.facts
      const volatile = ['datfrozenxid', 'datminmxid', 'datlastsysoid', 'datacl']
      for (const name of volatile) delete same[name]
      expect(beside).toMatchObject({ owner: 'owner', encoding: shop.encoding, facts: same })
      expect(await readSettings(client, beside)).toEqual(await readSettings(client, shop))
      await client.end()

      await busy('shop')
      await renameDatabases(
        operating,
        NEVER,
        [
          { oid: shop.oid, from: 'shop', to: 'before' },
          { oid: beside.oid, from: 'beside', to: 'shop' },
        ],
        [],
      )
      const now = await look('shop', 'before')
      expect(now.map(({ name, oid }) => [name, oid]).toSorted()).toEqual([
        ['before', shop.oid],
        ['shop', beside.oid],
      ])

      // The second rename fails: the first is taken back with it.
      await expect(
        renameDatabases(
          operating,
          NEVER,
          [
            { oid: beside.oid, from: 'shop', to: 'beside' },
            { oid: shop.oid, from: 'before', to: 'postgres' },
          ],
          [],
        ),
      ).rejects.toMatchObject({ code: '42P04' })
      expect((await look('shop'))[0]?.oid).toBe(beside.oid)

      await busy('before')
      await operating.apart(NEVER, 'postgres', ({ client: maintenance, version }) =>
        dropDatabase(maintenance, version, 'before'),
      )
      expect(await look('before')).toEqual([])
    },
  )
})
