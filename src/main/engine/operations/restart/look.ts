/** What is seen of a service before and after: whether it is well, and which processes it runs as. */
import { z } from 'zod'
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

/** Each process by what is another after a start. */
export const Processes = z.object({
  running: z.array(z.string()),
  /** Those that stand there and do not run. */
  ended: z.array(z.string()),
  /** As the one process itself tells when it began, by its own clock; `null`: it was not asked. */
  beganAt: z.number().nullable(),
})
export type Processes = z.infer<typeof Processes>

/** @returns `null` where nothing was seen that tells one run from the next. Rejects where the machine cannot be asked. */
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
    const idsOf = (some: typeof processes) => some.map(({ id }) => id).toSorted()
    const { running = [], ended = [] } = Object.groupBy(processes, (one) =>
      one.ended === null ? 'running' : 'ended',
    )
    // Whoever could not be asked answers with none, too.
    return processes.length === 0 ? null : { running: idsOf(running), ended: idsOf(ended), beganAt: null }
  }
  const asked = identityOf(restart, IDENTITY_SECONDS)
  if (asked === null) return startOf(reach, service, signal)
  const { code, stdout } = await machine.run(asked, limits)
  const id = stdout.trim().slice(0, MOST_IDENTITY)
  return code === 0 && id !== '' ? { running: [id], ended: [], beganAt: null } : null
}

const START = /^process_start_time_seconds(?:\{[^}\n]*\})?\s+([0-9.eE+-]+)/m

/** As the service's own exposition tells when its process began. Of several, whichever answers tells its own: that says nothing. */
async function startOf(reach: Reach, service: Service, signal: AbortSignal): Promise<Processes | null> {
  const { metrics, processes, instances } = service
  if (metrics === null || processes * instances !== 1) return null
  try {
    const limits = { signal, timeoutMs: HEALTH_TIMEOUT_MS, maxBytes: MOST_METRICS_BYTES }
    const { status, body } = await reach.http(service.name).get(metrics, limits)
    const began = status === 200 ? START.exec(body.toString('utf8'))?.[1] : undefined
    const beganAt = Number(began)
    return began !== undefined && Number.isFinite(beganAt) ? { running: [began], ended: [], beganAt } : null
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

/** What became of the processes. `unknown`: nothing told one run from the next before; `unseen`: nothing does now. */
export type Renewal = 'unknown' | 'unseen' | 'old' | 'mixed' | 'ended' | 'new'

/** Pure. @param before as they were kept; what had ended then and stands there still is no matter of the restart */
export function renewalOf(before: Processes | null, now: Processes | null): Renewal {
  if (before === null) return 'unknown'
  if (now === null) return 'unseen'
  if (before.beganAt !== null && now.beganAt !== null) return now.beganAt > before.beganAt ? 'new' : 'old'
  const ended = now.ended.filter((id) => !before.ended.includes(id))
  const all = [...now.running, ...ended]
  const old = all.filter((id) => before.running.includes(id)).length
  if (old === all.length) return all.length < 1 && before.running.length > 0 ? 'unseen' : 'old'
  if (ended.length > 0) return 'ended'
  return old === 0 ? 'new' : 'mixed'
}
