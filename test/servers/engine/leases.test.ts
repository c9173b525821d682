/** Two consoles on one deployment, agreed in a real PostgreSQL or Redis: one tells, and the other takes over when it is gone. */
import { fork } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPgBouncer } from '../../../demo/servers/pgbouncer.ts'
import { startPostgres } from '../../../demo/servers/postgres.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { startStrandingRelay } from '../../support/stranding-relay.ts'
import { until } from '../../support/until.ts'
import type { WatchOrder } from './children/watch-and-tell.ts'
import {
  afterwards,
  type Console,
  newDataDirectory,
  type Site,
  startConsole,
  startSite,
  vaultOf,
} from './engine-kit.ts'

/** What is known of another console lasts ten seconds, a turn is every three, and machines are slow. */
const TAKES_OVER = { timeoutMs: 40_000 }

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.stop())

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterwards(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Told {
  readonly by: string
  readonly kind: string
  readonly doubled: string | null
}

/** Hears everybody, each at a path of its own. */
async function startReceiver() {
  const told: Told[] = []
  /** Whom it lets in no more. */
  const refused = new Set<string>()
  const url = await listening(
    createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const message = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Omit<Told, 'by'>
        const by = request.url?.slice(1) ?? ''
        if (refused.has(by)) return response.writeHead(404).end()
        told.push({ by, kind: message.kind, doubled: message.doubled })
        return response.end()
      })
    }),
  )
  return {
    ...{ told, refused },
    channel: (name: string) => ({ kind: 'webhook', name: 'hook', url: `${url}/${name}` }) as const,
  }
}

async function startNamed(
  name: string,
  profile: DeploymentProfileInput,
  receiver: Awaited<ReturnType<typeof startReceiver>>,
  secrets = site.secrets,
) {
  const console = await startConsole({ secrets })
  const { channels } = console.engine.notify
  await channels.configure({ baseUrl: null, consoleName: name })
  await channels.save(receiver.channel(name), null)
  await console.engine.deployments.save(profile, null)
  return console
}

/** A console that can be killed. */
async function startChild(
  profile: DeploymentProfileInput,
  receiver: Awaited<ReturnType<typeof startReceiver>>,
  secrets = site.secrets,
) {
  const dataDirectory = newDataDirectory()
  const child = fork(new URL('children/watch-and-tell.ts', import.meta.url), { stdio: 'inherit' })
  afterwards(() => child.kill('SIGKILL'))
  const order: WatchOrder = {
    ...{ dataDirectory, vault: vaultOf(dataDirectory), secrets, hostKeys: [] },
    ...{ profiles: [profile], channels: [receiver.channel('child')], consoleName: 'child' },
  }
  await new Promise((resolve) => {
    child.once('message', resolve)
    child.send(order)
  })
  return child
}

/** A service that is well until it is told otherwise, as a profile has it. */
async function startService() {
  let isDown = false
  const url = await listening(
    createServer((_request, response) => response.writeHead(isDown ? 503 : 200).end('{}')),
  )
  return {
    services: [{ name: 'api', url, ready: null, metrics: null }],
    down(is: boolean) {
      isDown = is
    },
  }
}

/** The PostgreSQL of a profile, at some port. */
const at = (port: number) => ({
  ...{ url: `postgresql://postgres@127.0.0.1:${port}/postgres`, password: 'secret:pg' },
})

const lease = ({ engine }: Console) => engine.lease('shop')

function untilState(console: Console, state: string) {
  return until(() => lease(console).state === state, { ...TAKES_OVER, what: `the lease to be ${state}` })
}

/** As an administrator sees it. */
async function isTaken(place: 'postgres' | 'redis'): Promise<boolean> {
  if (place === 'redis') {
    const client = await site.redis.connect()
    const value = await client.get('vakhta:lease:shop')
    client.disconnect()
    return value?.includes('child') === true
  }
  const client = await site.postgres.connect()
  const { rows } = await client.query("SELECT FROM pg_locks WHERE locktype = 'advisory'")
  await client.end()
  return rows.length > 0
}

