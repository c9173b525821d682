import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { LINGERS_MS } from '../../../src/main/engine/reach/postgres/introduce.ts'
import { startStrandingRelay } from '../../support/stranding-relay.ts'
import { until } from '../../support/until.ts'
import { createKit, hopOf, soon } from './reach-kit.ts'

const SUBNET = '198.18.77'
const NAMESPACE = `vakhta-${process.pid}`
/** Names of interfaces hold 15 characters. */
const [NEAR, FAR] = [`vk${process.pid}a`, `vk${process.pid}b`] as const
const cannotSeparate = whyNoNamespace()

let server: PostgresServer
beforeEach(async () => {
  server = await startPostgres({
    settings: cannotSeparate === null ? { listen_addresses: "'0.0.0.0'" } : {},
  })
  await server.query(`CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor`)
})
afterEach(() => server?.stop())

/** Server processes of the watching role, those that are still logging in too. */
function ours(): number {
  return descendantsOf(server.pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres: watch ')
    } catch {
      return false
    }
  }).length
}

describe('connections that broke without the far side hearing of it', () => {
  it('are ended at the server behind a bastion that keeps them, as soon as one works again', async () => {
    const bastion: SshServer = await startSshd()
    const relay = await startStrandingRelay(bastion.port)
    try {
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
      const both = async () => {
        await reach.postgres?.probes.query('SELECT 1', [], soon())
        await reach.postgres?.people.query('SELECT 1', [], soon())
      }
      await both()
      for (let time = 0; time < 3; time += 1) {
        relay.strand()
        await until(() => reach.connection().status !== 'CONNECTED')
        await until(
          () =>
            both().then(
              () => true,
              () => false,
            ),
          { timeoutMs: 15_000 },
        )
        await until(() => ours() === 2)
      }
    } finally {
      await relay.stop()
      await bastion.stop()
    }
  }, 60_000)
})

describe(`a network that swallows packets${cannotSeparate === null ? '' : ` (skipped: ${cannotSeparate})`}`, () => {
  let child: ChildProcess | null = null
  afterEach(() => {
    child?.kill('SIGKILL')
    child = null
    ip(`link del ${NEAR}`)
    ip(`netns del ${NAMESPACE}`)
  })

  it.skipIf(cannotSeparate !== null)(
    'costs the server its processes for no longer than is counted with, also while an answer is on its way',
    async () => {
      ip(`netns add ${NAMESPACE}`)
      ip(`link add ${NEAR} type veth peer name ${FAR}`)
      ip(`link set ${FAR} netns ${NAMESPACE}`)
      ip(`addr add ${SUBNET}.1/24 dev ${NEAR}`)
      ip(`link set ${NEAR} up`)
      ip(`-n ${NAMESPACE} addr add ${SUBNET}.2/24 dev ${FAR}`)
      ip(`-n ${NAMESPACE} link set ${FAR} up`)
      await server.admit(`host all watch ${SUBNET}.0/24 trust`)
      const script = fileURLToPath(new URL('../../support/postgres-in-namespace.ts', import.meta.url))
      const url = `postgresql://watch@${SUBNET}.1:${server.port}/postgres?sslmode=disable`
      child = spawn('ip', ['netns', 'exec', NAMESPACE, process.execPath, script, url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      if (child.stdout !== null) await once(child.stdout, 'data')
      expect(ours()).toBe(2)

      // To a station that is not there: no error comes back, as from a network that is gone.
      ip(`neigh replace ${SUBNET}.2 lladdr 02:00:00:00:00:02 dev ${NEAR} nud permanent`)
      ip(`-n ${NAMESPACE} neigh replace ${SUBNET}.1 lladdr 02:00:00:00:00:01 dev ${FAR} nud permanent`)
      const since = performance.now()
      await until(() => ours() === 0, { timeoutMs: LINGERS_MS + 5_000 })
      expect(performance.now() - since).toBeLessThan(LINGERS_MS)
    },
    60_000,
  )
})

function ip(command: string): void {
  execFileSync('ip', command.split(' '), { stdio: 'pipe' })
}

function whyNoNamespace(): string | null {
  try {
    ip(`netns add ${NAMESPACE}-try`)
    ip(`netns del ${NAMESPACE}-try`)
    return null
  } catch {
    return 'no network namespace can be made here'
  }
}
