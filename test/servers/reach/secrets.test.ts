import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import type { Log } from '../../../src/main/engine/log.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import { listenWith } from '../../support/ports.ts'
import { createKit, hopOf, soon } from './reach-kit.ts'

let postgres: PostgresServer
let redis: RedisServer
let bastion: SshServer
beforeAll(async () => {
  ;[postgres, redis, bastion] = await Promise.all([startPostgres(), startRedis(), startSshd()])
})
afterAll(async () => {
  await Promise.all([postgres?.stop(), redis?.stop(), bastion?.stop()])
})

it('no secret is in an error, a failure, a step or a line of the log, whether it was right or wrong', async () => {
  const lines: string[] = []
  const write = (fields: object, message: string) => lines.push(inspect({ fields, message }, { depth: 20 }))
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const kit = await createKit({ log })
  await kit.know(bastion)
  const locked = join(kit.directory, 'locked')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'planted-real-phrase', '-f', locked])
  const planted = {
    pg: 'planted-wrong-postgres',
    rd: 'planted-wrong-redis',
    phrase: 'planted-wrong-phrase',
    token: 'planted token\nwith a break',
    right: postgres.password,
    rightRedis: redis.password,
  }
  for (const [name, value] of Object.entries(planted)) kit.secrets.set(name, value)
  kit.secrets.set('key', await readFile(locked, 'utf8'))

  const profiles = ['pg', 'right'].flatMap((password) =>
    [{}, { ssh: { hops: [{ ...hopOf(bastion), key: 'secret:key', passphrase: 'secret:phrase' }] } }].map(
      (ssh) => ({
        postgres: {
          url: `postgresql://postgres@127.0.0.1:${postgres.port}/postgres`,
          password: `secret:${password}`,
        },
        redis: [
          {
            name: 'cache',
            url: `redis://127.0.0.1:${redis.port}`,
            password: password === 'pg' ? 'secret:rd' : 'secret:rightRedis',
          },
        ],
        services: [{ name: 'api', url: `http://127.0.0.1:${redis.port}`, token: 'secret:token' }],
        ...ssh,
      }),
    ),
  )
  for (const profile of profiles) {
    const reach = kit.reach(profile)
    const outcomes = await Promise.allSettled([
      reach.postgres?.probes.query('SELECT nonsense', [], soon()),
      reach.redis('cache').command('GET', ['a', 'b'], soon()),
      reach.http('api').get('/', { ...soon(), maxBytes: 100 }),
    ])
    lines.push(inspect({ outcomes, connection: reach.connection() }, { depth: 20, showHidden: true }))
    const steps = []
    for await (const step of diagnose(kit.profile(profile), kit, new AbortController().signal))
      steps.push(step)
    lines.push(inspect(steps, { depth: 20 }))
  }
  const told = lines.join('\n')
  expect(told).toContain('postgres-password-wrong')
  expect(told).toContain('key-passphrase-wrong')
  expect(told).toContain('http-token-invalid')
  for (const secret of [...Object.values(planted), 'planted-real-phrase']) expect(told).not.toContain(secret)
  expect(told).not.toContain('PRIVATE KEY')
})

it('no secret is told that a far side repeats', async () => {
  const secret = 'planted-and-repeated'
  const lines: string[] = []
  const write = (fields: object, message: string) => lines.push(inspect({ fields, message }, { depth: 20 }))
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const kit = await createKit({ log })
  kit.secrets.set('secret', secret)
  const word = (text: string) => `${text}\0`
  const error = Buffer.from(`${word('SFATAL')}${word('C28P01')}${word(`Mno such password: ${secret}`)}\0`)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(error.length + 4)
  const servers = await Promise.all([
    listenWith((said) =>
      said.includes(secret)
        ? Buffer.concat([Buffer.from('E'), length, error])
        : Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]),
    ),
    listenWith((said) => `-ERR what do you mean by ${said.match(/planted-\S+/)?.[0]}\r\n`),
    listenWith((said) => `500 unknown: ${said.match(/planted-\S+/)?.[0]}\r\n`),
  ])
  const [pg, polite, rude] = servers
  const profile = {
    postgres: {
      url: `postgresql://watch@127.0.0.1:${pg.port}/postgres?sslmode=disable`,
      password: 'secret:secret',
    },
    redis: [polite, rude].map(({ port }, index) => ({
      name: `r${index}`,
      url: `redis://127.0.0.1:${port}`,
      password: 'secret:secret',
    })),
  }
  try {
    const reach = kit.reach(profile)
    const outcomes = await Promise.allSettled([
      reach.postgres?.probes.query('SELECT 1', [], soon()),
      reach.redis('r0').command('PING', [], soon()),
      reach.redis('r1').command('PING', [], soon()),
    ])
    lines.push(inspect({ outcomes, connection: reach.connection() }, { depth: 20, showHidden: true }))
    for await (const step of diagnose(kit.profile(profile), kit, new AbortController().signal))
      lines.push(inspect(step, { depth: 20 }))
    await reach.close()
  } finally {
    await Promise.all(servers.map((server) => server.close()))
  }
  const told = lines.join('\n')
  expect(told).toContain('postgres-password-wrong')
  expect(told).toContain('what do you mean by …')
  expect(told).toContain('redis-not-spoken')
  expect(told).not.toContain(secret)
})