describe.each(['postgres', 'redis'] as const)('a lease in %s', (place) => {
  it('lets one console tell, and the other when that one stops', async () => {
    const { services, down } = await startService()
    const profile = site.profile('shop', { services, lease: place })
    const receiver = await startReceiver()
    const anna = await startNamed('Анна на вахте', profile, receiver)
    await untilState(anna, 'holds')
    const boris = await startNamed('boris', profile, receiver)
    await untilState(boris, 'waits')
    expect(lease(boris)).toMatchObject({ holder: 'Анна на вахте', problem: null, failure: null })

    down(true)
    await until(() => receiver.told.length > 0, { timeoutMs: 40_000, what: 'the first message' })
    await until(() => boris.engine.alerts.active('shop').length > 0, { timeoutMs: 40_000 })
    expect(receiver.told).toEqual([{ by: encodeURI('Анна на вахте'), kind: 'firing', doubled: null }])

    await anna.engine.stop()
    await untilState(boris, 'holds')
    await until(() => receiver.told.length > 1, { timeoutMs: 20_000, what: 'what the other one tells' })
    expect(receiver.told.slice(1)).toEqual([{ by: 'boris', kind: 'firing', doubled: 'took-over' }])
  }, 180_000)

  it('goes to the other console when the holder is killed', async () => {
    const receiver = await startReceiver()
    const profile = site.profile('shop', { lease: place })
    const child = await startChild(profile, receiver)
    await until(() => isTaken(place), { ...TAKES_OVER, what: 'the child to hold the lease' })
    const boris = await startNamed('boris', profile, receiver)
    await untilState(boris, 'waits')
    expect(lease(boris).holder).toBe('child')
    const killedAt = performance.now()
    child.kill('SIGKILL')
    await untilState(boris, 'holds')
    console.log(`${place}: took over ${Math.round(performance.now() - killedAt)} ms after the kill`)
  }, 120_000)
})

it('counts no session that does nothing any more, however long PostgreSQL keeps it', async () => {
  const relay = await startStrandingRelay(site.postgres.port)
  afterwards(relay.stop)
  const receiver = await startReceiver()
  const profile = site.profile('shop', { lease: 'postgres' })
  const anna = await startNamed('anna', { ...profile, postgres: at(relay.port) }, receiver)
  await untilState(anna, 'holds')
  const boris = await startNamed('boris', profile, receiver)
  await untilState(boris, 'waits')
  relay.strand()
  await untilState(boris, 'holds')
  // The one that was cut off is back, behind the other.
  await until(() => lease(anna).state === 'waits' && lease(anna).holder === 'boris', TAKES_OVER)
}, 120_000)

it('is left to others by a console that has no channel', async () => {
  const receiver = await startReceiver()
  const profile = site.profile('shop', { lease: 'redis' })
  const mute = await startConsole({ secrets: site.secrets, profiles: [profile] })
  await until(() => lease(mute).state === 'aside', TAKES_OVER)
  const boris = await startNamed('boris', profile, receiver)
  await untilState(boris, 'holds')
}, 120_000)

it('is left to others by a console whose only channel refuses, and they tell what it could not', async () => {
  const { services, down } = await startService()
  const receiver = await startReceiver()
  receiver.refused.add('anna')
  const profile = site.profile('shop', { services, lease: 'redis' })
  const anna = await startNamed('anna', profile, receiver)
  await untilState(anna, 'holds')
  const boris = await startNamed('boris', profile, receiver)
  await untilState(boris, 'waits')
  down(true)
  await untilState(anna, 'aside')
  await untilState(boris, 'holds')
  await until(() => receiver.told.length > 0, { timeoutMs: 40_000, what: 'what the other one tells' })
  expect(receiver.told[0]).toMatchObject({ by: 'boris', kind: 'firing' })
}, 180_000)

