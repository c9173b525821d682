import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { claimDataDirectory } from '../../../src/main/engine/store/data-directory.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { readLabelled } from '../../../src/shared/catalogue/labelled.ts'
import { metricsOf } from '../../../src/shared/catalogue/metrics.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { openFirewalledPort } from '../../support/firewalled-port.ts'
import { closedPort } from '../../support/ports.ts'
import { type Outcome, runVakhta, startVakhta } from '../../support/run-vakhta.ts'
import { until } from '../../support/until.ts'

/** How busy or full this machine is says nothing here. */
const NEVER = Object.fromEntries(
  [
    'system_cpu_percent',
    'system_memory_percent',
    'system_disk_percent',
    'system_inodes_percent',
    'redis_latency_ms',
  ].map((metric) => [metric, { warning: 1e9, critical: 1e9 }]),
)

let postgres: PostgresServer
let redis: RedisServer
let sshd: SshServer
let service: Server
let directory = ''
let data = ''
let sealed: string[] = []

beforeAll(async () => {
  service = createServer((request, response) => {
    if (request.url === '/metrics') response.end('http_requests_total{status="200"} 10\n')
    else response.end('{"status":"ok"}')
  }).listen(0, '127.0.0.1')
  ;[postgres, redis, sshd] = await Promise.all([startPostgres(), startRedis(), startSshd()])
}, 60_000)
afterAll(async () => {
  service.closeAllConnections()
  service.close()
  await Promise.all([postgres?.stop(), redis?.stop(), sshd?.stop()])
})
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vakhta-cli-'))
  data = join(directory, 'data')
  sealed = ['--data', data, '--key-file', join(directory, 'key')]
})
afterEach(() => rm(directory, { recursive: true }))

/** The whole deployment behind one SSH hop, as a profile in a file. */
async function profile(change: Partial<DeploymentProfileInput> = {}): Promise<string> {
  const { port } = service.address() as AddressInfo
  const whole: DeploymentProfileInput = {
    name: 'billing',
    environment: 'staging',
    ssh: {
      hops: [{ host: '127.0.0.1', port: sshd.port, user: sshd.user, key: `file:${sshd.clientKeyPath}` }],
    },
    services: [{ name: 'api', url: `http://127.0.0.1:${port}`, pool: { size: 10 } }],
    postgres: {
      url: `postgresql://postgres@127.0.0.1:${postgres.port}/postgres?sslmode=disable`,
      password: 'secret:db',
    },
    redis: [{ name: 'cache', url: `redis://127.0.0.1:${redis.port}/0`, password: 'secret:cache' }],
    hosts: [{ name: 'server', over: 'ssh' }],
    limits: NEVER,
    ...change,
  }
  const path = join(directory, 'profile.yaml')
  await writeFile(path, stringify(JSON.parse(JSON.stringify(whole))))
  return path
}

async function setSecrets(): Promise<void> {
  await runVakhta(['secret', 'set', 'db', ...sealed], { input: postgres.password })
  await runVakhta(['secret', 'set', 'cache', ...sealed], { input: redis.password })
}

const acceptKey = () =>
  runVakhta(['hosts', 'accept', `127.0.0.1:${sshd.port}`, sshd.hostFingerprint, '--data', data])

const probe = (path: string) => runVakhta(['probe', path, '--json', ...sealed])

interface Report {
  status: string
  exitCode: number
  items: {
    connection: string
    steps: { step: string; hop: string; status: string; failure: { code: string; text: string } | null }[]
    observations: {
      probe: string
      status: string
      reason: { text: string }
      metrics: Record<string, number | null>
    }[]
  }[]
}
const reported = ({ stdout }: Outcome) => JSON.parse(stdout) as Report

/** Nothing of ours is connected to anything any more. */
async function nothingOpen(): Promise<void> {
  await until(() => sshd.sessions() === 0, { what: 'the end of every SSH session' })
  await until(
    async () =>
      (await postgres.query(`SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'vakhta%'`))
        .length === 0,
    { what: 'the end of every session of the database' },
  )
}

