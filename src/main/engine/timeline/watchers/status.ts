/** Transitions of what the probes report. Not looking is none, nor is what the way explains: the way has events of its own. */
import { z } from 'zod'
import type { Connection } from '#shared/model/connection.ts'
import { type Observation, StatusSchema } from '#shared/model/observation.ts'
import type { Draft } from '../draft.ts'

/** Nothing was learned yet, or the console's own waiting ended: that says nothing of the target. */
const TELLS_NOTHING: ReadonlySet<string> = new Set([
  'traffic-first-look',
  'connection-slow',
  'connection-failed',
  'postgres-session-busy',
  'postgres-connections-left',
  'watch-ended',
  'probe-failed',
])

export const KnownStatus = z.object({ status: StatusSchema })
export type KnownStatus = z.infer<typeof KnownStatus>

export function watchStatus(
  before: KnownStatus | undefined,
  observation: Observation,
  connection: Connection,
): { events: Draft[]; known: KnownStatus | undefined } {
  const { status, reason, probe, target, at } = observation
  const unchanged = { events: [], known: before }
  if (status === 'UNOBSERVED' || TELLS_NOTHING.has(reason.code) || isOfTheWay(observation, connection)) {
    return unchanged
  }
  if (before?.status === status) return unchanged
  const known = { status }
  if (before === undefined) return { events: [], known }
  return { events: [{ at, kind: 'status', probe, target, reason, status }], known }
}

function isOfTheWay({ reason }: Observation, { hops }: Connection): boolean {
  return hops.some(
    ({ kind, error }) => kind === 'ssh' && error?.code === reason.code && error.hop === reason.params.hop,
  )
}
