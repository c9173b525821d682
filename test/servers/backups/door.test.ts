/** How a program of PostgreSQL comes to a server: by itself where that is the same, through us where it is not. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type DoorDependencies, openDoor } from '../../../src/main/engine/backups/postgres/door.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { createDirectWay } from '../../../src/main/engine/reach/direct.ts'
import type { Encryption } from '../../../src/main/engine/reach/postgres/encryption.ts'
import { Postgres } from '../../../src/shared/model/profile/postgres.ts'

let server: PostgresServer
let directory: string
beforeAll(async () => {
  server = await startPostgres()
  directory = await mkdtemp(join(tmpdir(), 'vakhta-door-'))
})
afterAll(async () => {
  await server.stop()
  await rm(directory, { recursive: true, force: true })
})

async function doorTo(
  { host = '127.0.0.1', port = server.port, sslmode = 'prefer', encryption = 'plain' as Encryption },
  changes: Partial<DoorDependencies> = {},
) {
  const dependencies: DoorDependencies = {
    postgres: Postgres.parse({ url: `postgresql://postgres@127.0.0.1:${port}/postgres?sslmode=${sslmode}` }),
    ...{ way: createDirectWay({ clock: systemClock }), clock: systemClock, there: null },
    ...{ resolveSecret: async () => server.password, authorities: () => [] },
    ...{ signal: new AbortController().signal, ...changes },
  }
  const door = await openDoor(dependencies, { server: { host, port }, encryption }, directory)
  await door.close()
  return door
}

it('leads straight to a server that is reached in clear, at the address that answered, and is kept alive', async () => {
  const door = await doorTo({ host: 'localhost' })
  expect(door.isStraight).toBe(true)
  expect(door.target).toMatchObject({
    host: 'localhost',
    port: String(server.port),
    hostaddr: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
    keepalives_idle: '30',
  })
  expect(door.env).toEqual({ PGSSLMODE: 'disable', PGGSSENCMODE: 'disable' })
})

it('leads straight to a socket on this machine', async () => {
  const host = join(server.directory, '..')
  const door = await doorTo({ host })
  expect(door).toMatchObject({ isStraight: true, target: { host, port: String(server.port) } })
})

it('leads through us where the way is not straight', async () => {
  const there = { name: 'bastion' } as unknown as DoorDependencies['there']
  expect(await doorTo({}, { there })).toMatchObject({ isStraight: false, target: { host: directory } })
})

it('is not opened to where nobody answers, in our own words', async () => {
  await expect(doorTo({ port: 1 })).rejects.toMatchObject({ failure: { code: 'tcp-refused' } })
})

it('leads through us where it is encrypted, as only we know the terms', async () => {
  const { key, chain } = createAuthority('Ours').issue({ names: ['127.0.0.1'] })
  await server.encrypt({ key, certificate: chain })
  expect(await doorTo({ encryption: 'tls' })).toMatchObject({ isStraight: false, env: {} })
  expect(await doorTo({ sslmode: 'require', encryption: 'tls' })).toMatchObject({ isStraight: false })
  expect((await doorTo({ sslmode: 'disable' })).isStraight).toBe(true)
})
