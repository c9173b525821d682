/** The SSH chain: which hop broke, and when the way was there again. What is at its end has a status of its own. */
import { z } from 'zod'
import type { Connection } from '#shared/model/connection.ts'
import type { Draft } from '../draft.ts'

export const KnownPath = z.object({ isUp: z.boolean(), since: z.number() })
export type KnownPath = z.infer<typeof KnownPath>

/** Connecting is neither up nor broken. Behind a hop that broke the others say nothing of their own. */
export function watchPath(
  before: KnownPath | undefined,
  connection: Connection,
  now: number,
): { events: Draft[]; known: KnownPath | undefined } {
  const hops = connection.hops.filter(({ kind }) => kind === 'ssh')
  if (hops.length === 0) return { events: [], known: undefined }
  const broken = hops.find(({ error }) => error !== null)
  const event = (reason: Draft['reason'], status: Draft['status']): Draft => {
    return { at: now, kind: 'path', probe: null, target: null, reason, status }
  }
  if (broken?.error != null) {
    const known = { isUp: false, since: now }
    if (before?.isUp !== true) return { events: [], known: before ?? known }
    const { code, params, hop } = broken.error
    return {
      events: [event({ code, params: { ...params, hop } }, 'DISCONNECTED')],
      known: { isUp: false, since: now },
    }
  }
  if (!hops.every(({ status }) => status === 'CONNECTED')) return { events: [], known: before }
  const known = { isUp: true, since: now }
  if (before === undefined) return { events: [], known }
  if (before.isUp) return { events: [], known: before }
  const seconds = Math.max(0, Math.round((now - before.since) / 1000))
  return {
    events: [event({ code: 'path-back', params: { hop: hops.at(-1)?.hop ?? '', seconds } }, 'HEALTHY')],
    known,
  }
}
