/**
 * Which deployments are being watched: each has its reach and its probes from the moment that it is on record until it
 * is paused or removed. Edits of one deployment are followed one after the other, the newest winning; what takes the
 * place of something opens its connections when that has closed its own. An edit that leaves the way as it is leaves the
 * connections, too, and whatever works over them.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Connection } from '#shared/model/connection.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Deployment, Deployments } from './deployments/deployments.ts'
import type { Log } from './log.ts'
import type { Scheduler } from './probes/scheduler.ts'
import type { Reach } from './reach/reach.ts'
import { reachedBy } from './reach/reached.ts'

export interface Watch {
  /** Begins to watch everything on record, and follows edits from then on. */
  start(): void
  connection(deployment: string): Connection
  /** The way to a deployment that is watched; `null` where it is paused or unknown, or just being opened anew. */
  reach(deployment: string): Reach | null
  retry(deployment: string): void
  /**
   * What stands is dead, most likely: everything is closed and opened anew, so that no probe has to find out. What waits
   * for a person goes on waiting: credentials that were rejected are not sent again.
   */
  renew(): void
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
  /** A deployment was added, altered, paused or removed (`null`); nothing looks at what it was any more. */
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
  /** With the profile that is watched through each. */
  const reaches = new Map<string, { readonly reach: Reach; readonly profile: DeploymentProfile }>()
  const following = new Map<string, Promise<void>>()
  const closing = new Set<Promise<void>>()
  let stopEdits = () => {}
  let stopping = false

  function open(deployment: Deployment) {
    const { profile } = deployment
    const reach = openReach(deployment)
    reach.onChange(() => onConnection(profile.name))
    reaches.set(profile.name, { reach, profile })
    scheduler.add(profile, reach)
    onConnection(profile.name)
  }

  /** From now on nobody looks, and there is no reach; resolves when its connections are closed. */
  function close(name: string): Promise<void> {
    const held = reaches.get(name)
    reaches.delete(name)
    const done = scheduler.remove(name).then(() => held?.reach.close())
    closing.add(done)
    return done.finally(() => closing.delete(done))
  }

  /** One after the other, the edits of a deployment and what is done to its connections. */
  function queue(name: string, work: () => Promise<void>) {
    const next = (following.get(name) ?? Promise.resolve())
      .then(work)
      .catch((error: unknown) =>
        log.error(
          { deployment: name, err: error },
          'could not bring the watching of a deployment up to date',
        ),
      )
      .finally(() => {
        if (following.get(name) === next) following.delete(name)
      })
    following.set(name, next)
  }

  async function reopen(name: string) {
    const deployment = deployments.get(name)
    if (!reaches.has(name)) return
    await close(name)
    // Hops are shared: one that somebody still used would be taken for the new one.
    await Promise.allSettled(closing)
    if (stopping || deployment === null || deployments.get(name) !== deployment) return
    open(deployment)
  }

  /** Whether what stands is the way to it as it is by now; then nothing but what is looked at over it follows. */
  async function followedOver(name: string, deployment: Deployment): Promise<boolean> {
    const held = reaches.get(name)
    const { profile, paused } = deployment
    if (held === undefined || paused || !isDeepStrictEqual(reachedBy(held.profile), reachedBy(profile))) {
      return false
    }
    const { reach } = held
    reaches.set(name, { reach, profile })
    onEdit(name, deployment)
    if (isAskedAlike(held.profile, profile)) scheduler.alter(profile)
    else {
      await scheduler.remove(name)
      if (!stopping) scheduler.add(profile, reach)
    }
    // A secret may be another under its old name: what was refused, or cannot be reached, is tried again.
    if (reach.connection().status !== 'CONNECTED') reach.retry()
    return true
  }

  async function follow(name: string) {
    const deployment = deployments.get(name)
    if (deployment !== null && (await followedOver(name, deployment))) return
    const closed = close(name)
    if (deployment?.paused === true) scheduler.pause(deployment.profile)
    onEdit(name, deployment)
    await closed
    // One that was renamed is closed under its old name.
    await Promise.allSettled(closing)
    // A newer edit is followed by itself.
    if (stopping || deployments.get(name) !== deployment) return
    if (deployment !== null && !deployment.paused) open(deployment)
  }

  return {
    start() {
      for (const deployment of deployments.list()) {
        if (deployment.paused) scheduler.pause(deployment.profile)
        else open(deployment)
      }
      stopEdits = deployments.onEdit((name) => queue(name, () => follow(name)))
    },

    connection: (name) => reaches.get(name)?.reach.connection() ?? { status: 'DISCONNECTED', hops: [] },
    reach: (name) => reaches.get(name)?.reach ?? null,
    retry: (name) => reaches.get(name)?.reach.retry(),
    renew() {
      for (const [name, { reach }] of reaches) {
        if (reach.connection().status !== 'REFUSED') queue(name, () => reopen(name))
      }
    },

    async stop() {
      stopping = true
      stopEdits()
      await Promise.all([scheduler.stop(), ...following.values()])
      await Promise.all([...reaches.values()].map(({ reach }) => reach.close()))
      reaches.clear()
    },
  }
}

/** Whether the same targets are asked the same: what looks remember of them is of use to the next. */
function isAskedAlike(before: DeploymentProfile, after: DeploymentProfile): boolean {
  const asked = ({ services, postgres, redis, hosts, expositions }: DeploymentProfile) => [
    ...[services, postgres, redis, hosts, expositions],
  ]
  return isDeepStrictEqual(asked(before), asked(after))
}
