/**
 * Looks names up as every program of this machine does: hosts file, name servers, whatever else it is set up with. That
 * happens on threads of which there are two; a name whose servers are silent holds one for ten seconds and more
 * (measured: eight such names kept `localhost` waiting for forty). So names that have not shown to be quick share one.
 */
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { type Clock, systemClock } from '../clock.ts'
import { createGate } from './gate.ts'

const QUICK_MS = 2_000
const MOST_NAMES = 5_000

export type Family = 0 | 4 | 6

export interface Names {
  /**
   * Every address of a name, in the order in which they should be tried; rejects as `dns.lookup` does.
   * @param family 4 or 6 for those alone
   */
  addresses(host: string, family: Family): Promise<LookupAddress[]>
}

export function createNames({
  find,
  clock,
}: {
  find: (host: string, family: Family) => Promise<LookupAddress[]>
  clock: Pick<Clock, 'monotonic'>
}): Names {
  const quick = new Set<string>()
  const running = new Map<string, Promise<LookupAddress[]>>()
  const untried = createGate(1)
  const never = new AbortController().signal

  async function look(host: string, family: Family): Promise<LookupAddress[]> {
    const since = clock.monotonic()
    try {
      return await find(host, family)
    } finally {
      if (clock.monotonic() - since > QUICK_MS) quick.delete(host)
      else if (quick.size < MOST_NAMES) quick.add(host)
    }
  }

  return {
    addresses(host, family) {
      const key = `${family} ${host}`
      // Nobody asks twice at once; an answer is not kept, so that the next connection goes where the name leads by then.
      const known = running.get(key)
      if (known !== undefined) return known
      const looking = quick.has(host) ? look(host, family) : untried.pass(never, () => look(host, family))
      const settled = looking.finally(() => running.delete(key))
      running.set(key, settled)
      return settled
    },
  }
}

/** Those of this machine: its threads are shared by all that is watched. */
export const systemNames = createNames({
  find: (host, family) => lookup(host, { all: true, order: 'verbatim', family }),
  clock: systemClock,
})
