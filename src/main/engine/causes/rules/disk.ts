/** A full disk, and what cannot be written because of it: Redis' saves, PostgreSQL's files, its WAL and its archive. */
import type { Observation } from '#shared/model/observation.ts'
import { behind, type Edge, type Finding, type Found, idOf, likely, words } from '../finding.ts'
import { crossedLimit, figure, observationsOf, type Situation } from '../situation.ts'
import { endOf, isBad } from './symptoms.ts'

/** What is said of those who could not write. */
const CANNOT_WRITE: ReadonlySet<string> = new Set([
  'redis-save-failing',
  'redis-append-only-failing',
  'redis-writes-refused',
  'pool-archive-failing',
  'pool-archive-never',
  'postgres-crashed',
  'postgres-disk-full',
])
/** Without room for its WAL PostgreSQL ends, and does not come up again: this is what is heard of it then. */
const IS_GONE: ReadonlySet<string> = new Set(['tcp-refused', 'postgres-starting', 'postgres-shutting-down'])
/** Fuller than this is full: file systems keep a share for root. */
const FULL_PERCENT = 95
/** A host is looked at more rarely than what it holds: a disk that filled up is seen that much later. */
const SEEN_LATE_MS = 30_000

export function disk(situation: Situation): Found {
  const full = observationsOf(situation, 'host').filter(
    (host) =>
      crossedLimit(situation, host, 'system_disk_percent') !== null &&
      (figure(host, 'system_disk_percent') ?? 0) >= FULL_PERCENT,
  )
  const suffering = situation.observations.filter((one) => isBad(one) && cannotWrite(one))
  const findings: Finding[] = []
  const edges: Edge[] = []
  for (const host of full) {
    const own = host.reason.code === 'host-disk-high'
    const id = own ? idOf(host) : `disk/${host.target}`
    const since = situation.since('host', host.target)
    if (!own) {
      findings.push(
        behind(id, words('disk-full', { host: host.target, percent: figure(host, 'system_disk_percent') }), {
          probe: 'host',
          target: host.target,
          since,
        }),
      )
    }
    // Which disk a server writes to is not known here; one that filled up after it could not write is another.
    const followed = suffering.filter(({ probe, target }) => {
      const began = situation.since(probe, target)
      return since !== null && began !== null && since <= began + SEEN_LATE_MS
    })
    edges.push(...followed.map((one) => likely(id, endOf(one))))
  }
  return { findings, edges }
}

function cannotWrite({ probe, reason: { code } }: Observation): boolean {
  return CANNOT_WRITE.has(code) || (probe === 'pool' && IS_GONE.has(code))
}
