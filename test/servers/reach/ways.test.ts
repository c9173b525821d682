import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { until } from '../../support/until.ts'
import { createKit, hopOf, type Kit, soon } from './reach-kit.ts'

let postgres: PostgresServer
let redis: RedisServer
let bastion: SshServer
let inner: SshServer
const web = createServer((request, response) => response.end(`path ${request.url}`))
let webPort = 0

beforeAll(async () => {
  ;[postgres, redis, bastion, inner] = await Promise.all([
    startPostgres(),
    startRedis(),
    startSshd(),
    startSshd(),
  ])
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  const address = web.address()
  webPort = typeof address === 'object' && address !== null ? address.port : 0
})

afterAll(async () => {
  web.close()
  await Promise.all([postgres?.stop(), redis?.stop(), bastion?.stop(), inner?.stop()])
})

async function kitWithSecrets(): Promise<Kit> {
  const kit = await createKit()
  kit.secrets.set('pg', postgres.password)
  kit.secrets.set('redis', redis.password)
  await kit.know(bastion, inner)
  return kit
}

const targets = () => ({
  services: [{ name: 'api', url: `http://127.0.0.1:${webPort}` }],
  postgres: { url: `postgresql://postgres@127.0.0.1:${postgres.port}/postgres`, password: 'secret:pg' },
  redis: [{ name: 'cache', url: `redis://127.0.0.1:${redis.port}/2`, password: 'secret:redis' }],
})

describe.each([
  { way: 'directly', hops: 0 },
  { way: 'through one hop', hops: 1 },
  { way: 'through two hops', hops: 2 },
])('$way', ({ hops }) => {
  const ssh = () => (hops === 0 ? {} : { ssh: { hops: [bastion, inner].slice(0, hops).map(hopOf) } })

  it('reaches PostgreSQL, Redis, HTTP and the host, and leaves nothing open', async () => {
    const kit = await kitWithSecrets()
    const reach = kit.reach({
      ...targets(),
      ...ssh(),
      hosts: [{ name: 'machine', over: hops === 0 ? 'local' : 'ssh' }],
    })
    const answer = await reach.postgres?.probes.query('SELECT $1::int + 1 AS two', [1], soon())
    expect(answer?.rows).toEqual([{ two: 2 }])
    expect(answer?.bytes).toBeGreaterThan(20)
    expect(reach.postgres?.probes.version).toBeGreaterThan(120_000)
    await reach.postgres?.people.query('SELECT 1', [], soon())
    expect(await reach.redis('cache').command('PING', [], soon())).toBe('PONG')
    const page = await reach.http('api').get('/health', { ...soon(), maxBytes: 1_000 })
    expect(page).toMatchObject({ status: 200, truncated: false, certificateEndsAt: null })
    expect(page.body.toString()).toBe('path /health')
    const ran = await reach
      .host('machine')
      .run(['printf', '%s|', 'a b', `it's`, '$HOME'], { ...soon(), maxBytes: 1_000 })
    const stdout = `a b|it's|$HOME|`
    expect(ran).toEqual({ code: 0, output: Buffer.from(stdout), stdout, stderr: '' })
    await until(() => reach.connection().status === 'CONNECTED')
    expect(reach.connection().hops.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: hops }, () => 'ssh'),
      'postgres',
      'redis',
      'http',
      'host',
    ])
    const { rows } = {
      rows: await postgres.query(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'vakhta'`,
      ),
    }
    expect(rows).toEqual([{ n: 2 }])

    await reach.close()
    const counted = async () => {
      const [row] = await postgres.query(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'vakhta'`,
      )
      return row?.n
    }
    await until(async () => (await counted()) === 0)
    await until(() => bastion.sessions() === 0 && inner.sessions() === 0)
  })
})
