import { describe, expect, it } from 'vitest'
import { parseCpu, parseDf, parseMemory } from '../../../../../../src/main/engine/probes/host/reading.ts'
import { parseRemote } from '../../../../../../src/main/engine/probes/host/remote.ts'

describe('what Linux says', () => {
  it('counts neither idling nor waiting for a disk as work, and guests once', () => {
    expect(parseCpu('cpu  100 10 50 800 40 0 0 0 30 0\ncpu0 1 1 1 1\n')).toEqual({ busy: 160, total: 1000 })
    expect(parseCpu('intr 5')).toBeNull()
  })

  it('adds up what is available where an old kernel does not say', () => {
    const old =
      'MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 300 kB\nSReclaimable: 20 kB\nShmem: 70 kB\n'
    expect(parseMemory(old)).toEqual({ total: 1_024_000, available: 400 * 1024 })
    expect(parseMemory(`${old}MemAvailable: 600 kB\n`).available).toBe(600 * 1024)
  })

  it.each([
    [
      'space',
      'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 1000 700 200 78% /\n',
      77.777,
    ],
    [
      'names with spaces',
      'Filesystem 1024-blocks Used Available Capacity Mounted on\n//nas/my share 1000 250 750 25% /mnt/my disk 9\n',
      25,
    ],
    [
      'inodes that are not counted',
      'Filesystem Inodes IUsed IFree IUse% Mounted on\nbtrfs 0 0 0 - /\n',
      null,
    ],
    ['nothing', '', null],
  ])('df: %s', (_, text, percent) => {
    if (percent === null) expect(parseDf(text)).toBeNull()
    else expect(parseDf(text)).toBeCloseTo(percent, 2)
  })

  it('knows of a host that is no Linux what it tells, and nothing of the rest', () => {
    const stdout =
      '=vakhta=cpu\n=vakhta=memory\n=vakhta=load\n=vakhta=uptime\n=vakhta=system\nDarwin 23.1\n=vakhta=space /\nx y\n/dev/disk1 100 50 50 50% /\n=vakhta=inodes /\n'
    expect(parseRemote(stdout, ['/', '/data'])).toMatchObject({
      cpu: null,
      memoryTotal: null,
      system: 'Darwin 23.1',
      disks: [
        { path: '/', usedPercent: 50, inodesPercent: null },
        { path: '/data', usedPercent: null, inodesPercent: null },
      ],
    })
  })
})
