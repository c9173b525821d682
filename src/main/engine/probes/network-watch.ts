/** Whether the console itself has no network: then nothing outside can be said to be down. */
import { networkInterfaces } from 'node:os'
import type { Notice } from '#shared/model/change.ts'
import { type Failure, isFailure } from '#shared/model/failure.ts'
import type { Clock } from '../clock.ts'
import { reason } from './reason.ts'

/** What a machine without network gets to hear, besides from a host that alone is gone. */
const NO_NETWORK = ['tcp-unreachable', 'resolver-silent', 'host-unknown'] as const

/** How the latest look past each outside host ended: `null` where it got anywhere at all. */
export type Outcomes = ReadonlyMap<string, Failure | null>

/** Whether a failure is of the kind that a console without network has with everything. */
function looksOffline(failure: Failure): boolean {
  return (failure.step === 'resolve' || failure.step === 'tcp') && isFailure(failure, ...NO_NETWORK)
}

/**
 * The console is offline where nothing outside is reached in the way of a missing network, and either no interface
 * leads outside, or several hosts are affected: one host that cannot be routed to may be that host's own trouble.
 */
export function isOffline(outcomes: Outcomes, hasInterface: boolean): boolean {
  const failures = [...outcomes.values()]
  if (failures.length === 0 || !failures.every((failure) => failure !== null && looksOffline(failure)))
    return false
  return !hasInterface || failures.length > 1
}

/** Whether any interface but the loopback has an address. */
export function hasOutsideInterface(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal))
}

export interface NetworkWatch {
  /** Takes in how a look past an outside host ended; `null` where it succeeded. Tells of the network going and coming. */
  note(host: string, failure: Failure | null): void
  /** Whether a failure says nothing of its target because the console has no network now. */
  explains(failure: Failure): boolean
  /** Forgets all hosts but these. */
  keep(hosts: ReadonlySet<string | null>): void
}

export function createNetworkWatch({
  clock,
  notice,
  hasInterface,
}: {
  readonly clock: Clock
  readonly notice: (notice: Notice) => void
  readonly hasInterface: () => boolean
}): NetworkWatch {
  const outcomes = new Map<string, Failure | null>()
  let offline = false

  function become(now: boolean): void {
    if (now === offline) return
    offline = now
    const code = now ? 'console-offline' : 'console-online'
    notice({ at: clock.now(), level: now ? 'error' : 'info', reason: reason(code) })
  }

  return {
    note(host, failure) {
      outcomes.set(host, failure)
      // A success shows that there is a network, and so does a failure of another kind: it got past the first hop.
      if (failure === null || !looksOffline(failure)) become(false)
      else if (!offline) become(isOffline(outcomes, hasInterface()))
    },
    explains: (failure) => offline && looksOffline(failure),
    keep(hosts) {
      for (const host of outcomes.keys()) if (!hosts.has(host)) outcomes.delete(host)
    },
  }
}
