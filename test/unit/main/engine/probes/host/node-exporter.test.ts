import { describe, expect, it } from 'vitest'
import { readNodeExporter } from '../../../../../../src/main/engine/probes/host/node-exporter.ts'

const CPU = Object.entries({
  ...{ user: 30, nice: 1, system: 10, irq: 1, softirq: 2, steal: 1, idle: 50, iowait: 5 },
}).flatMap(([mode, seconds]) =>
  [0, 1].map((cpu) => `node_cpu_seconds_total{cpu="${cpu}",mode="${mode}"} ${seconds}`),
)

const mount = (path: string, [size, free, available, files, filesFree]: number[], error = 0) => {
  const labels = `{device="/dev/vda",fstype="ext4",mountpoint="${path}"}`
  return [
    `node_filesystem_size_bytes${labels} ${size}`,
    `node_filesystem_free_bytes${labels} ${free}`,
    `node_filesystem_avail_bytes${labels} ${available}`,
    `node_filesystem_files${labels} ${files}`,
    `node_filesystem_files_free${labels} ${filesFree}`,
    `node_filesystem_device_error${labels} ${error}`,
  ]
}

const read = (lines: readonly string[], disks = ['/']) =>
  readNodeExporter(Buffer.from(lines.join('\n')), disks)
const UNAME = 'node_uname_info{machine="x86_64",nodename="vm",release="6.1.0",sysname="Linux"} 1'

describe('a node exporter', () => {
  it('is read with the meaning that the figures have over SSH', () => {
    const { reading } = read([
      ...CPU,
      // A guest's time is in the host's user time already.
      'node_cpu_guest_seconds_total{cpu="0",mode="user"} 25',
      'node_memory_MemTotal_bytes 1000',
      'node_memory_MemAvailable_bytes 400',
      'node_memory_MemFree_bytes 100',
      'node_load1 0.5',
      'node_time_seconds 1.7e+09',
      'node_boot_time_seconds 1.6999e+09',
      UNAME,
      ...mount('/', [1_000, 300, 250, 100, 40]),
    ])
    expect(reading).toEqual({
      cpu: { busy: 90, total: 200 },
      memoryTotal: 1_000,
      memoryAvailable: 400,
      load1: 0.5,
      uptimeSeconds: 100_000,
      // Of what may be used: 700 of 950; what is kept for root is not.
      disks: [{ path: '/', usedPercent: (700 / 950) * 100, inodesPercent: 60 }],
      system: 'Linux 6.1.0',
      bootId: null,
    })
  })

  it('adds up what is available where the kernel does not tell', () => {
    const { reading } = read([
      UNAME,
      ...['MemTotal 1000', 'MemFree 100', 'Buffers 20', 'Cached 300', 'SReclaimable 30', 'Shmem 50'].map(
        (line) => `node_memory_${line.replace(' ', '_bytes ')}`,
      ),
    ])
    expect(reading?.memoryAvailable).toBe(400)
  })

  const MOUNTS = [
    UNAME,
    ...mount('/', [100, 50, 50, 0, 0]),
    ...mount('/var', [100, 20, 20, 100, 10]),
    ...mount('/var/lib', [0, 0, 0, 0, 0], 1),
  ]
  it.each([
    ['/', 50, null],
    ['/home', 50, null],
    ['/variety', 50, null],
    ['/var', 80, 90],
    ['/var/log/app', 80, 90],
    // The exporter could not ask this one: neither what is above it nor nothing is its figure.
    ['/var/lib/postgresql', null, null],
  ])('knows which file system holds %s', (path, usedPercent, inodesPercent) => {
    expect(read(MOUNTS, [path]).reading?.disks).toEqual([{ path, usedPercent, inodesPercent }])
  })

  it('without a file system that holds the path knows nothing of it', () => {
    const { reading } = read([UNAME, ...mount('/srv', [100, 50, 50, 0, 0])], ['/var'])
    expect(reading?.disks).toEqual([{ path: '/var', usedPercent: null, inodesPercent: null }])
  })

  it.each([
    ['another exporter', ['go_goroutines 5', 'node_requests_total 3']],
    ['no metrics', ['<html>']],
    ['nothing', []],
  ])('is not %s', (_, lines) => {
    expect(read(lines).reading).toBeNull()
  })

  it('that tells little leaves the rest unknown', () => {
    expect(read([UNAME], []).reading).toMatchObject({
      ...{ cpu: null, memoryTotal: null, memoryAvailable: null, load1: null, uptimeSeconds: null },
    })
  })
})
