/** Whether the console itself has no network: then nothing outside can be said to be down. */
import { networkInterfaces } from 'node:os'
import type { Failure } from '#shared/model/failure.ts'

/** What a machine without network gets to hear, besides from a host that alone is gone. */
const NO_NETWORK = new Set(['tcp-unreachable', 'resolver-silent', 'host-unknown'])

/** How the latest look past each outside host ended: `null` where it got anywhere at all. */
export type Outcomes = ReadonlyMap<string, Failure | null>

/** Whether a failure is of the kind that a console without network has with everything. */
export function looksOffline(failure: Failure): boolean {
  return (failure.step === 'resolve' || failure.step === 'tcp') && NO_NETWORK.has(failure.code)
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
