/** A host's processors, memory, load and declared disks: this machine's, or one's over SSH or as its node exporter tells. */
import type { LimitOverrides } from '#shared/catalogue/limits.ts'
import { PROBE_INTERVAL_MS } from '#shared/catalogue/probes.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { scrapePath } from '#shared/model/profile/scrape.ts'
import type { Standing } from '../../standing.ts'
import { boundEvidence } from '../evidence.ts'
import { increase, percentOf, round, unknownValues } from '../figures.ts'
import { byBadness, type Finding, type HeldLimits, judgeLimits } from '../limits.ts'
import type { Look, LookContext, Probe } from '../probe.ts'
import { failureReason, reason } from '../reason.ts'
import { readExporter } from './exporter.ts'
import { createLocalReader, type LocalReader } from './local.ts'
import type { CpuTimes, Disk, HostReading } from './reading.ts'
import { type RemoteAnswer, readRemote } from './remote.ts'

interface HostMemory {
  /** Monotonic milliseconds. */
  readonly at: number
  readonly cpu: CpuTimes | null
  readonly held: HeldLimits
}

/** Times further apart than this say nothing of "now". */
const LONGEST_INTERVAL_MS = 120_000

/** All looks at the machine that Vakhta runs on share one reader. */
export function createHostProbe(): Probe<HostMemory> {
  const readLocal = createLocalReader()
  return {
    id: 'host',
    intervalMs: PROBE_INTERVAL_MS.host,
    timeoutMs: 6_000,
    targets: (profile) => profile.hosts.map(({ name }) => name),
    look: (context) => look(context, readLocal),
    unreachable,
    retryAfterMs: ({ reason: { params } }) =>
      typeof params.retryAfterSeconds === 'number' ? params.retryAfterSeconds * 1000 : null,
  }
}

async function look(
  context: LookContext<HostMemory>,
  readLocal: LocalReader,
): Promise<{ look: Look; memory: HostMemory }> {
  const { memory, monotonic, profile, reach, signal, target, timeoutMs } = context
  const host = profile.hosts.find(({ name }) => name === target)
  if (host === undefined) throw new Error(`looked for a host that the profile does not have: ${target}`)
  const { exporter } = host
  let read: RemoteAnswer & { rows?: number }
  if (exporter !== undefined) {
    const path = scrapePath(exporter)
    const asked = await readExporter(reach.scrape('host', target), path, host.disks, {
      ...{ signal, timeoutMs, now: context.now },
    })
    if ('unknown' in asked) {
      const cost = { rows: 0, bytes: asked.bytes }
      // What was counted before is still good for the next look.
      const kept = memory ?? { at: monotonic(), cpu: null, held: {} }
      return {
        look: { status: 'UNKNOWN', reason: asked.unknown, values: unknownValues('host'), cost },
        memory: kept,
      }
    }
    read = asked
  } else if (host.over === 'local') read = { reading: await readLocal(host.disks), bytes: 0 }
  else read = await readRemote(reach.host(target), host.disks, { signal, timeoutMs })
  const { reading, bytes, rows = 0 } = read

  const at = monotonic()
  const recent = memory !== null && at - memory.at <= LONGEST_INTERVAL_MS
  const values = hostValues(reading, recent ? memory.cpu : null)
  const { findings, held } = hostFindings(reading, values, profile.limits, memory?.held ?? {})
  const worst = findings[0]
  return {
    look: {
      status: worst?.status ?? 'HEALTHY',
      reason: worst?.reason ?? whenWell(values),
      values,
      evidence: boundEvidence({ facts: facts(reading) }),
      standings: standings(reading, context.now),
      cost: { rows, bytes },
    },
    memory: { at, cpu: reading.cpu, held },
  }
}

function standings({ bootId, uptimeSeconds }: HostReading, now: number): Standing[] {
  if (bootId === null) return []
  const startedAt = uptimeSeconds === null ? null : Math.round(now - uptimeSeconds * 1000)
  return [{ of: '', run: { id: bootId, startedAt } }]
}

function fullest(disks: readonly Disk[], of: 'usedPercent' | 'inodesPercent'): Disk | null {
  return disks.reduce<Disk | null>(
    (most, disk) => (disk[of] !== null && disk[of] > (most?.[of] ?? -1) ? disk : most),
    null,
  )
}

function hostValues(reading: HostReading, cpuBefore: CpuTimes | null): MetricValues {
  const percent = (value: number | null | undefined) =>
    value === null || value === undefined ? null : round(value)
  const { memoryTotal, memoryAvailable } = reading
  return {
    system_cpu_percent: percentOf(
      increase(cpuBefore?.busy, reading.cpu?.busy),
      increase(cpuBefore?.total, reading.cpu?.total),
    ),
    system_memory_percent:
      memoryTotal === null || memoryAvailable === null
        ? null
        : percentOf(memoryTotal - memoryAvailable, memoryTotal),
    system_disk_percent: percent(fullest(reading.disks, 'usedPercent')?.usedPercent),
    system_inodes_percent: percent(fullest(reading.disks, 'inodesPercent')?.inodesPercent),
    system_load1: reading.load1,
    system_uptime_seconds: reading.uptimeSeconds === null ? null : Math.round(reading.uptimeSeconds),
  }
}

function hostFindings(
  reading: HostReading,
  values: MetricValues,
  overrides: LimitOverrides,
  heldBefore: HeldLimits,
): { findings: Finding[]; held: HeldLimits } {
  const { findings, held } = judgeLimits({
    values,
    overrides,
    held: heldBefore,
    params: {
      system_disk_percent: { disk: fullest(reading.disks, 'usedPercent')?.path ?? '' },
      system_inodes_percent: { disk: fullest(reading.disks, 'inodesPercent')?.path ?? '' },
    },
  })
  const silent = reading.disks.filter(({ usedPercent }) => usedPercent === null).map(({ path }) => path)
  if (silent.length > 0) {
    findings.push({ status: 'WARNING', reason: reason('host-disk-silent', { disk: silent.join(', ') }) })
  }
  if (reading.cpu === null && values.system_memory_percent === null) {
    findings.push({ status: 'UNKNOWN', reason: reason('host-unreadable', { system: reading.system ?? '?' }) })
  }
  return { findings: byBadness(findings), held }
}

function whenWell(values: MetricValues) {
  const figure = (name: string) => round(values[name] ?? 0, 0)
  const params = { memory: figure('system_memory_percent'), disk: figure('system_disk_percent') }
  return values.system_cpu_percent === null
    ? reason('host-healthy-at-first', params)
    : reason('host-healthy', { ...params, cpu: figure('system_cpu_percent') })
}

function facts(reading: HostReading): Record<string, string> {
  const percent = (value: number | null) => (value === null ? '?' : `${round(value, 1)} %`)
  return {
    ...(reading.system === null ? {} : { system: reading.system }),
    ...Object.fromEntries(
      reading.disks.map(({ path, usedPercent }) => [`disk ${path}`, percent(usedPercent)]),
    ),
  }
}

/** A host is its way: where it cannot be reached, nothing is known of its processors and memory. */
function unreachable(failure: Failure) {
  return { status: 'UNKNOWN' as const, reason: failureReason(failure), values: unknownValues('host') }
}
