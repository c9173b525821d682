import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { freePort } from '../../../demo/servers/free-port.ts'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import { oursAt } from '../../support/redis-clients.ts'
import { until } from '../../support/until.ts'
import { createKit, type Kit, soon } from './reach-kit.ts'

const files = createTemporaryDirectory('redis-tls')
const root = createAuthority()
const issued = root.issue({ names: ['localhost', '127.0.0.1'] })
/** What a node shows to the others: they want to know who it is. */
const peer = root.issue({ names: ['node'], use: 'client' })
const started: RedisServer[] = []
let kit: Kit

function file(name: string, text: string): string {
  const path = join(files.path, name)
  writeFileSync(path, text)
  return path
}

/** Speaks TLS on a second port, and to its own kind. */
async function startTls(config: Record<string, string | number>, sentinel = false) {
  const tlsPort = await freePort()
  const server = await startRedis({
    password: 'right',
    sentinel,
    config: {
      'tls-port': tlsPort,
      'tls-cert-file': file('certificate', issued.chain),
      'tls-key-file': file('key', issued.key),
      'tls-ca-cert-file': file('authority', root.certificate),
      'tls-client-cert-file': file('peer', peer.chain),
      'tls-client-key-file': file('peer-key', peer.key),
      'tls-auth-clients': 'no',
      'tls-replication': 'yes',
      ...config,
    },
  })
  started.push(server)
  return { server, tlsPort }
}

afterAll(async () => {
  await Promise.all(started.map((server) => server.stop()))
  await files.remove()
})
beforeEach(async () => {
  kit = await createKit()
  kit.secrets.set('redis', 'right')
  kit.secrets.set('authority', root.certificate)
})

const tls = { authorities: 'secret:authority' }

async function failedSteps(profile: Parameters<Kit['profile']>[0]): Promise<unknown[]> {
  const failed: unknown[] = []
  for await (const step of diagnose(kit.profile(profile), kit, new AbortController().signal)) {
    if (step.status === 'failed') failed.push(step)
  }
  return failed
}

it('a cluster is watched over TLS, each node under its TLS port', async () => {
  const config = async () => ({
    'cluster-enabled': 'yes',
    'cluster-config-file': 'nodes.conf',
    'cluster-port': await freePort(),
    'tls-cluster': 'yes',
  })
  const nodes = [await startTls(await config()), await startTls(await config())] as const
  for (const [index, { server, tlsPort }] of nodes.entries()) {
    const client = await server.connect()
    await client.call('CLUSTER', ['ADDSLOTSRANGE', ...(index === 0 ? [0, 8191] : [8192, 16_383])])
    if (index === 1) {
      const first = await nodes[0].server.connect()
      const bus: unknown = await client.config('GET', 'cluster-port')
      await first.call('CLUSTER', ['MEET', '127.0.0.1', tlsPort, String(Array.isArray(bus) ? bus[1] : '')])
      first.disconnect()
      await until(async () => String(await client.call('CLUSTER', ['INFO'])).includes('cluster_state:ok'))
    }
    client.disconnect()
  }
  const profile = {
    redis: [
      {
        name: 'cache',
        url: `rediss://localhost:${nodes[0].tlsPort}`,
        password: 'secret:redis',
        cluster: true,
        tls,
      },
    ],
  }
  const reach = kit.reach(profile)
  await until(async () => (await reach.redis('cache').nodes(soon())).nodes.length === 2)
  const seen = await reach.redis('cache').nodes(soon())
  await Promise.all(seen.nodes.map((node) => node.command('PING', [], soon())))
  expect(new Set(seen.nodes.map(({ name }) => name.split(':')[1]))).toEqual(
    new Set(nodes.map(({ tlsPort }) => String(tlsPort))),
  )
  for (const { server } of nodes) expect(await oursAt(server)).toBe(1)
  await reach.close()
  expect(await failedSteps(profile)).toEqual([])
})

it('a primary that sentinels know by its name is reached over TLS, and its certificate is for that name', async () => {
  const primary = await startTls({})
  const sentinel = await startTls(
    {
      'sentinel resolve-hostnames': 'yes',
      'sentinel announce-hostnames': 'yes',
      'sentinel monitor mymaster': `localhost ${primary.tlsPort} 1`,
      'sentinel auth-pass mymaster': 'right',
    },
    true,
  )
  const profile = {
    redis: [
      {
        name: 'cache',
        url: `rediss://localhost:${sentinel.tlsPort}`,
        password: 'secret:redis',
        sentinel: { primary: 'mymaster', password: 'secret:redis' },
        tls,
      },
    ],
  }
  const session = kit.reach(profile).redis('cache')
  expect(await session.command('PING', [], soon())).toBe('PONG')
  expect(session.name).toBe(`localhost:${primary.tlsPort}`)
  expect(await oursAt(primary.server)).toBe(1)
  expect(await failedSteps(profile)).toEqual([])
})
