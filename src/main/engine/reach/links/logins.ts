/**
 * The SSH logins of one run: whoever passes a server again in it, the look after the walk or the next deployment of the same
 * file, goes on over the connection that stands, for a one-time code does not hold twice; and what was refused once is not
 * shown again.
 */
import type { ReachStepResult } from '#shared/model/failure.ts'
import type { SshConnection } from './ssh-connection.ts'
import { keyOf, type Route } from './stop.ts'

export interface Login {
  /** `null` where it failed, and waits for a person. */
  readonly connection: SshConnection | null
  /** Those that were walked to it, with the times that they took. */
  readonly steps: readonly ReachStepResult[]
}

export interface Logins {
  /** That at the end of a route; `null` where none was tried yet, or the connection is no more. */
  find(route: Route): Login | null
  keep(route: Route, login: Login): void
  /** Resolves when all of them are closed. */
  close(): Promise<void>
}

export function createLogins(): Logins {
  const kept = new Map<string, Login>()
  return {
    find: (route) => kept.get(keyOf(route)) ?? null,
    keep(route, login) {
      const key = keyOf(route)
      kept.set(key, login)
      void login.connection?.ended.then(() => {
        if (kept.get(key) === login) kept.delete(key)
      })
    },
    async close() {
      // The far ends first: they run inside the nearer ones.
      for (const { connection } of [...kept.values()].toReversed()) await connection?.close()
    },
  }
}
