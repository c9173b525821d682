/** Whether the console itself has no network: then nothing outside can be said to be down. */
import { networkInterfaces } from 'node:os'
import type { Notice } from '#shared/model/change.ts'
import { type Failure, isFailure } from '#shared/model/failure.ts'
import type { Clock } from '../clock.ts'
import { reason } from './reason.ts'

/** What a machine without network gets to hear, besides from a host that alone is gone. */
const NO_NETWORK = ['tcp-unreachable', 'resolver-silent', 'host-unknown'] as const

/**
 * What it looks like from connections that stood when the network went: nobody answers. Not an answer of any kind, so
 * it does not show that the network is back either.
 */
const SILENT = [
  'connection-slow',
  'tcp-silent',
  'tls-silent',
  'proxy-silent',
  'proxy-cut',
  'http-silent',
  'http-cut',
  'oauth-silent',
  'postgres-silent',
  'postgres-answer-missing',
  'postgres-session-busy',
  'postgres-connections-left',
  'postgres-connection-lost',
  'redis-silent',
  'redis-answer-missing',
  'redis-connection-lost',
  'redis-cluster-lost',
  'ssh-handshake-silent',
  'ssh-silent',
  'ssh-unanswered',
  'ssh-connection-lost',
  'command-slow',
] as const

/** What waits for its next attempt still tells of the missing network until then: the longest pause, and an interval. */
const SETTLES_MS = 75_000

/** How the latest look past each outside host ended: `null` where it got anywhere at all. */
export type Outcomes = ReadonlyMap<string, Failure | null>

/** Whether a failure is of the kind that a console without network has with everything. */
function looksOffline(failure: Failure): boolean {
  return (failure.step === 'resolve' || failure.step === 'tcp') && isFailure(failure, ...NO_NETWORK)
}

/**
 * With an interface, the console is offline where no host outside is reached in the way of a missing network, and there
 * are several: one host that cannot be routed to may be that host's own trouble.
 */
export function isOffline(outcomes: Outcomes): boolean {
  const failures = [...outcomes.values()]
  if (failures.length === 0 || !failures.every((failure) => failure !== null && looksOffline(failure)))
    return false
  return failures.length > 1
}

/** Whether any interface but the loopback has an address that leads further than the next cable. */
export function hasOutsideInterface(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ internal, address }) => !internal && !isLinkLocal(address)),
  )
}

/** Such an address a machine gives itself, also where nobody is at the other end. */
function isLinkLocal(address: string): boolean {
  return /^(169\.254\.|fe[89ab])/i.test(address)
}

export interface NetworkWatch {
  /** Takes in how a look past an outside host ended; `null` where it succeeded. Tells of the network going and coming. */
  note(host: string, failure: Failure | null): void
  /**
   * Whether a failure says nothing of its target because the console has no network now, or just had none.
   * @param isLost nothing was seen of the target since the network went
   */
  explains(failure: Failure, isLost: boolean): boolean
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
  /** No interface led outside at the latest look. */
  let bare = false
  /** Monotonic: since when there is an interface again, or somebody was reached. */
  let backAt = Number.NEGATIVE_INFINITY

  function become(now: boolean): void {
    if (now === offline) return
    offline = now
    if (!now) backAt = clock.monotonic()
    const code = now ? 'console-offline' : 'console-online'
    notice({ at: clock.now(), level: now ? 'error' : 'info', reason: reason(code) })
  }

  return {
    note(host, failure) {
      // Nobody is asked while a person has to act: that failure may be hours old.
      if (failure?.recovery === 'person') return
      outcomes.set(host, failure)
      const wasBare = bare
      bare = failure !== null && !hasInterface()
      if (wasBare && !bare) backAt = clock.monotonic()
      if (bare) become(true)
      // A success shows that there is a network, and so does an answer that is a failure: it got past the first hop.
      else if (failure === null) become(false)
      else if (!looksOffline(failure)) {
        if (!isFailure(failure, ...SILENT) || clock.monotonic() - backAt >= SETTLES_MS) become(false)
      } else if (!offline) become(isOffline(outcomes))
    },
    explains(failure, isLost) {
      if (failure.recovery === 'person') return false
      if (isLost && clock.monotonic() - backAt < SETTLES_MS) return true
      return offline && (bare || isLost || looksOffline(failure))
    },
    keep(hosts) {
      for (const host of outcomes.keys()) if (!hosts.has(host)) outcomes.delete(host)
    },
  }
}