it('is unsure where a role may not write the key, and says so', async () => {
  const admin = await site.redis.connect()
  await admin.call('ACL', 'SETUSER', 'watch', 'on', '>watching', '~*', '+@read', '+ping', '+info', '+client')
  admin.disconnect()
  const receiver = await startReceiver()
  const redis = [
    { name: 'cache', url: `redis://watch@127.0.0.1:${site.redis.port}/0`, password: 'secret:watch' },
  ]
  const console = await startConsole({ secrets: { ...site.secrets, watch: 'watching' } })
  await console.engine.notify.channels.save(receiver.channel('anna'), null)
  await console.engine.deployments.save(site.profile('shop', { redis, lease: 'redis' }), null)
  await untilState(console, 'unsure')
  expect(lease(console)).toMatchObject({ failure: { code: 'redis-command-denied' } })
}, 120_000)

it('is unsure on both sides once PostgreSQL is gone: neither falls silent', async () => {
  const own = await startSite()
  afterwards(own.stop)
  const receiver = await startReceiver()
  const profile = {
    ...site.profile('shop', { lease: 'postgres' }),
    postgres: {
      url: `postgresql://postgres@127.0.0.1:${own.postgres.port}/postgres`,
      password: 'secret:own',
    },
  }
  const start = async (name: string) => {
    const console = await startConsole({ secrets: { ...site.secrets, own: own.postgres.password } })
    await console.engine.notify.channels.configure({ baseUrl: null, consoleName: name })
    await console.engine.notify.channels.save(receiver.channel(name), null)
    await console.engine.deployments.save(profile, null)
    return console
  }
  const anna = await start('anna')
  await untilState(anna, 'holds')
  const boris = await start('boris')
  await untilState(boris, 'waits')
  await own.postgres.stop()
  await Promise.all([untilState(anna, 'unsure'), untilState(boris, 'unsure')])
  const doubled = () => receiver.told.filter((one) => one.kind === 'firing' && one.doubled === 'unsure')
  await until(() => new Set(doubled().map(({ by }) => by)).size === 2, {
    ...{ timeoutMs: 60_000, what: 'both consoles to tell, marked' },
  })
}, 180_000)

