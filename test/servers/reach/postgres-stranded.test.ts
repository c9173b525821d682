import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { LINGERS_MS } from '../../../src/main/engine/reach/postgres/introduce.ts'
import { type BackendCounter, backendsOf, countBackends } from '../../support/backend-counter.ts'
import {
  cannotSeparate,
  createNetworkNamespace,
  type NetworkNamespace,
} from '../../support/network-namespace.ts'
import { type StrandingRelay, startStrandingRelay } from '../../support/stranding-relay.ts'
import { until } from '../../support/until.ts'
import { createKit, hopOf, soon } from './reach-kit.ts'

let server: PostgresServer
let counter: BackendCounter
beforeEach(async () => {
  server = await startPostgres({
    settings: cannotSeparate === null ? { listen_addresses: "'0.0.0.0'" } : {},
  })
  await server.query(`CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor`)
  counter = countBackends(server.directory, 'watch')
  await counter.begun
})
afterEach(async () => {
  await counter?.stop()
  await server?.stop()
})

const ours = () => backendsOf(server.pid, 'watch')

describe('connections that broke without the far side hearing of it, behind a bastion that keeps them,', () => {
  let bastion: SshServer
  let relay: StrandingRelay
  beforeEach(async () => {
    bastion = await startSshd()
    relay = await startStrandingRelay(bastion.port)
  })
  afterEach(async () => {
    await relay?.stop()
    await bastion?.stop()
  })

  async function watched() {
    const kit = await createKit()
    kit.secrets.set('pg', 'right')
    await kit.know({
      ...bastion,
      knownHostsLine: bastion.knownHostsLine.replace(String(bastion.port), String(relay.port)),
    })
    const reach = kit.reach({
      postgres: {
        url: `postgresql://watch@127.0.0.1:${server.port}/postgres?sslmode=disable`,
        password: 'secret:pg',
      },
      ssh: { hops: [{ ...hopOf(bastion), port: relay.port }] },
    })
    if (reach.postgres === null) throw new Error('the profile has PostgreSQL')
    const { probes, people } = reach.postgres
    const answered = (timeoutMs = 15_000) =>
      until(
        () =>
          probes.query('SELECT 1', [], soon(1_000)).then(
            () => true,
            () => false,
          ),
        { timeoutMs },
      )
    await answered()
    return { reach, probes, people, answered }
  }

  it('are ended as soon as one works again, and there are never more than two', async () => {
    const { reach, answered } = await watched()
    for (let time = 0; time < 3; time += 1) {
      expect(ours()).toBe(1)
      relay.strand()
      await until(() => reach.connection().status !== 'CONNECTED')
      await answered()
      await until(() => ours() === 1)
    }
    expect(counter.most()).toBe(2)
    expect(counter.longestGapMs()).toBeLessThan(250)
  }, 60_000)

  it('are two at most where the way breaks again and again while one is being made', async () => {
    const { reach, answered } = await watched()
    const isUp = () => reach.connection().hops[0]?.status === 'CONNECTED'
    async function isBroken(): Promise<number> {
      relay.strand()
      await until(() => !isUp())
      await until(() => {
        if (reach.connection().hops[0]?.status === 'DISCONNECTED') reach.retry()
        return isUp()
      })
      return performance.now()
    }
    // How long a login takes differs from machine to machine, and on one of them by the hour.
    let upAt = await isBroken()
    await until(() => ours() === 2, { everyMs: 1 })
    const loginMs = performance.now() - upAt
    await answered()
    await until(() => ours() === 1)
    for (let time = 0; time < 8; time += 1) {
      upAt = await isBroken()
      // At another moment of the next attempt each time.
      await until(() => performance.now() - upAt >= (time / 6) * loginMs, { everyMs: 1 })
    }
    await answered(LINGERS_MS + 70_000)
    await until(() => ours() === 1, { timeoutMs: 70_000 })
    expect(counter.most()).toBe(2)
  }, 150_000)

  it('are waited for where a statement of a person was under way, until the server must have ended one', async () => {
    const { reach, people, answered } = await watched()
    const asking = people.query('SELECT pg_sleep(3)', [], soon(5_000)).catch(() => null)
    await until(async () => {
      const rows = await server.query(`SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)'`)
      return rows.length === 1
    })
    expect(ours()).toBe(2)
    relay.strand()
    await asking
    await until(() => reach.connection().hops.at(-1)?.error?.code === 'postgres-connections-left')
    expect(ours()).toBe(2)
    await answered(LINGERS_MS + 15_000)
    await until(() => ours() === 1)
    expect(counter.most()).toBe(2)
    // And whoever asks is answered.
    expect((await people.query('SELECT 1 AS one', [], soon())).rows).toEqual([{ one: 1 }])
  }, 90_000)
})

describe(`a network that swallows packets${cannotSeparate === null ? '' : ` (skipped: ${cannotSeparate})`}`, () => {
  let network: NetworkNamespace | null = null
  let child: ChildProcess | null = null
  afterEach(() => {
    child?.kill('SIGKILL')
    child = null
    network?.remove()
    network = null
  })

  it.skipIf(cannotSeparate !== null)(
    'costs the server its processes for no longer than is counted with, also while an answer is on its way',
    async () => {
      network = createNetworkNamespace(77)
      await server.admit(`host all watch ${network.subnet} trust`)
      const script = fileURLToPath(new URL('../../support/postgres-in-namespace.ts', import.meta.url))
      const url = `postgresql://watch@${network.here}:${server.port}/postgres?sslmode=disable`
      child = network.spawn(script, [url], { stdio: ['ignore', 'pipe', 'inherit'] })
      if (child.stdout !== null) await once(child.stdout, 'data')
      expect(ours()).toBe(2)

      network.swallow()
      const since = performance.now()
      await until(() => ours() === 0, { timeoutMs: LINGERS_MS + 5_000 })
      expect(performance.now() - since).toBeLessThan(LINGERS_MS)
    },
    60_000,
  )
})
