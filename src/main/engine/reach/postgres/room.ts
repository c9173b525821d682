/**
 * Room at a PostgreSQL that is watched, for whoever has to log in there with a connection of its own ("test connection"): it
 * takes the place of people's connection, so that the two that the server has of us stay two.
 */
import { createGate } from '../gate.ts'
import type { Admission } from './admission.ts'
import type { OpenOptions, PostgresConnection } from './connection.ts'
import type { People } from './people.ts'

/** What whoever has the room opens with, and tells of its connection. */
export interface Guest {
  readonly options: Pick<OpenOptions, 'onLost' | 'onSlow'>
  /** It is open. Where it breaks, it is looked for among those of who watches. */
  opened(connection: PostgresConnection): void
}

export interface PostgresRoom {
  /**
   * Runs what opens one connection at a time, and closes each, while people's statements share that of the probes. Rejects
   * with a `ReachError` where the server may still have two of ours.
   */
  lend<T>(signal: AbortSignal, work: (guest: Guest, signal: AbortSignal) => Promise<T>): Promise<T>
}

export function createRoom({
  admission,
  people,
}: {
  admission: Admission
  people: People
}): PostgresRoom & { close(): Promise<void> } {
  const guests = createGate(1)
  const ending = new AbortController()
  const staying = new Set<Promise<unknown>>()

  async function host<T>(
    signal: AbortSignal,
    work: (guest: Guest, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const giveBack = await people.makeRoom(signal)
    try {
      return await work(await admission.forGuest(signal), signal)
    } finally {
      giveBack()
    }
  }

  return {
    lend(signal, work) {
      const either = AbortSignal.any([signal, ending.signal])
      const stay = guests.pass(either, () => host(either, work))
      staying.add(stay)
      return stay.finally(() => staying.delete(stay))
    },
    async close() {
      ending.abort(new Error('the watch ended'))
      await Promise.allSettled(staying)
    },
  }
}
