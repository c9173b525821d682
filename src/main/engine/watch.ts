/**
 * Which deployments are being watched: each has its reach and its probes from the moment that it is on record until it
 * is paused or removed. Edits of one deployment are followed one after the other, the newest winning.
 */
import type { Connection } from '#shared/model/connection.ts'
import type { Deployment, Deployments } from './deployments/deployments.ts'
import type { Log } from './log.ts'
import type { Scheduler } from './probes/scheduler.ts'
import type { Reach } from './reach/reach.ts'

export interface Watch {
  /** Begins to watch everything on record, and follows edits from then on. */
  start(): void
  connection(deployment: string): Connection
  retry(deployment: string): void
  /** Ends all probes, then closes every connection. */
  stop(): Promise<void>
}

export interface WatchOptions {
  readonly deployments: Deployments
  readonly scheduler: Scheduler
  readonly openReach: (deployment: Deployment) => Reach
  readonly log: Log
  /** The live path of a deployment changed. */
  readonly onConnection: (deployment: string) => void
  /** A deployment was added, altered, paused or removed (`null`), and watching has followed. */
  readonly onEdit: (name: string, deployment: Deployment | null) => void
}

export function createWatch({
  deployments,
  scheduler,
  openReach,
  log,
  onConnection,
  onEdit,
}: WatchOptions): Watch {
  const reaches = new Map<string, Reach>()
  const following = new Map<string, Promise<void>>()
  let stopEdits = () => {}
  let stopping = false

  function open(deployment: Deployment) {
    const { profile, paused } = deployment
    if (paused) {
      scheduler.pause(profile)
      return
    }
    const reach = openReach(deployment)
    reach.onChange(() => onConnection(profile.name))
    reaches.set(profile.name, reach)
    scheduler.add(profile, reach)
  }

  async function close(name: string) {
    await scheduler.remove(name)
    const reach = reaches.get(name)
    reaches.delete(name)
    await reach?.close()
  }

  async function follow(name: string) {
    await close(name)
    if (stopping) return
    const deployment = deployments.get(name)
    if (deployment !== null) open(deployment)
    onEdit(name, deployment)
  }

  return {
    start() {
      for (const deployment of deployments.list()) open(deployment)
      stopEdits = deployments.onEdit((name) => {
        const next = (following.get(name) ?? Promise.resolve())
          .then(() => follow(name))
          .catch((error: unknown) => log.error({ deployment: name, err: error }, 'could not follow an edit'))
          .finally(() => {
            if (following.get(name) === next) following.delete(name)
          })
        following.set(name, next)
      })
    },

    connection: (name) => reaches.get(name)?.connection() ?? { status: 'DISCONNECTED', hops: [] },
    retry: (name) => reaches.get(name)?.retry(),

    async stop() {
      stopping = true
      stopEdits()
      await Promise.all([scheduler.stop(), ...following.values()])
      await Promise.all([...reaches.values()].map((reach) => reach.close()))
      reaches.clear()
    },
  }
}
