/** Counts all the time what a console holds to each target of each deployment, and holds it against what it may. */
import { startWeather } from '../../../../demo/servers/weather.ts'
import type { DeploymentProfileInput } from '../../../../src/shared/model/profile/deployment.ts'
import { createConnectionCounter, type Holder, uncounted } from '../../../support/connection-counter.ts'
import { afterwards, type Site } from '../engine-kit.ts'

/** At once, for one deployment: PostgreSQL's two, one for Redis, and what one service is asked over. */
export const MOST = { postgres: 2, redis: 1, service: 4 } as const
type Target = keyof typeof MOST
export const TARGETS = ['postgres', 'redis', 'service'] as const satisfies Target[]

export interface Held {
  /** Counts from now on at a port that one deployment alone dials. @param by whose are counted, where others dial it too */
  watch(deployment: string, target: Target, port: number, by?: Holder): void
  /** What was more than it may be, since it is watched; counting ends. Rejects where it was hardly looked. */
  excess(): Promise<{ deployment: string; target: string; most: number }[]>
}

/** Stopped after the test. */
export function countHeld(): Held {
  const counter = createConnectionCounter()
  afterwards(() => counter.stop())
  const watched = new Map<number, { deployment: string; target: Target }>()
  return {
    watch(deployment, target, port, by) {
      watched.set(port, { deployment, target })
      counter.watch(port, by)
    },
    async excess() {
      const counted = await counter.taken()
      const blind = counted.filter(({ samples }) => samples < 10)
      if (uncounted === null && (blind.length > 0 || counted.length !== watched.size)) {
        throw new Error(`what was held was hardly looked at: ${JSON.stringify(blind)}`)
      }
      return counted.flatMap(({ port, most }) => {
        const about = watched.get(port)
        return about !== undefined && most > MOST[about.target] ? [{ ...about, most }] : []
      })
    },
  }
}

/** Ports before a site's servers that one deployment alone dials: of several that share the servers each is counted apart. */
export interface Doors {
  readonly ports: Readonly<Record<Target, number>>
  /** For its profile. @param password the reference to PostgreSQL's */
  targets(password?: string): Pick<DeploymentProfileInput, 'services' | 'postgres' | 'redis'>
  /** How many connections stand at all of them. */
  connections(): number
}

/** Closed after the test. */
export async function openDoors(site: Site): Promise<Doors> {
  const open = async (port: number) => {
    const door = await startWeather({ to: { host: '127.0.0.1', port } })
    afterwards(() => door.stop())
    return door
  }
  const doors = {
    postgres: await open(site.postgres.port),
    redis: await open(site.redis.port),
    service: await open(site.service.port),
  }
  const { postgres, redis, service } = doors
  return {
    ports: { postgres: postgres.port, redis: redis.port, service: service.port },
    targets: (password = 'secret:pg') => ({
      services: [{ name: 'api', url: `http://127.0.0.1:${service.port}`, metrics: null }],
      postgres: { url: `postgresql://postgres@127.0.0.1:${postgres.port}/postgres`, password },
      redis: [{ name: 'cache', url: `redis://127.0.0.1:${redis.port}/0`, password: 'secret:redis' }],
    }),
    connections: () => TARGETS.reduce((sum, target) => sum + doors[target].connections(), 0),
  }
}

/** Counts at all of a deployment's doors from now on. */
export function watchDoors(held: Held, deployment: string, { ports }: Doors): void {
  for (const target of TARGETS) held.watch(deployment, target, ports[target], 'anybody')
}
