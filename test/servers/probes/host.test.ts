import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { createHostProbe } from '../../../src/main/engine/probes/host/index.ts'
import { until } from '../../support/until.ts'
import { createKit, hopOf } from '../reach/reach-kit.ts'
import { watch } from './probe-kit.ts'

let sshd: SshServer
beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(() => sshd.stop())

async function watcher(over: 'local' | 'ssh', disks: string[]) {
  const kit = await createKit()
  await kit.know(sshd)
  const host = { name: 'box', over, disks }
  // However full this machine is: the limits are not what is tested here.
  const beyond = { warning: 101, critical: 101 }
  const limits = { system_memory_percent: beyond, system_disk_percent: beyond, system_inodes_percent: beyond }
  const watched = { hosts: [host], limits }
  const profile = over === 'ssh' ? { ssh: { hops: [hopOf(sshd)] }, ...watched } : watched
  return watch(createHostProbe(), kit.profile(profile), kit.reach(profile))
}

describe.each(['local', 'ssh'] as const)('a host, %s', (over) => {
  it('tells processors over the interval, memory, disks, load and uptime', async () => {
    const watching = await watcher(over, ['/'])
    const first = await watching.look()
    expect(first.values.system_cpu_percent).toBeNull()
    expect(first.values.system_memory_percent).toBeGreaterThan(0)
    expect(first.values.system_memory_percent).toBeLessThan(100)
    expect(first.values.system_disk_percent).toBeGreaterThan(0)
    expect(first.values.system_load1).toBeGreaterThanOrEqual(0)
    expect(first.values.system_uptime_seconds).toBeGreaterThan(0)
    const cpu = await until(async () => {
      for (const end = Date.now() + 150; Date.now() < end; ) Math.sqrt(end)
      return (await watching.look()).values.system_cpu_percent
    })
    expect(cpu).toBeGreaterThan(0)
    expect(cpu).toBeLessThanOrEqual(100)
  })

  it('warns of a disk that is not there and still tells of the others', async () => {
    const seen = await (await watcher(over, ['/no where', '/'])).look()
    expect(seen.values.system_disk_percent).toBeGreaterThan(0)
    expect(seen.evidence?.facts?.['disk /no where']).toBe('?')
    expect(seen).toMatchObject({
      status: 'WARNING',
      reason: { code: 'host-disk-silent', params: { disk: '/no where' } },
    })
  })
})

it('measures the same machine alike from within and over SSH', async () => {
  const [inside, outside] = await Promise.all(
    (['local', 'ssh'] as const).map(async (over) => (await watcher(over, ['/', '/dev/shm'])).look()),
  )
  for (const metric of ['system_memory_percent', 'system_disk_percent', 'system_inodes_percent']) {
    expect(outside?.values[metric]).toBeCloseTo(inside?.values[metric] ?? -1, -1)
  }
})
