/** A full disk, and what cannot be written because of it: Redis' saves, PostgreSQL's files and its archive. */
import { behind, type Edge, type Finding, type Found, idOf, likely, words } from '../finding.ts'
import { crossedLimit, figure, observationsOf, type Situation } from '../situation.ts'
import { isBad } from './symptoms.ts'

/** Reasons and failures of those who could not write. */
const CANNOT_WRITE: ReadonlySet<string> = new Set([
  'redis-save-failing',
  'redis-append-only-failing',
  'redis-writes-refused',
  'postgres-crashed',
  'postgres-statement-failed',
])
/** Fuller than this is full: file systems keep a share for root. */
const FULL_PERCENT = 95

export function disk(situation: Situation): Found {
  const full = observationsOf(situation, 'host').filter(
    (host) =>
      crossedLimit(situation, host, 'system_disk_percent') !== null &&
      (figure(host, 'system_disk_percent') ?? 0) >= FULL_PERCENT,
  )
  const suffering = [...observationsOf(situation, 'redis'), ...observationsOf(situation, 'pool')].filter(
    (one) => isBad(one) && CANNOT_WRITE.has(one.reason.code),
  )
  const findings: Finding[] = []
  const edges: Edge[] = []
  for (const host of full) {
    const own = host.reason.code === 'host-disk-high'
    const id = own ? idOf(host) : `disk/${host.target}`
    if (!own) {
      findings.push(
        behind(id, words('disk-full', { host: host.target, percent: figure(host, 'system_disk_percent') }), {
          probe: 'host',
          target: host.target,
          since: situation.since('host', host.target),
        }),
      )
    }
    // Which disk a server writes to is not known here.
    edges.push(...suffering.map((one) => likely(id, idOf(one))))
  }
  return { findings, edges }
}
