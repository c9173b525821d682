/**
 * A login that takes longer than an attempt. The server has a process for it (it waits for a lock, a directory service, a
 * turn): going away would leave it there, and the next attempt would add another. So the next attempt takes it up again.
 */
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import type { Clock } from '../../clock.ts'
import { within } from '../deadline.ts'
import type { ReachError } from '../reach.ts'
import type { PostgresConnection, SlowLogin } from './connection.ts'

/** How long an attempt waits for one that was begun before it. */
const WAITS_MS = 10_000
/** PostgreSQL itself gives up a login after a minute (`authentication_timeout`); what let us in does not. */
const GIVEN_UP_AFTER_MS = 65_000
export const GIVEN_UP_AT_LAST_MS = 15 * 60_000

export type EarlierLogin =
  | { readonly server: PostgresServer; readonly connection: PostgresConnection; readonly why?: undefined }
  | { readonly server: PostgresServer; readonly connection?: undefined; readonly why: ReachError }

export interface KeptLogin {
  keep(login: SlowLogin): void
  /** There is one: the server has a process for it. */
  isKept(): boolean
  /**
   * What became of the one begun before: its connection, or why it still is not there; `null` where there is none, or it
   * is given up. Throws the `ReachError` that it ended with.
   */
  take(signal: AbortSignal): Promise<EarlierLogin | null>
  /** Gives it up: another server has let us in. */
  forget(): Promise<void>
  close(): Promise<void>
}

export function createSlowLogin({ clock }: { clock: Clock }): KeptLogin {
  let kept: { login: SlowLogin; since: number } | null = null

  async function forget(): Promise<void> {
    const one = kept
    kept = null
    await one?.login.abandon()
  }

  return {
    keep(login) {
      void kept?.login.abandon()
      kept = { login, since: clock.monotonic() }
    },
    isKept: () => kept !== null,
    async take(signal) {
      if (kept === null) return null
      const { login, since } = kept
      const age = clock.monotonic() - since
      if (age > (login.authenticated() ? GIVEN_UP_AT_LAST_MS : GIVEN_UP_AFTER_MS)) {
        await forget()
        return null
      }
      const { server } = login
      let late: ReachError | null = null
      const onLate = (): ReachError => {
        late = login.why()
        return late
      }
      try {
        const connection = await within(clock, { signal, timeoutMs: WAITS_MS }, onLate, () => login.outcome)
        kept = null
        return { server, connection }
      } catch (error) {
        if (late !== null && error === late) return { server, why: late }
        // It ended as attempts do; a refusal among them counts as one.
        await forget()
        throw error
      }
    },
    forget,
    close: forget,
  }
}
