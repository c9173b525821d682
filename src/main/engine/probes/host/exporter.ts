/** Reads a host from its node exporter: one GET a look. */
import type { Reason } from '#shared/model/reason.ts'
import type { HttpSession, Limits } from '../../reach/reach.ts'
import { EXPOSITION_TYPES, MAX_EXPOSITION_BYTES, unusable } from '../prometheus/answer.ts'
import { reason } from '../reason.ts'
import { readNodeExporter } from './node-exporter.ts'
import type { RemoteAnswer } from './remote.ts'

/** @returns what it told; or why its answer tells nothing of the host */
export async function readExporter(
  session: HttpSession,
  path: string,
  disks: readonly string[],
  { now, ...limits }: Limits & { now: number },
): Promise<(RemoteAnswer & { rows: number }) | { unknown: Reason; bytes: number }> {
  const bounds = { ...limits, maxBytes: MAX_EXPOSITION_BYTES, accept: EXPOSITION_TYPES }
  const answer = await session.get(path, bounds)
  const bytes = answer.wireBytes
  const refused = unusable(answer, path, now)
  if (refused !== null) return { unknown: refused, bytes }
  const { reading, samples } = readNodeExporter(answer.body, disks)
  if (samples === 0) return { unknown: reason('traffic-not-metrics', { path }), bytes }
  if (reading === null) return { unknown: reason('host-not-node-exporter', { path }), bytes }
  return { reading, bytes, rows: samples }
}
