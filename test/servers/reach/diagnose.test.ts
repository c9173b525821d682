import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import { closedPort, listenSilently, listenWith } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { createKit, hopOf, type Kit } from './reach-kit.ts'

let postgres: PostgresServer
let redis: RedisServer
let bastion: SshServer
let inner: SshServer
let kit: Kit
const web = createServer((request, response) => {
  response.statusCode = request.url === '/locked' ? 401 : request.url === '/broken' ? 503 : 200
  response.end()
})
let webPort = 0

beforeAll(async () => {
  ;[postgres, redis, bastion, inner] = await Promise.all([
    startPostgres(),
    startRedis(),
    startSshd(),
    startSshd(),
  ])
  await postgres.query(`CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor`)
  await postgres.query(`CREATE ROLE blind LOGIN PASSWORD 'right'`)
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  webPort = (web.address() as AddressInfo).port
})
afterAll(async () => {
  web.closeAllConnections()
  web.close()
  await Promise.all([postgres?.stop(), redis?.stop(), bastion?.stop(), inner?.stop()])
})
beforeEach(async () => {
  kit = await createKit()
  kit.secrets.set('pg', 'right')
  kit.secrets.set('redis', redis.password)
  await kit.know(bastion, inner)
})

const db = (user = 'watch', port = postgres.port) => ({
  postgres: { url: `postgresql://${user}@127.0.0.1:${port}/postgres`, password: 'secret:pg' },
})
const cache = () => ({
  redis: [{ name: 'cache', url: `redis://127.0.0.1:${redis.port}`, password: 'secret:redis' }],
})
const api = (live = '/health') => ({ services: [{ name: 'api', url: `http://127.0.0.1:${webPort}`, live }] })
const through = (...servers: SshServer[]) => ({ ssh: { hops: servers.map(hopOf) } })

async function walkAll(profile: Parameters<Kit['profile']>[0], signal = new AbortController().signal) {
  const results: ReachStepResult[] = []
  const walking = diagnose(kit.profile(profile), kit, signal)
  for (;;) {
    const next = await walking.next()
    if (next.done) return { results, ok: next.value.ok }
    results.push(next.value)
  }
}

/** `hop step status`, with the failure's code where there is one. */
const brief = (results: ReachStepResult[]) =>
  results.map(({ hop, step, status, failure }) => `${hop} ${step} ${failure?.code ?? status}`)

