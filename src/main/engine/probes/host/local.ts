/**
 * Reads the machine that Vakhta runs on, without starting a program. Linux tells everything; macOS and Windows as much as
 * Node gives: what it does not give is `null`.
 */
import { readFile, statfs } from 'node:fs/promises'
import { cpus, freemem, loadavg, platform, release, type as systemType, totalmem, uptime } from 'node:os'
import {
  type CpuTimes,
  type Disk,
  firstNumber,
  type HostReading,
  parseBootId,
  parseCpu,
  parseMemory,
} from './reading.ts'

const DISK_TIMEOUT_MS = 1_500

/** However many deployments watch this machine, it is read at most once in this time. */
const SHARED_MS = 1_000

type System = Omit<HostReading, 'disks' | 'system'>

export type LocalReader = (disks: readonly string[]) => Promise<HostReading>

export function createLocalReader(): LocalReader {
  /** Paths whose last question was not answered yet: a dead network mount must not use up the thread pool. */
  const pending = new Set<string>()
  let shared: { readonly at: number; readonly system: Promise<System> } | null = null

  function system(): Promise<System> {
    const now = performance.now()
    if (shared === null || now - shared.at >= SHARED_MS) {
      shared = { at: now, system: platform() === 'linux' ? linux() : Promise.resolve(elsewhere()) }
    }
    return shared.system
  }

  return async (disks) => {
    const [read, usage] = await Promise.all([system(), Promise.all(disks.map((path) => disk(path, pending)))])
    return { ...read, disks: usage, system: `${systemType()} ${release()}` }
  }
}

async function linux(): Promise<System> {
  const [stat, meminfo, load, up, bootId] = await Promise.all(
    ['stat', 'meminfo', 'loadavg', 'uptime', 'sys/kernel/random/boot_id'].map((name) =>
      readFile(`/proc/${name}`, 'utf8').catch(() => ''),
    ),
  )
  const memory = parseMemory(meminfo ?? '')
  return {
    cpu: parseCpu(stat ?? ''),
    memoryTotal: memory.total,
    memoryAvailable: memory.available,
    load1: firstNumber(load ?? ''),
    uptimeSeconds: firstNumber(up ?? ''),
    bootId: parseBootId(bootId ?? ''),
  }
}

function elsewhere(): System {
  const windows = platform() === 'win32'
  return {
    cpu: cpuTimes(),
    memoryTotal: totalmem(),
    // Windows tells what is available; macOS only what is free, which caches use up by design.
    memoryAvailable: windows ? freemem() : null,
    load1: windows ? null : (loadavg()[0] ?? null),
    uptimeSeconds: uptime(),
    bootId: null,
  }
}

function cpuTimes(): CpuTimes | null {
  const times = cpus().map((cpu) => cpu.times)
  if (times.length === 0) return null
  const idle = times.reduce((sum, time) => sum + time.idle, 0)
  const busy = times.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.irq, 0)
  return { busy, total: busy + idle }
}

/** Space and inodes of the file system at a path; both `null` where it does not answer in time or is not there. */
async function disk(path: string, pending: Set<string>): Promise<Disk> {
  const unknown = { path, usedPercent: null, inodesPercent: null }
  if (pending.has(path)) return unknown
  pending.add(path)
  const asked = statfs(path)
    .then(({ blocks, bfree, bavail, files, ffree }): Disk => {
      const used = blocks - bfree
      return {
        path,
        usedPercent: used + bavail > 0 ? (used / (used + bavail)) * 100 : null,
        inodesPercent: files > 0 ? ((files - ffree) / files) * 100 : null,
      }
    })
    .catch(() => unknown)
    .finally(() => pending.delete(path))
  const late = Promise.withResolvers<Disk>()
  const timer = setTimeout(() => late.resolve(unknown), DISK_TIMEOUT_MS)
  try {
    return await Promise.race([asked, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
