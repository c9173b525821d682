/** Where each deployment's lease is held: in its PostgreSQL or its Redis, over the connection that watches it anyway. */
import { parsePostgresUrl } from '#shared/model/profile/postgres-url.ts'
import type { Reach } from '../../reach/reach.ts'
import type { LeaseSeat } from './lease.ts'
import type { Leased } from './leases.ts'
import { createPostgresSeat } from './postgres.ts'
import { createRedisSeat } from './redis.ts'

export interface SeatsOptions {
  /** `null`: it is paused, unknown, or being opened anew. */
  readonly reachOf: (deployment: string) => Reach | null
  /** Who this console is: the id is its own for ever, the name is what people call it. */
  readonly console: { readonly id: string; readonly name: () => string }
}

export function createSeats({ reachOf, console: self }: SeatsOptions) {
  /** Each goes with its reach, which stays where only the place of the lease is altered. */
  const seats = new Map<
    string,
    Pick<Leased, 'lease'> & { readonly reach: Reach; readonly name: string; readonly seat: LeaseSeat | null }
  >()

  function open({ name, lease, redis, postgres }: Leased, reach: Reach): LeaseSeat | null {
    const who = { deployment: name, console: self.name(), id: self.id }
    const [first] = redis
    if (lease === 'postgres' && postgres !== undefined && reach.postgres !== null) {
      const hasSeveralServers = parsePostgresUrl(postgres.url).servers.length > 1
      return createPostgresSeat(reach.postgres.probes, { ...who, hasSeveralServers })
    }
    return lease === 'redis' && first !== undefined ? createRedisSeat(reach.redis(first.name), who) : null
  }

  return {
    of(leased: Leased): LeaseSeat | null {
      const reach = reachOf(leased.name)
      if (reach === null) return null
      const name = self.name()
      const { lease } = leased
      const known = seats.get(leased.name)
      if (known?.reach === reach && known.name === name && known.lease === lease) return known.seat
      const seat = open(leased, reach)
      seats.set(leased.name, { reach, name, lease, seat })
      return seat
    },
    forget: (deployment: string) => void seats.delete(deployment),
  }
}

export type Seats = ReturnType<typeof createSeats>