const nothingLeft = async () => {
  await until(async () => {
    const rows = await postgres.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'vakhta'`,
    )
    return rows[0]?.n === 0 && bastion.sessions() === 0 && inner.sessions() === 0
  })
}

describe('testing the way', () => {
  it('walks every step to every target directly, with times and what was found', async () => {
    const { results, ok } = await walkAll({
      ...db(),
      ...cache(),
      ...api(),
      hosts: [{ name: 'here', over: 'local' }],
    })
    const [pg, red, http] = [
      `PostgreSQL 127.0.0.1:${postgres.port}`,
      `Redis 127.0.0.1:${redis.port}`,
      `HTTP 127.0.0.1:${webPort}`,
    ]
    expect(brief(results)).toEqual([
      ...['resolve', 'tcp', 'tls', 'protocol', 'authentication', 'privilege'].map(
        (step) => `${pg} ${step} ok`,
      ),
      ...['resolve', 'tcp', 'protocol', 'authentication', 'privilege'].map((step) => `${red} ${step} ok`),
      ...['resolve', 'tcp', 'protocol', 'authentication'].map((step) => `${http} ${step} ok`),
      'host here protocol ok',
    ])
    expect(ok).toBe(true)
    expect(results.every(({ ms }) => ms !== null && ms >= 0)).toBe(true)
    expect(results.find(({ step }) => step === 'privilege')?.detail).toBe('pg_monitor, primary')
    await nothingLeft()
  })

  it('looks up no name on the way to a socket file', async () => {
    const nowhere = { url: 'unix:///nowhere/redis.sock' }
    const { results } = await walkAll({
      postgres: { url: 'postgresql://watch@/postgres?host=/nowhere' },
      redis: [{ name: 'cache', ...nowhere }],
    })
    expect(results.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'tcp failed',
      ...['protocol', 'authentication', 'privilege'].map((step) => `${step} skipped`),
      'tcp failed',
      ...['protocol', 'authentication', 'privilege'].map((step) => `${step} skipped`),
    ])
  })

  it('walks two hops one after the other, and leaves nothing open', async () => {
    const { results, ok } = await walkAll({
      ...db(),
      ...cache(),
      ...api(),
      ...through(bastion, inner),
      hosts: [
        { name: 'end', over: 'ssh' },
        { name: 'other', over: 'ssh', hop: hopOf(bastion) },
      ],
    })
    expect(ok).toBe(true)
    const [one, two] = [`${bastion.user}@127.0.0.1:${bastion.port}`, `${inner.user}@127.0.0.1:${inner.port}`]
    expect(brief(results).slice(0, 8)).toEqual([
      `${one} resolve ok`,
      `${one} tcp ok`,
      `${one} host-key ok`,
      `${one} ssh-authentication ok`,
      `${two} forward ok`,
      `${two} host-key ok`,
      `${two} ssh-authentication ok`,
      `PostgreSQL 127.0.0.1:${postgres.port} forward ok`,
    ])
    expect(brief(results).slice(-5)).toEqual([
      'host end protocol ok',
      `${one} forward ok`,
      `${one} host-key ok`,
      `${one} ssh-authentication ok`,
      'host other protocol ok',
    ])
    expect(results[2]?.detail).toBe(bastion.hostFingerprint)
    await nothingLeft()
  })

  it('stops at the hop that fails, says why, and skips what is behind it', async () => {
    await kit.know(bastion)
    const { results, ok } = await walkAll({ ...db(), ...through(bastion, inner) })
    const two = `${inner.user}@127.0.0.1:${inner.port}`
    expect(ok).toBe(false)
    expect(brief(results).slice(4)).toEqual([
      `${two} forward ok`,
      `${two} host-key host-key-unknown`,
      `${two} ssh-authentication skipped`,
      ...['forward', 'tls', 'protocol', 'authentication', 'privilege'].map(
        (step) => `PostgreSQL 127.0.0.1:${postgres.port} ${step} skipped`,
      ),
    ])
    await nothingLeft()
  })

  it('goes on with the other targets when one fails', async () => {
    const port = await closedPort()
    const { results, ok } = await walkAll({ ...db('watch', port), ...cache() })
    expect(ok).toBe(false)
    expect(brief(results)).toContain(`PostgreSQL 127.0.0.1:${port} tcp tcp-refused`)
    expect(brief(results)).toContain(`PostgreSQL 127.0.0.1:${port} privilege skipped`)
    expect(brief(results).at(-1)).toBe(`Redis 127.0.0.1:${redis.port} privilege ok`)
  })

  it('says which right is missing, and how to grant it', async () => {
    const { results } = await walkAll(db('blind'))
    expect(results.at(-1)).toMatchObject({
      step: 'privilege',
      failure: { code: 'postgres-monitor-missing', params: { user: 'blind' } },
    })
    const admin = await redis.connect()
    await admin.call('ACL', ['SETUSER', 'dull', 'on', '>right', '+ping'])
    admin.disconnect()
    kit.secrets.set('dull', 'right')
    const { results: told } = await walkAll({
      redis: [{ name: 'cache', url: `redis://dull@127.0.0.1:${redis.port}`, password: 'secret:dull' }],
    })
    expect(told.at(-1)).toMatchObject({
      step: 'privilege',
      failure: { code: 'redis-command-denied', params: { command: 'INFO, SLOWLOG, CONFIG' } },
    })
  })

  it('tells a wrong password and a service that wants other credentials or is not well', async () => {
    kit.secrets.set('pg', 'wrong')
    const { results } = await walkAll(db())
    expect(brief(results).slice(-2)).toEqual([
      `PostgreSQL 127.0.0.1:${postgres.port} authentication postgres-password-wrong`,
      `PostgreSQL 127.0.0.1:${postgres.port} privilege skipped`,
    ])
    expect(brief((await walkAll(api('/locked'))).results).at(-1)).toContain(
      'authentication http-not-admitted',
    )
    expect(brief((await walkAll(api('/broken'))).results).at(-2)).toContain('protocol http-unhealthy')
  })

  it('can be stopped while a server that let us in keeps silent', async () => {
    let asked = false
    const hung = await listenWith((said) => {
      if (said.includes('INFO')) asked = true
      return said.includes('PING') ? '+PONG\r\n' : asked ? null : '+OK\r\n'
    })
    try {
      const controller = new AbortController()
      const walking = walkAll(
        { redis: [{ name: 'cache', url: `redis://127.0.0.1:${hung.port}` }] },
        controller.signal,
      )
      await until(() => asked)
      controller.abort(new Error('enough'))
      await expect(walking).rejects.toThrow('enough')
      await until(() => hung.connections() === 0)
    } finally {
      await hung.close()
    }
  })

  it('can be stopped in the middle, by whoever reads and by its signal, and closes what it opened', async () => {
    const mute = await listenSilently()
    try {
      const profile = { ...through(bastion), ...db('watch', mute.port) }
      for await (const { step } of diagnose(kit.profile(profile), kit, new AbortController().signal)) {
        if (step === 'ssh-authentication') break
      }
      await nothingLeft()
      const controller = new AbortController()
      const walking = walkAll(profile, controller.signal)
      await until(() => mute.connections() === 1)
      controller.abort(new Error('enough'))
      await expect(walking).rejects.toThrow('enough')
      await nothingLeft()
      await until(() => mute.connections() === 0)
    } finally {
      await mute.close()
    }
  })
})
