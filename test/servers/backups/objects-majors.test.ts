/** What is counted by kind is the same whatever major version of PostgreSQL it is in: a backup of one may be restored into another. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { asHeld, countObjects } from '../../../src/main/engine/backups/postgres/objects.ts'
import { type Copy, majors, missing, readable, skipped } from '../../support/postgres-majors.ts'
import { HELD, KINDS_SQL } from './kinds.ts'

describe.each(majors)('PostgreSQL %i', (major) => {
  const why = missing(major)
  let server: PostgresServer
  let copy: Copy | null = null
  beforeAll(async () => {
    if (why !== null) return
    copy = readable(major)
    server = await startPostgres({ version: major })
  })
  afterAll(async () => {
    await server?.stop()
    await copy?.remove()
  })

  it.skipIf(why !== null)(`counts alike${skipped(why)}`, async () => {
    const client = await server.connect()
    try {
      const before = await countObjects(client)
      expect(Object.values(before.objects).every((count) => count === 0)).toBe(true)
      await client.query(KINDS_SQL)
      expect(asHeld(await countObjects(client))).toEqual(HELD)
    } finally {
      await client.end()
    }
  })
})
