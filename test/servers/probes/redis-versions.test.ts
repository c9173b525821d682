import { execFile, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { freePort } from '../../../demo/servers/free-port.ts'
import { type RedisOptions, type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type RedisProgram, redisPrograms } from '../../../demo/servers/redis-programs.ts'
import { startSentinelGroup } from '../../../demo/servers/redis-sentinel.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { redis } from '../../../src/main/engine/probes/redis/index.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import { METRICS } from '../../../src/shared/catalogue/metrics.ts'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import {
  type ConnectionCounter,
  createConnectionCounter,
  moreThan,
} from '../../support/connection-counter.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, type Kit, soon } from '../reach/reach-kit.ts'
import { type Watcher, watch } from './probe-kit.ts'

/** Every version that is on this machine, and those that have to be; the names of what is skipped say why. */
const present = new Map(redisPrograms().map((program) => [program.name, program]))
const names = [...new Set([...present.keys(), 'Redis 6.0', 'Redis 8.0', 'Valkey 8.1'])].sort()

/** Of a user that watches a cluster. */
const LEAST_RIGHTS = '+ping +info +slowlog|get +cluster|info +cluster|nodes +cluster|slots'

let kit: Kit
let counter: ConnectionCounter
const closers: (() => unknown)[] = []

beforeAll(() => {
  counter = createConnectionCounter()
})
afterAll(() => counter.stop())
beforeEach(async () => {
  kit = await createKit()
})
afterEach(async () => {
  // What is tested holds one connection to a server at the most, all the time.
  const counted = await counter.taken()
  for (const close of closers.splice(0).reverse()) await close()
  expect(moreThan(1, counted)).toEqual([])
})

describe.each(names)('%s', (name) => {
  const program = present.get(name)
  const why =
    program === undefined
      ? ' (not installed: npm test installs it, or node scripts/redis-versions.ts does)'
      : ''
  const skip = program === undefined
  const major = program?.version[0] ?? 0
  const withUsers = major >= 6
  const tellsRefusals = major > 6 || (major === 6 && (program?.version[1] ?? 0) >= 2)
  const withoutUsers = skip ? why : ' (it has no users yet)'
  const withTls = program !== undefined && speaksTls(program)
  const withoutTls = skip ? why : ' (it was built without TLS)'

  async function start(options: RedisOptions = {}): Promise<RedisServer> {
    const server = await startRedis({ program: program?.server, ...options })
    closers.push(() => server.stop())
    return server
  }

  async function open(server: RedisServer) {
    const client = await server.connect()
    closers.push(() => client.disconnect())
    return client
  }

  function profileOf(server: { port: number }, part: Record<string, unknown> = {}) {
    return {
      redis: [{ name: 'cache', url: `redis://127.0.0.1:${server.port}`, password: 'secret:redis', ...part }],
    }
  }

  function watching(server: RedisServer, part: Record<string, unknown> = {}) {
    kit.secrets.set('redis', server.password)
    const profile = profileOf(server, part)
    const reach = kit.reach(profile)
    counter.watch(server.port)
    return { reach, session: reach.redis('cache'), watcher: watch(redis, kit.profile(profile), reach) }
  }

  async function walked(profile: Parameters<Kit['profile']>[0]): Promise<ReachStepResult[]> {
    const steps: ReachStepResult[] = []
    for await (const step of diagnose(kit.profile(profile), kit, new AbortController().signal))
      steps.push(step)
    return steps
  }

  it.skipIf(skip)(
    `is named as it is, and read completely with a password alone${why}`,
    async () => {
      const primary = await start({
        config: { maxmemory: '64mb', save: '3600 1', appendonly: 'yes', 'repl-diskless-sync-delay': 0 },
      })
      const replica = await start({
        password: primary.password,
        config: { replicaof: `127.0.0.1 ${primary.port}`, masterauth: primary.password },
      })
      const client = await open(primary)
      await client.set('a', '1', 'EX', 1_000)
      await client.config('SET', 'slowlog-log-slower-than', 0)
      const { watcher } = watching(primary)
      await until(async () => (await client.info('replication')).includes('state=online'), {
        timeoutMs: 20_000,
      })
      await watcher.look()
      await client.get('a')
      await client.get('missing')
      // Within a few milliseconds what a look asks for itself is thousands of commands per second.
      await pass(300)
      const seen = await watcher.look()
      expect(seen).toMatchObject({ status: 'HEALTHY', reason: { code: 'redis-healthy' } })
      const unknown = Object.keys(METRICS).filter(
        (metric) => metric.startsWith('redis_') && typeof seen.values[metric] !== 'number',
      )
      // Of a cluster, of a replica, and before 6.2 what only came then.
      expect(unknown).toEqual([
        ...(name === 'Redis 6.0' ? ['redis_clients_usage', 'redis_errors_total'] : []),
        'redis_primary_link_up',
        'redis_cluster_ok',
        'redis_cluster_slots_unserved',
      ])
      expect(seen.values).toMatchObject({
        redis_connected_replicas: 1,
        redis_rejected_connections_total: 0,
        redis_connected: 1,
        redis_keys_total: 1,
        redis_hit_rate: 50,
        redis_last_save_ok: 1,
        redis_aof_ok: 1,
        redis_blocked_clients: 0,
      })
      expect(seen.values.redis_slow_commands_total).toBeGreaterThan(0)
      expect(seen.evidence?.slowLog?.[0]?.command).toMatch(/^[A-Z]+$/)
      const { version, role } = seen.evidence?.facts ?? {}
      expect(role).toBe('primary')
      expect(`${program?.isValkey === true ? '' : 'Redis '}${version}`).toMatch(
        new RegExp(`^${name}\\.\\d+$`),
      )
      const second = watching(replica)
      // It may follow before it has read what there was.
      const following = await until(
        async () => {
          const look = await second.watcher.look()
          return look.reason.code === 'redis-healthy-replica' && look.values.redis_keys_total === 1 && look
        },
        { timeoutMs: 20_000, what: 'a replica with the key' },
      )
      expect(following.reason.params.primary).toBe(`127.0.0.1:${primary.port}`)
      await primary.kill()
      expect((await lookUntil(second.watcher, 'redis-replication-broken')).status).toBe('CRITICAL')
    },
    60_000,
  )

  it.skipIf(skip)(`tells what is wrong about a login, and tries a wrong one once${why}`, async () => {
    const [server, free] = [await start(), await start({ password: null })]
    kit.secrets.set('redis', 'wrong')
    const ping = (to: RedisServer, part: Record<string, unknown> = {}) =>
      failureOf(kit.reach(profileOf(to, part)).redis('cache').command('PING', [], soon()))
    expect(await ping(server)).toMatchObject({ code: 'redis-password-wrong', recovery: 'person' })
    expect(await ping(server, { password: undefined })).toMatchObject({ code: 'redis-password-needed' })
    expect(await ping(free)).toMatchObject({ code: 'redis-password-not-expected' })
    kit.secrets.set('redis', server.password)
    expect(await ping(server, { url: `redis://127.0.0.1:${server.port}/99` })).toMatchObject({
      code: 'redis-database-missing',
    })
    expect(await ping(server, { url: `redis://somebody@127.0.0.1:${server.port}` })).toMatchObject({
      code: withUsers ? 'redis-password-wrong' : 'redis-users-unknown',
      recovery: 'person',
    })
  })

  it.skipIf(!withUsers)(
    `takes the rights that are asked for, and they are enough${withUsers ? '' : withoutUsers}`,
    async () => {
      const server = await start()
      const admin = await open(server)
      const asUser = (user: string) => ({ url: `redis://${user}@127.0.0.1:${server.port}` })
      await admin.call('ACL', ['SETUSER', 'blind', 'on', `>${server.password}`])
      const { watcher } = watching(server, asUser('blind'))
      const blind = await watcher.look()
      expect(blind).toMatchObject({ status: 'WARNING', reason: { code: 'redis-info-forbidden' } })
      expect(blind.evidence?.facts?.forbidden).toBe('PING, INFO, SLOWLOG, CONFIG')
      const denied = await walked(profileOf(server, asUser('blind')))
      expect(denied.at(-1)?.failure?.code).toBe('redis-command-denied')
      const granted = String(blind.evidence?.facts?.grant).split(' ')
      await admin.call(granted[0] ?? '', granted.slice(1))
      const seeing = await lookUntil(watcher, 'redis-healthy')
      expect(seeing.evidence?.facts?.forbidden).toBeUndefined()

      // And what the guide tells to make beforehand.
      const [, rules = ''] =
        /^ACL SETUSER vakhta on >… (.+)$/m.exec(readFileSync('docs/guide.md', 'utf8')) ?? []
      expect(rules).not.toBe('')
      await admin.call('ACL', ['SETUSER', 'vakhta', 'on', `>${server.password}`, ...rules.split(' ')])
      const guided = watching(server, asUser('vakhta'))
      const seen = await lookUntil(guided.watcher, 'redis-healthy')
      expect(seen.evidence?.facts?.forbidden ?? 'CONFIG').toBe('CONFIG')
      await expect(guided.session.command('SET', ['a', 'b'], soon())).rejects.toMatchObject({
        failure: { code: 'redis-command-denied' },
      })
      await guided.reach.close()
      const steps = await walked(profileOf(server, asUser('vakhta')))
      expect(steps.filter(({ status }) => status === 'failed')).toEqual([])
      // Two users are two deployments, each with its one connection.
      expect(moreThan(2, await counter.taken())).toEqual([])
    },
  )

  it.skipIf(!withTls)(`is reached over TLS${withTls ? '' : withoutTls}`, async () => {
    const root = createAuthority()
    const issued = root.issue({ names: ['localhost'] })
    const files = createTemporaryDirectory('redis-version')
    closers.push(() => files.remove())
    const file = (what: string, text: string) => {
      writeFileSync(join(files.path, what), text, { mode: 0o600 })
      return join(files.path, what)
    }
    const tlsPort = await freePort()
    const server = await start({
      config: {
        'tls-port': tlsPort,
        'tls-cert-file': file('certificate', issued.chain),
        'tls-key-file': file('key', issued.key),
        'tls-ca-cert-file': file('authority', root.certificate),
        'tls-auth-clients': 'no',
      },
    })
    kit.secrets.set('authority', root.certificate)
    const { watcher } = watching(server, {
      url: `rediss://localhost:${tlsPort}`,
      tls: { authorities: 'secret:authority' },
    })
    counter.watch(tlsPort)
    await lookUntil(watcher, 'redis-healthy')
    const plain = await failureOf(
      kit
        .reach(profileOf({ port: tlsPort }))
        .redis('cache')
        .command('PING', [], soon()),
    )
    expect(['redis-wants-tls', 'redis-closed-early']).toContain(plain.code)
    // Over TLS one, without it one that is refused.
    expect(moreThan(2, await counter.taken())).toEqual([])
  })

  it.skipIf(skip)(`goes on without commands that were renamed away, and names them${why}`, async () => {
    const server = await start({
      config: {
        'rename-command SLOWLOG': '""',
        'rename-command CONFIG': 'CFG',
        'rename-command CLIENT': '""',
      },
    })
    const { watcher } = watching(server)
    const partly = await watcher.look()
    expect(partly).toMatchObject({ status: 'HEALTHY', evidence: { facts: { renamed: 'SLOWLOG, CONFIG' } } })
    expect(partly.values.redis_memory_used_bytes).toBeGreaterThan(0)
    const blind = await start({ config: { 'rename-command INFO': '""' } })
    expect((await watching(blind).watcher.look()).reason.code).toBe('redis-info-renamed')
  })

  it.skipIf(skip)(
    `reads its data and runs out of memory, and it is told which${why}`,
    async () => {
      const server = await start({
        config: { save: '3600 1', ...(major >= 7 ? { 'enable-debug-command': 'yes' } : {}) },
      })
      const client = await open(server)
      const { watcher, reach } = watching(server)
      await lookUntil(watcher, 'redis-healthy')
      // A millisecond for each key where it is looked up often enough who asks; before 7.0 it takes more keys.
      const isOften = await client
        .config('SET', 'loading-process-events-interval-bytes', 1_024)
        .catch(() => null)
      if (isOften !== null) await client.config('SET', 'key-load-delay', 1_000)
      const keys = isOften === null ? 1_500_000 : 1_500
      await client.call('DEBUG', ['POPULATE', keys])
      const reload = () => client.call('DEBUG', ['RELOAD'])
      let loaded = reload()
      let isLoaded = false
      // It may be read between two looks.
      const loading = await until(
        async () => {
          if (isLoaded) loaded = reload()
          isLoaded = false
          loaded.then(
            () => {
              isLoaded = true
            },
            () => {},
          )
          const look = await watcher.look()
          return look.reason.code === 'redis-loading-progress' && look
        },
        { timeoutMs: 20_000, what: 'redis-loading-progress' },
      )
      expect(loading).toMatchObject({
        status: 'DISCONNECTED',
        values: { redis_connected: 0, redis_latency_ms: null },
      })
      expect(reach.connection().status).toBe('CONNECTED')
      await loaded
      expect((await lookUntil(watcher, 'redis-healthy')).values.redis_keys_total).toBe(keys)

      await client.flushall()
      await client.config('SET', 'maxmemory', '8mb')
      await client.config('SET', 'maxmemory-policy', 'noeviction')
      const chunk = 'x'.repeat(200_000)
      // Before 6.2 it does not tell how many commands it refused: just below the limit it is known as nearly full.
      const full = ['redis-out-of-memory', ...(tellsRefusals ? [] : ['redis-memory-high'])]
      let key = 0
      const seen = await until(
        async () => {
          const refused = await client.set(`key${key++}`, chunk).then(
            () => false,
            (error: Error) => error.message.startsWith('OOM'),
          )
          const look = refused ? await watcher.look() : null
          return full.includes(look?.reason.code ?? '') && look
        },
        { everyMs: 1 },
      )
      expect(seen).toMatchObject({ status: 'CRITICAL', values: { redis_connected: 1 } })
      await client.flushall()
      await until(async () => (await watcher.look()).status === 'HEALTHY')
    },
    60_000,
  )

  it.skipIf(skip)(
    `is watched as a cluster that its own tool made, with least rights${why}`,
    async () => {
      const password = 'cluster-password'
      const nodes = await Promise.all(
        [0, 1, 2].map(() =>
          start({
            password,
            config: {
              'cluster-enabled': 'yes',
              'cluster-config-file': 'nodes.conf',
              'cluster-node-timeout': 1_000,
              masterauth: password,
              ...(withUsers ? { 'user watch': `on >${password} ${LEAST_RIGHTS}` } : {}),
            },
          }),
        ),
      )
      const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
      await promisify(execFile)(program?.cli ?? '', ['--cluster', 'create', ...addresses, '--cluster-yes'], {
        env: { ...process.env, REDISCLI_AUTH: password },
        timeout: 30_000,
      })
      const user = withUsers ? 'watch@' : ''
      kit.secrets.set('redis', password)
      for (const { port } of nodes) counter.watch(port)
      const profile = profileOf(
        { port: 0 },
        { url: `redis://${user}${addresses.slice(1).join(',')}`, cluster: true },
      )
      const watcher = watch(redis, kit.profile(profile), kit.reach(profile))
      const seen = await lookUntil(watcher, 'redis-healthy-cluster', 30_000)
      expect(seen.reason.params).toMatchObject({ nodes: 3, primaries: 3 })
      const shown = seen.evidence?.redisNodes ?? []
      expect(shown.map((node) => node.name).sort()).toEqual([...addresses].sort())
      expect(shown.reduce((sum, { slots }) => sum + slots, 0)).toBe(16_384)
      await nodes[0]?.kill()
      const failing = await lookUntil(watcher, 'redis-cluster-failing', 30_000)
      expect(failing.status).toBe('CRITICAL')
      await nodes[0]?.restart()
      await lookUntil(watcher, 'redis-healthy-cluster', 60_000)
    },
    120_000,
  )

  it.skipIf(skip)(
    `is followed where sentinels promote another${why}`,
    async () => {
      const group = await startSentinelGroup({ program: program?.server ?? '' })
      closers.push(() => group.stop())
      kit.secrets.set('redis', group.password)
      const addresses = group.sentinels.map(({ port }) => `127.0.0.1:${port}`)
      const profile = profileOf(
        { port: 0 },
        { url: `redis://${addresses.join(',')}`, sentinel: { primary: group.name } },
      )
      for (const { port } of [...group.servers, ...group.sentinels]) counter.watch(port)
      const reach = kit.reach(profile)
      const watcher = watch(redis, kit.profile(profile), reach)
      await lookUntil(watcher, 'redis-healthy')
      await group.failOver()
      const { port } = await group.primary()
      await until(
        async () => {
          const { status, reason } = await watcher.look()
          const { name: at } = reach.redis('cache')
          if (status === 'HEALTHY' && at === `127.0.0.1:${port}`) return true
          throw new Error(`${status} at ${at}, not at ${port}: ${JSON.stringify(reason)}`)
        },
        { timeoutMs: 40_000, what: 'health at the one that was promoted' },
      )
    },
    90_000,
  )
})

function lookUntil(watcher: Watcher, code: string, timeoutMs = 20_000) {
  return until(
    async () => {
      const look = await watcher.look()
      return look.reason.code === code && look
    },
    { timeoutMs, what: code },
  )
}

/** Its client names the options of TLS only where it was built with it. */
function speaksTls({ cli }: RedisProgram): boolean {
  const { stdout, stderr } = spawnSync(cli, ['--help'], { encoding: 'utf8' })
  return `${stdout}${stderr}`.includes('--tls')
}
