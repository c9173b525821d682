/**
 * A host as Prometheus' node exporter tells of it, with the meaning that its figures have over SSH: busy is what is neither idle
 * nor waiting for a disk, memory is less what can be reclaimed, a disk is full by what may be used. Pure.
 */
import { readExposition, type Sample } from '../prometheus/exposition.ts'
import type { CpuTimes, Disk, HostReading } from './reading.ts'

const MEMORY = ['MemTotal', 'MemAvailable', 'MemFree', 'Buffers', 'Cached', 'SReclaimable', 'Shmem'] as const
type MemoryField = (typeof MEMORY)[number]

/** Of a file system, by the last part of its metrics' names. */
const FILE_SYSTEM = [
  'size_bytes',
  'free_bytes',
  'avail_bytes',
  'files',
  'files_free',
  'device_error',
] as const
type FileSystemField = (typeof FILE_SYSTEM)[number]
type FileSystem = Partial<Record<FileSystemField, number>>

/** Those of guests are counted in `user` already. */
const GUESTS = 'node_cpu_guest_seconds_total'
/** A machine with more mounts than these is read as far as here; the longest paths come in any order. */
const MOST_MOUNTS = 4_000

interface Told {
  cpuBusy: number
  cpuTotal: number
  readonly memory: Partial<Record<MemoryField, number>>
  readonly mounts: Map<string, FileSystem>
  load1: number | null
  time: number | null
  bootTime: number | null
  system: string | null
  isNode: boolean
}

/**
 * @param disks paths that are watched; each is on the file system whose mount point is the longest part of it
 * @returns `null` where this is no node exporter; and how many samples there were in all
 */
export function readNodeExporter(
  body: Buffer,
  disks: readonly string[],
): { reading: HostReading | null; samples: number } {
  const told: Told = {
    ...{ cpuBusy: 0, cpuTotal: 0, memory: {}, mounts: new Map<string, FileSystem>() },
    ...{ load1: null, time: null, bootTime: null, system: null, isNode: false },
  }
  const samples = readExposition(body, {
    wanted: (name) => name.startsWith('node_') && name !== GUESTS,
    declared() {},
    sample: (sample) => take(told, sample),
  })
  if (!told.isNode) return { reading: null, samples }
  const { memory, time, bootTime } = told
  return {
    reading: {
      cpu: cpuOf(told),
      memoryTotal: memory.MemTotal ?? null,
      memoryAvailable: availableOf(memory),
      load1: told.load1,
      uptimeSeconds: time === null || bootTime === null ? null : Math.max(0, time - bootTime),
      disks: disks.map((path) => diskAt(path, told.mounts)),
      system: told.system,
      // It does not tell which run of the system this is, and the time of boot moves with the clock.
      bootId: null,
    },
    samples,
  }
}

function take(told: Told, { name, value, label }: Sample): void {
  if (name === 'node_exporter_build_info' || name === 'node_uname_info') told.isNode = true
  if (name === 'node_uname_info') told.system = [label('sysname'), label('release')].join(' ').trim()
  else if (name === 'node_cpu_seconds_total') {
    told.isNode = true
    told.cpuTotal += value
    const mode = label('mode')
    if (mode !== 'idle' && mode !== 'iowait') told.cpuBusy += value
  } else if (name === 'node_load1') told.load1 = value
  else if (name === 'node_time_seconds') told.time = value
  else if (name === 'node_boot_time_seconds') told.bootTime = value
  else if (name.startsWith('node_memory_')) {
    const field = MEMORY.find((one) => name === `node_memory_${one}_bytes`)
    if (field !== undefined) told.memory[field] = value
  } else if (name.startsWith('node_filesystem_')) {
    const field = FILE_SYSTEM.find((one) => name === `node_filesystem_${one}`)
    const mountpoint = label('mountpoint')
    if (field === undefined || mountpoint === undefined) return
    const known = told.mounts.get(mountpoint)
    if (known !== undefined) known[field] = value
    else if (told.mounts.size < MOST_MOUNTS) told.mounts.set(mountpoint, { [field]: value })
  }
}

function cpuOf({ cpuBusy, cpuTotal }: Told): CpuTimes | null {
  return cpuTotal === 0 ? null : { busy: cpuBusy, total: cpuTotal }
}

/** As `parseMemory` does for kernels before 3.14. */
function availableOf(memory: Told['memory']): number | null {
  if (memory.MemAvailable !== undefined) return memory.MemAvailable
  if (memory.MemFree === undefined) return null
  const { MemFree, Buffers = 0, Cached = 0, SReclaimable = 0, Shmem = 0 } = memory
  return MemFree + Buffers + Cached + SReclaimable - Shmem
}

function diskAt(path: string, mounts: ReadonlyMap<string, FileSystem>): Disk {
  const holds = (mount: string) => mount === '/' || path === mount || path.startsWith(`${mount}/`)
  const [mount] = [...mounts.keys()].filter(holds).sort((a, b) => b.length - a.length)
  const found = mount === undefined ? undefined : mounts.get(mount)
  const unknown: Disk = { path, usedPercent: null, inodesPercent: null }
  if (found === undefined || found.device_error === 1) return unknown
  const { size_bytes: size, free_bytes: free, avail_bytes: available, files, files_free: filesFree } = found
  const used = size === undefined || free === undefined ? undefined : size - free
  const usable = used === undefined || available === undefined ? 0 : used + available
  return {
    path,
    usedPercent: used !== undefined && usable > 0 ? (used / usable) * 100 : null,
    inodesPercent:
      files !== undefined && filesFree !== undefined && files > 0
        ? ((files - filesFree) / files) * 100
        : null,
  }
}
