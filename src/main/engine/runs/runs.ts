/**
 * Looks at what keeps services running, beside the probes: rarely, one program a machine for all that is on it, bounded. What
 * changed there (another image, a restart, an end) is for the timeline to find.
 */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Reach, ReachError } from '../reach/reach.ts'
import type { Standing } from '../standing.ts'
import { readAnswer } from './answer.ts'
import { placesOf, type RunPlace } from './places.ts'
import { questionOf } from './question.ts'

const EVERY_MS = 30_000
/** Where nothing is told (no engine, no right to ask it), it is asked ever more rarely, down to this. */
const AT_LEAST_EVERY_MS = 600_000
const TICK_MS = 5_000
const TIMEOUT_MS = 20_000
const MOST_BYTES = 128 * 1024
/** Machines that are asked at the same time. */
const MOST_AT_ONCE = 4
const TOLD_CHARACTERS = 300

export interface Runs {
  start(): void
  /** Nothing is asked any more; what is under way is given up. */
  stop(): void
}

interface Machine {
  /** Monotonic. */
  dueAt: number
  failures: number
  isAsked: boolean
}

export function createRuns({
  deployments,
  reachOf,
  learn,
  clock,
  log,
}: {
  readonly deployments: {
    list(): readonly { readonly profile: DeploymentProfile; readonly paused: boolean }[]
  }
  /** `null` where it is paused, or just being opened anew. */
  readonly reachOf: (deployment: string) => Reach | null
  readonly learn: (
    look: { deployment: string; probe: 'host'; target: string; at: number },
    standings: readonly Standing[],
  ) => void
  readonly clock: Clock
  readonly log: Log
}): Runs {
  const machines = new Map<string, Machine>()
  const stopping = new AbortController()
  let cancel = () => {}
  let asked = 0

  function tick(): void {
    cancel = clock.after(TICK_MS, tick)
    const known = new Set<string>()
    for (const { profile, paused } of deployments.list()) {
      const reach = paused || profile.logs.length === 0 ? null : reachOf(profile.name)
      if (reach === null) continue
      for (const [over, places] of placesOf(profile)) {
        const key = `${profile.name}/${over}`
        known.add(key)
        const machine = machines.get(key) ?? { dueAt: clock.monotonic(), failures: 0, isAsked: false }
        machines.set(key, machine)
        if (machine.isAsked || machine.dueAt > clock.monotonic() || asked >= MOST_AT_ONCE) continue
        void ask(machine, reach, over, places)
      }
    }
    for (const key of machines.keys()) if (!known.has(key)) machines.delete(key)
  }

  async function ask(
    machine: Machine,
    reach: Reach,
    over: string,
    places: readonly RunPlace[],
  ): Promise<void> {
    const { deployment } = reach
    machine.isAsked = true
    asked += 1
    try {
      const limits = { signal: stopping.signal, timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES }
      const answer = await reach.machine(over).run(questionOf(places), limits)
      const at = clock.now()
      const standings = readAnswer(answer.stdout, at)
      // It may have been edited meanwhile: then these are places of before.
      if (reachOf(deployment) !== reach) return
      places.forEach(({ name }, index) => {
        learn({ deployment, probe: 'host', target: name, at }, standings[index] ?? [])
      })
      const isSilent = standings.every((of) => of.length === 0)
      if (isSilent && machine.failures === 0) {
        const said = answer.stderr.trim().slice(0, TOLD_CHARACTERS)
        log.warn(
          { deployment, machine: over, said },
          'no container and no unit of a deployment is known there',
        )
      }
      machine.failures = isSilent ? machine.failures + 1 : 0
    } catch (error) {
      // A way that is down is told of where it is.
      if (!(error instanceof ReachError))
        log.error({ deployment, machine: over, err: error }, 'runs not read')
      machine.failures += 1
    } finally {
      asked -= 1
      machine.isAsked = false
      machine.dueAt = clock.monotonic() + Math.min(AT_LEAST_EVERY_MS, EVERY_MS * 2 ** machine.failures)
    }
  }

  return {
    start() {
      cancel = clock.after(TICK_MS, tick)
    },
    stop() {
      cancel()
      stopping.abort()
    },
  }
}