describe('vakhta probe', () => {
  it('walks the way, looks with every probe, and leaves nothing open and nothing behind', async () => {
    await setSecrets()
    await acceptKey()
    const before = await readdir(data)
    const outcome = await probe(await profile())
    const { items, exitCode } = reported(outcome)
    const [item] = items
    expect(item?.connection).toBe('CONNECTED')
    expect(item?.steps.filter(({ status }) => status !== 'ok')).toEqual([])
    expect(item?.observations.map(({ probe, status }) => ({ probe, status }))).toEqual(
      ['health', 'pool', 'redis', 'host', 'traffic'].map((probe) => ({ probe, status: 'HEALTHY' })),
    )
    expect([outcome.code, exitCode]).toEqual([0, 0])
    for (const { probe, metrics } of item?.observations ?? []) {
      const plain = Object.keys(metrics).filter((name) => readLabelled(name) === null)
      expect(plain.sort()).toEqual(metricsOf(probe as 'pool').toSorted())
    }
    // Rates need two looks.
    const rate = item?.observations.find(({ probe }) => probe === 'redis')?.metrics
      .redis_operations_per_second
    expect(rate).toBeGreaterThan(0)
    expect(outcome.stderr).toContain('ssh-authentication')
    expect(`${outcome.stdout}${outcome.stderr}`).not.toContain(postgres.password)
    expect(`${outcome.stdout}${outcome.stderr}`).not.toContain(redis.password)
    expect(await readdir(data)).toEqual(before)
    await nothingOpen()
  })

  it('counts what was accepted in a console that runs', async () => {
    await setSecrets()
    await acceptKey()
    const claim = claimDataDirectory(data)
    const store = openStore({ dataDirectory: data, log: silentLog })
    try {
      expect((await probe(await profile())).code).toBe(0)
      expect(await store.all('SELECT host, state FROM host_keys')).toEqual([
        { host: `127.0.0.1:${sshd.port}`, state: 'accepted' },
      ])
    } finally {
      await store.close()
      claim.release()
    }
  })

  it('says which key an unknown host offers, and goes on once that was accepted', async () => {
    await setSecrets()
    const path = await profile()
    const refused = await probe(path)
    expect(refused.code).toBe(2)
    expect(reported(refused).items[0]?.connection).toBe('REFUSED')
    expect(refused.stderr).toContain(sshd.hostFingerprint)
    expect(reported(refused).items[0]?.steps.find(({ status }) => status === 'failed')).toMatchObject({
      step: 'host-key',
    })
    await acceptKey()
    expect((await probe(path)).code).toBe(0)
  })

  it('warns of a right that is missing, though all looks well', async () => {
    await setSecrets()
    await acceptKey()
    const client = await redis.connect()
    await client.acl('SETUSER', 'blind', 'on', `>${redis.password}`, '~*', '+@all', '-slowlog')
    client.disconnect()
    const url = `redis://blind@127.0.0.1:${redis.port}/0`
    const outcome = await probe(await profile({ redis: [{ name: 'cache', url, password: 'secret:cache' }] }))
    const failed = reported(outcome).items[0]?.steps.filter(({ status }) => status === 'failed')
    expect(failed?.map(({ step }) => step)).toEqual(['privilege'])
    expect(outcome.code).toBe(1)
  })

  it('tells a wrong password from a port that nobody listens on', async () => {
    await runVakhta(['secret', 'set', 'db', ...sealed], { input: 'not-the-password' })
    const port = await closedPort()
    const path = await profile({
      ssh: undefined,
      hosts: [],
      redis: [{ name: 'cache', url: `redis://127.0.0.1:${port}` }],
    } as Partial<DeploymentProfileInput>)
    const outcome = await probe(path)
    expect(outcome.code).toBe(2)
    const failed = reported(outcome).items[0]?.steps.filter(({ status }) => status === 'failed')
    expect(failed?.map(({ step }) => step)).toEqual(['authentication', 'tcp'])
    // Looking would show the wrong password a second time.
    expect(reported(outcome).items[0]).toMatchObject({ connection: 'REFUSED', observations: [] })
    const refusals = (await readFile(postgres.logFile, 'utf8')).match(/password authentication failed/g)
    expect(refusals).toHaveLength(1)
    for (const step of failed ?? []) expect(outcome.stderr).toContain(step.failure?.text)
    expect(outcome.stderr).not.toContain('not-the-password')
  })

  it('says which secret is missing, and makes no data directory', async () => {
    const path = await profile({ ssh: undefined, hosts: [] } as Partial<DeploymentProfileInput>)
    const outcome = await probe(path)
    expect(outcome.code).toBe(2)
    expect(outcome.stderr).toContain('db')
    await expect(stat(data)).rejects.toThrow('ENOENT')
  })

  it('answers 1 for a service that is live and not ready', async () => {
    const unready = createServer((request, response) => {
      response.statusCode = request.url === '/ready' ? 503 : 200
      response.end('{}')
    }).listen(0, '127.0.0.1')
    try {
      await until(() => unready.listening)
      const { port } = unready.address() as AddressInfo
      const yaml = `name: one\nenvironment: development\nservices:\n  - name: api\n    url: http://127.0.0.1:${port}\n    metrics: null\n`
      const outcome = await runVakhta(['probe', '-', ...sealed], { input: yaml })
      expect(outcome.code).toBe(1)
      expect(outcome.stdout).toMatch(/DEGRADED +health api/)
    } finally {
      unready.closeAllConnections()
      unready.close()
    }
  })

  it('refuses a profile with its faults, in the words of an import', async () => {
    const path = join(directory, 'bad.yaml')
    await writeFile(path, 'name: one\nenvironment: prod\nservcies: []\n')
    const outcome = await probe(path)
    expect(outcome.code).toBe(65)
    expect(outcome.stderr).toContain(
      `${path}:2: environment: expected one of production, staging, development`,
    )
    expect(outcome.stderr).toContain(`${path}:3: servcies: unknown key "servcies"; did you mean "services"?`)
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      code: 'UNPROCESSABLE',
      status: 422,
      data: {
        issues: [
          { path: 'environment', line: 2 },
          { path: 'servcies', line: 3 },
        ],
      },
    })
  })

  it('refuses a file that is not there', async () => {
    const outcome = await probe(join(directory, 'none.yaml'))
    expect(outcome.code).toBe(65)
    expect(outcome.stderr).toContain('ENOENT')
  })

  it('ends at once when it is interrupted, with nothing left open', async () => {
    await setSecrets()
    await acceptKey()
    const firewalled = await openFirewalledPort()
    try {
      const path = await profile({
        services: [{ name: 'api', url: `http://127.0.0.1:${firewalled.port}`, metrics: null }],
      })
      const running = startVakhta(['probe', path, ...sealed])
      await until(() => running.output.stderr.includes('Redis'), { what: 'the step before the silent one' })
      const asked = performance.now()
      running.child.kill('SIGINT')
      const outcome = await running.ended
      expect(outcome.code).toBe(130)
      expect(performance.now() - asked).toBeLessThan(3_000)
      await nothingOpen()
    } finally {
      await firewalled.close()
    }
  })
})