describe('in a PostgreSQL behind a transaction pooler', () => {
  /** Session locks that somebody left on a connection which the application shares. */
  const locksLeft = async () =>
    (await site.postgres.query("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")).length

  it('cannot be agreed on: every console that comes through it tells, and says that it may be doubled', async () => {
    const pooler = await startPgBouncer({
      ...{ postgresPort: site.postgres.port, poolMode: 'transaction' },
      users: { postgres: site.postgres.password },
    })
    afterwards(() => pooler.stop())
    const receiver = await startReceiver()
    const { services, down } = await startService()
    const profile = { ...site.profile('shop', { services, lease: 'postgres' }), postgres: at(pooler.port) }
    const child = await startChild(profile, receiver)
    const anna = await startNamed('anna', profile, receiver)
    const boris = await startNamed('boris', profile, receiver)
    await Promise.all([untilState(anna, 'unsure'), untilState(boris, 'unsure')])
    for (const one of [anna, boris]) {
      expect(lease(one)).toMatchObject({ problem: 'pooled', holder: null, failure: null })
    }

    down(true)
    const firing = () => receiver.told.filter(({ kind }) => kind === 'firing')
    await until(() => firing().length >= 3, { timeoutMs: 60_000, what: 'all three to tell' })
    expect(firing().toSorted((a, b) => a.by.localeCompare(b.by))).toEqual(
      ['anna', 'boris', 'child'].map((by) => ({ by, kind: 'firing', doubled: 'unsure' })),
    )

    // One of them dies, and the pooler restarts: nobody waits for anybody meanwhile.
    child.kill('SIGKILL')
    const seen = new Set<string>()
    const restarted = pooler.restart().then(() => seen.add('restarted'))
    await until(() => {
      for (const one of [anna, boris]) seen.add(lease(one).state)
      return seen.has('restarted')
    }, TAKES_OVER)
    await restarted
    for (const one of [anna, boris]) {
      await until(() => lease(one).problem === 'pooled', TAKES_OVER)
      seen.add(lease(one).state)
    }
    expect([...seen].toSorted()).toEqual(['restarted', 'unsure'])
    down(false)
    const resolved = () => receiver.told.filter(({ kind }) => kind === 'resolved').map(({ by }) => by)
    await until(() => new Set(resolved()).size === 2, { timeoutMs: 60_000, what: 'the end from both' })
    expect(await locksLeft()).toBe(0)
  }, 240_000)

  it('is held by the console that comes past it, while the one behind it says that it may be doubled', async () => {
    const pooler = await startPgBouncer({
      ...{ postgresPort: site.postgres.port, poolMode: 'transaction' },
      users: { postgres: site.postgres.password },
    })
    afterwards(() => pooler.stop())
    const receiver = await startReceiver()
    const { services, down } = await startService()
    const profile = site.profile('shop', { services, lease: 'postgres' })
    const anna = await startNamed('anna', profile, receiver)
    await untilState(anna, 'holds')
    const boris = await startNamed('boris', { ...profile, postgres: at(pooler.port) }, receiver)
    await untilState(boris, 'unsure')
    down(true)
    await until(() => receiver.told.length >= 2, { timeoutMs: 60_000, what: 'both to tell' })
    expect(receiver.told.toSorted((a, b) => a.by.localeCompare(b.by))).toEqual([
      { by: 'anna', kind: 'firing', doubled: null },
      { by: 'boris', kind: 'firing', doubled: 'unsure' },
    ])
  }, 180_000)
})

it('goes to the other console in a PostgreSQL that takes no writes, too', async () => {
  const own = await startPostgres()
  afterwards(() => own.stop())
  await own.query("ALTER SYSTEM SET default_transaction_read_only = 'on'")
  await own.query('SELECT pg_reload_conf()')
  const receiver = await startReceiver()
  const secrets = { ...site.secrets, pg: own.password }
  const profile = { ...site.profile('shop', { lease: 'postgres' }), postgres: at(own.port) }
  const child = await startChild(profile, receiver, secrets)
  await until(
    async () => (await own.query("SELECT FROM pg_locks WHERE locktype = 'advisory'")).length > 0,
    TAKES_OVER,
  )
  const boris = await startNamed('boris', profile, receiver, secrets)
  await untilState(boris, 'waits')
  expect(lease(boris)).toMatchObject({ holder: 'child', problem: null })
  child.kill('SIGKILL')
  await untilState(boris, 'holds')
}, 120_000)

it('is unsure on a standby of several servers, where the other console may be on the primary', async () => {
  const primary = await startPostgres({ settings: { wal_level: 'replica', max_wal_senders: 4 } })
  afterwards(() => primary.stop())
  const standby = await startPostgres({ standbyOf: primary })
  afterwards(() => standby.stop())
  const receiver = await startReceiver()
  const secrets = { ...site.secrets, pg: primary.password }
  const on = (attributes: string): DeploymentProfileInput => ({
    ...site.profile('shop', { lease: 'postgres' }),
    postgres: {
      url: `postgresql://postgres@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/postgres?target_session_attrs=${attributes}`,
      password: 'secret:pg',
    },
  })
  const anna = await startNamed('anna', on('read-write'), receiver, secrets)
  await untilState(anna, 'holds')
  const boris = await startNamed('boris', on('standby'), receiver, secrets)
  await untilState(boris, 'unsure')
  expect(lease(boris)).toMatchObject({ problem: 'standby', failure: null })
}, 120_000)
