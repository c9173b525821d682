/** What is seen of a service before and after: whether it is well, and which processes it runs as. */
import type { Restart } from '#shared/model/profile/restart.ts'
import type { Service } from '#shared/model/profile/service.ts'
import { type Reach, ReachError } from '../../reach/reach.ts'
import { readAnswer } from '../../runs/answer.ts'
import { questionOf } from '../../runs/question.ts'
import { identityOf, placeOf } from './script.ts'

const ASK_TIMEOUT_MS = 20_000
const HEALTH_TIMEOUT_MS = 4_000
const MOST_BYTES = 128 * 1024
const MOST_METRICS_BYTES = 2 * 1024 * 1024
const IDENTITY_SECONDS = 10
const MOST_IDENTITY = 500

/** Each process by what is another after a start; `ended`: none of them runs. */
export interface Processes {
  readonly ids: readonly string[]
  readonly ended: number
}

/** @returns `null` where nothing tells one run from the next. Rejects where the machine cannot be asked. */
export async function seeProcesses(
  reach: Reach,
  service: Service,
  restart: Restart,
  signal: AbortSignal,
  now: number,
): Promise<Processes | null> {
  const machine = reach.machine(restart.over)
  const limits = { signal, timeoutMs: ASK_TIMEOUT_MS, maxBytes: MOST_BYTES }
  const place = placeOf(service.name, restart)
  if (place !== null) {
    const { stdout } = await machine.run(questionOf([place]), limits)
    const [standings = []] = readAnswer(stdout, now)
    const processes = standings.flatMap(({ process }) => (process === undefined ? [] : [process]))
    return {
      ids: processes.map(({ id }) => id).toSorted(),
      ended: processes.filter(({ ended }) => ended !== null).length,
    }
  }
  const asked = identityOf(restart, IDENTITY_SECONDS)
  if (asked === null) return startOf(reach, service, signal)
  const { code, stdout } = await machine.run(asked, limits)
  return code === 0 ? { ids: [stdout.trim().slice(0, MOST_IDENTITY)], ended: 0 } : { ids: [], ended: 0 }
}

const START = /^process_start_time_seconds(?:\{[^}\n]*\})?\s+([0-9.eE+-]+)/m

/** As the service's own exposition tells when its process began; with several of them, that of whichever answers. */
async function startOf(reach: Reach, service: Service, signal: AbortSignal): Promise<Processes | null> {
  if (service.metrics === null) return null
  try {
    const limits = { signal, timeoutMs: HEALTH_TIMEOUT_MS, maxBytes: MOST_METRICS_BYTES }
    const { status, body } = await reach.http(service.name).get(service.metrics, limits)
    const began = status === 200 ? START.exec(body.toString('utf8'))?.[1] : undefined
    return began === undefined ? null : { ids: [began], ended: 0 }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ReachError) return null
    throw error
  }
}

/** @returns what is wrong: a status and the path that answered with it, or the code of a failure; `null`: it is live and ready */
export async function seeHealth(
  reach: Reach,
  { name, live, ready }: Service,
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly found: string } | null> {
  for (const path of [live, ready]) {
    if (path === null) continue
    try {
      const limits = { signal, timeoutMs: HEALTH_TIMEOUT_MS, maxBytes: MOST_BYTES }
      const { status } = await reach.http(name).get(path, limits)
      if (status < 200 || status >= 300) return { path, found: String(status) }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ReachError)) throw error
      return { path, found: error.failure.code }
    }
  }
  return null
}

/** What became of the processes. Pure. */
export type Renewal = 'unknown' | 'none' | 'old' | 'mixed' | 'ended' | 'new'

/** @param before as they were kept; `null`: nothing told one run from the next */
export function renewalOf(before: readonly string[] | null, now: Processes | null): Renewal {
  if (before === null || now === null) return 'unknown'
  if (now.ids.length === 0) return 'none'
  if (now.ended > 0) return now.ids.every((id) => before.includes(id)) ? 'old' : 'ended'
  const old = now.ids.filter((id) => before.includes(id)).length
  if (old === now.ids.length) return 'old'
  return old === 0 ? 'new' : 'mixed'
}
