import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { createHostProbe } from '../../../src/main/engine/probes/host/index.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { type Exporter, startExporter } from '../../support/exporter.ts'
import { createKit, hopOf } from '../reach/reach-kit.ts'
import { serve, type TestService, watch } from './probe-kit.ts'

let exporter: Exporter
let sshd: SshServer
let other: TestService
beforeAll(async () => {
  ;[exporter, sshd, other] = await Promise.all([
    startExporter('prometheus-node-exporter', (address) => [`--web.listen-address=${address}`]),
    startSshd(),
    serve((request, response) => {
      if (request.url === '/metrics') response.end('# TYPE orders_total counter\norders_total 3\n')
      else response.end('<html>hello</html>')
    }),
  ])
})
afterAll(() => Promise.all([exporter.stop(), sshd.stop(), other.close()]))

type Input = Partial<Omit<DeploymentProfileInput, 'name' | 'environment'>>

/** However full and busy this machine is: the limits are not what is tested here. */
const BEYOND = { warning: 101, critical: 101 }
const LIMITS: Input['limits'] = {
  system_cpu_percent: BEYOND,
  system_memory_percent: BEYOND,
  system_disk_percent: BEYOND,
  system_inodes_percent: BEYOND,
}

async function watching(host: NonNullable<Input['hosts']>[number], more: Input = {}) {
  const kit = await createKit()
  await kit.know(sshd)
  const input = { hosts: [host], limits: LIMITS, ...more }
  return watch(createHostProbe(), kit.profile(input), kit.reach(input))
}

const told = (url = exporter.url, disks = ['/']) =>
  ({ name: 'box', over: 'node-exporter', exporter: { url }, disks }) as const

it('tells of the same machine what is read from within: memory, disks, inodes, load, uptime, processors', async () => {
  const [outside, inside] = [await watching(told()), await watching({ name: 'box', over: 'local' })]
  const [first] = await Promise.all([outside.look(), inside.look()])
  expect(first).toMatchObject({ status: 'HEALTHY', reason: { code: 'host-healthy-at-first' } })
  expect(first.values.system_cpu_percent).toBeNull()
  for (const end = Date.now() + 1_000; Date.now() < end; ) Math.sqrt(end)
  const [seen, own] = await Promise.all([outside.look(), inside.look()])
  const near = (metric: string, within: number) =>
    expect(Math.abs((seen.values[metric] ?? 1e9) - (own.values[metric] ?? -1e9)), metric).toBeLessThan(within)
  near('system_memory_percent', 2)
  near('system_disk_percent', 0.5)
  near('system_inodes_percent', 0.5)
  near('system_load1', 2)
  near('system_uptime_seconds', 3)
  // Their two moments differ by milliseconds of an interval of a second, on a machine that others use too.
  near('system_cpu_percent', 20)
  expect(seen.values.system_cpu_percent).toBeGreaterThan(0)
  expect(seen.evidence?.facts?.system).toBe(own.evidence?.facts?.system)
  expect(seen.cost.rows).toBeGreaterThan(100)
  expect(seen.cost.bytes).toBeGreaterThan(1_000)
})

it('takes a path for what is on the file system that holds it, and warns of none', async () => {
  const seen = await (await watching(told(exporter.url, ['/var/lib/somewhere']))).look()
  const root = await (await watching(told())).look()
  expect(seen.values.system_disk_percent).toBeCloseTo(root.values.system_disk_percent ?? -1, 0)
})

it('is read through the tunnel of the deployment', async () => {
  const seen = await (await watching(told(), { ssh: { hops: [hopOf(sshd)] } })).look()
  expect(seen.values.system_memory_percent).toBeGreaterThan(0)
  expect(sshd.sessions()).toBeGreaterThan(0)
})

it('asks only for the collectors that the address names', async () => {
  const url = `${exporter.url}?collect[]=meminfo&collect[]=uname`
  const seen = await (await watching(told(url))).look()
  expect(seen.values.system_memory_percent).toBeGreaterThan(0)
  expect(seen.values.system_load1).toBeNull()
})

it.each([
  ['metrics of something else', '/metrics', 'host-not-node-exporter'],
  ['no metrics', '/', 'traffic-not-metrics'],
])('says that an address has %s', async (_, path, code) => {
  const seen = await (await watching(told(`${other.url}${path}`))).look()
  expect(seen).toMatchObject({ status: 'UNKNOWN', reason: { code } })
  expect(seen.values.system_memory_percent).toBeNull()
})

it('is UNKNOWN while it is away, and goes on when it is back', async () => {
  const own = await startExporter('prometheus-node-exporter', (address) => [
    `--web.listen-address=${address}`,
  ])
  const watcher = await watching(told(own.url))
  await watcher.look()
  await own.stop()
  expect(await watcher.look()).toMatchObject({ status: 'UNKNOWN', reason: { code: 'tcp-refused' } })
})

it('is tested hop by hop: what answers there, and what does not', async () => {
  const test = async (input: Input) => {
    const kit = await createKit()
    const results: ReachStepResult[] = []
    const walking = diagnose(kit.profile(input), kit, new AbortController().signal)
    for await (const result of walking) results.push(result)
    return results
  }
  const good = await test({
    hosts: [told()],
    expositions: [{ name: 'node', url: exporter.url, keep: [{ metric: 'node_load1' }] }],
  })
  expect(good.every(({ status }) => status === 'ok')).toBe(true)
  const details = good.filter(({ step }) => step === 'protocol').map(({ detail }) => detail)
  expect(details).toEqual([
    expect.stringMatching(/^HTTP 200.*, node_exporter \d/),
    expect.stringMatching(/^HTTP 200.*, Prometheus$/),
  ])
  const bad = await test({
    hosts: [told(`${other.url}/metrics`)],
    expositions: [{ name: 'page', url: `${other.url}/`, keep: [{ metric: 'a' }] }],
  })
  const failures = bad.flatMap(({ failure }) => (failure === null ? [] : [failure.code]))
  expect(failures).toEqual(['http-not-metrics', 'http-not-metrics'])
})
