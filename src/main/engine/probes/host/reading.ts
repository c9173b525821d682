/** What one look at a host reads, whichever way it was read; and the pure parsing of what Linux says. */

export interface CpuTimes {
  /** Ticks since boot, of all processors. */
  readonly busy: number
  readonly total: number
}
export interface Disk {
  readonly path: string
  /** Percent of what may be used; `null` where the file system does not tell (inodes on btrfs). */
  readonly usedPercent: number | null
  readonly inodesPercent: number | null
}
export interface HostReading {
  readonly cpu: CpuTimes | null
  readonly memoryTotal: number | null
  readonly memoryAvailable: number | null
  readonly load1: number | null
  readonly uptimeSeconds: number | null
  readonly disks: readonly Disk[]
  readonly system: string | null
  /** Another one after each boot; `null` where the system does not tell. */
  readonly bootId: string | null
}

/** The text of `/proc/sys/kernel/random/boot_id`. */
export function parseBootId(text: string): string | null {
  return /^[0-9a-f-]{36}$/.exec(text.trim())?.[0] ?? null
}

/**
 * The `cpu` line of `/proc/stat`: user nice system idle iowait irq softirq steal guest guest_nice.
 * Waiting for a disk is not work; guests are counted in user already (man 5 proc).
 */
export function parseCpu(text: string): CpuTimes | null {
  const line = /^cpu\s+(.*)$/m.exec(text)?.[1]
  if (line === undefined) return null
  const ticks = line.trim().split(/\s+/).slice(0, 8).map(Number)
  if (ticks.length < 4 || ticks.some((tick) => !Number.isFinite(tick))) return null
  const total = ticks.reduce((sum, tick) => sum + tick, 0)
  return { total, busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0) }
}

/** `/proc/meminfo` in bytes; kernels before 3.14 do not tell what is available, so it is added up as `free` did. */
export function parseMemory(text: string): { total: number | null; available: number | null } {
  const bytes = (name: string): number | null => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  }
  const total = bytes('MemTotal')
  const available = bytes('MemAvailable')
  if (available !== null) return { total, available }
  const free = bytes('MemFree')
  if (free === null) return { total, available: null }
  const reclaimable = (bytes('Buffers') ?? 0) + (bytes('Cached') ?? 0) + (bytes('SReclaimable') ?? 0)
  return { total, available: free + reclaimable - (bytes('Shmem') ?? 0) }
}

/** The first number of `/proc/loadavg` or `/proc/uptime`. */
export function firstNumber(text: string): number | null {
  const number = Number.parseFloat(text.trim())
  return Number.isFinite(number) ? number : null
}

/**
 * `df -kP` or `df -iP` of one path: percent used of what may be used, unrounded, without what is kept for root.
 * @returns `null` where `df` had no answer, or the file system has none (inodes on btrfs)
 */
export function parseDf(text: string): number | null {
  const line = text.trim().split('\n').at(-1) ?? ''
  // Device names and mount points may hold spaces: the three figures before the percentage are what counts.
  const figures = /\s(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s/.exec(line)
  if (figures === null) return null
  const used = Number(figures[2])
  const available = Math.max(0, Number(figures[3]))
  return used + available === 0 ? null : (used / (used + available)) * 100
}
