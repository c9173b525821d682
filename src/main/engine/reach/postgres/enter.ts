/** Logs in over a wire that is open, introduces itself, and makes a connection of it; a login that takes long is handed on. */

import { isFailure } from '#shared/model/failure.ts'
import { POOLER_CONSOLE } from '#shared/model/profile/postgres.ts'
import type { PostgresServer, PostgresUrl } from '#shared/model/profile/postgres-url.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { type Limits, ReachError } from '../reach.ts'
import { handshakeFailure } from '../tls-failure.ts'
import type { TlsTerms } from '../tls-terms.ts'
import type { OnStep, Wire } from '../way.ts'
import type { OpenOptions, PostgresConnection, PostgresDependencies } from './connection.ts'
import { loginFailure } from './failure.ts'
import type { FarSide } from './hang-up.ts'
import { type Introduction, introduce, LINGERS_MS } from './introduce.ts'
import { type Line, logIn } from './login.ts'

/** PostgreSQL itself gives up a login after a minute (`authentication_timeout`). */
const LOGIN_LINGERS_MS = 65_000

const CONSOLE: Introduction = {
  version: 0,
  role: { standby: false, readOnly: true },
  backend: null,
  ends: null,
}

export interface Attempt extends PostgresDependencies {
  readonly url: PostgresUrl
  readonly server: PostgresServer
  readonly password: string | null
  readonly place: Place
  readonly limits: () => Limits
  readonly options: OpenOptions
}

/** What is entered through: the wire, encrypted on `terms`, and what is known of its far side. */
interface Entrance {
  readonly wire: Wire
  readonly terms: TlsTerms | null
  readonly far: FarSide
}

/** Logs in and introduces itself, within its time, or hands on what takes longer. */
export async function enter(
  attempt: Attempt,
  { wire, terms, far }: Entrance,
  onStep: OnStep | undefined,
): Promise<PostgresConnection> {
  const { url, server, place, clock, password, options } = attempt
  const { host, port } = server
  const user = options.as?.user ?? url.user
  const { channelBinding } = url
  const database = options.console === true ? POOLER_CONSOLE : (options.database ?? url.database)
  if (terms === null && channelBinding === 'require') {
    wire.destroy()
    throw failed(place, 'authentication', 'postgres-channel-binding-missing', { host, port })
  }
  const { line, done } = logIn(
    wire,
    {
      server,
      user,
      database,
      password,
      encrypted: terms !== null,
      channelBinding,
      place,
      clock,
      isHeld: far.isHeld,
      tlsFailure: (error) =>
        terms === null
          ? loginFailure(error, { host, port, user, database }, place)
          : handshakeFailure(error, terms, place),
    },
    onStep,
  )
  const outcome = (async () => {
    await done
    try {
      const introduction = options.console === true ? CONSOLE : await introduce(line)
      const isDirect = far.isServer(introduction.ends)
      const encryption = terms === null ? 'plain' : 'tls'
      return connectionOf(line, { ...introduction, isDirect, encryption }, server, place)
    } catch (error) {
      wire.destroy()
      await line.closed
      throw error instanceof ReachError ? error : loginFailure(error, { host, port, user, database }, place)
    }
  })()
  const bounds = attempt.limits()
  const why = (): ReachError => slowFailure(line, attempt, bounds.timeoutMs)
  let late: ReachError | null = null
  const onLate = (): ReachError => {
    late = why()
    return late
  }
  const abandon = async (): Promise<void> => {
    if (options.onLost === undefined) wire.destroy()
    else {
      line.hangUp(why())
      options.onLost(server, 0, line.hungUp())
      return
    }
    await line.closed
  }
  try {
    return await within(clock, bounds, onLate, () => outcome)
  } catch (error) {
    if (error === late && options.onSlow !== undefined) {
      outcome.catch((lost: unknown) => tellLoss(attempt, line.stage, lost))
      options.onSlow({ server, outcome, why, authenticated: () => line.stage === 'authenticated', abandon })
    } else {
      wire.destroy()
      await line.closed
      tellLoss(attempt, line.stage, error)
    }
    throw error
  }
}

/** Where it was not the server that ended the login, its process may go on with that. */
export function tellLoss({ way, server, options }: Attempt, stage: Line['stage'], error: unknown): void {
  if (way.down() !== null) {
    options.onLost?.(server, stage === 'authenticated' ? LINGERS_MS : LOGIN_LINGERS_MS, null)
  } else if (stage === 'authenticated' && isLoss(error)) options.onLost?.(server, LINGERS_MS, null)
}

function isLoss(error: unknown): boolean {
  return (
    !(error instanceof ReachError) ||
    isFailure(error.failure, 'postgres-closed-at-login', 'postgres-connection-lost', 'postgres-silent')
  )
}

function slowFailure(
  { stage }: Line,
  { place, server: { host, port }, options }: Attempt,
  timeoutMs: number,
): ReachError {
  const seconds = timeoutMs / 1_000
  if (stage === 'asked') return failed(place, 'protocol', 'postgres-silent', { host, port, seconds })
  if (stage === 'authenticated' && options.pooled === true) {
    return failed(place, 'protocol', 'postgres-pooler-busy', { seconds })
  }
  const step = stage === 'authenticated' ? 'protocol' : 'authentication'
  return failed(place, step, 'postgres-silent', { host, port, seconds })
}

function connectionOf(
  line: Line,
  introduction: Introduction & Pick<PostgresConnection, 'isDirect' | 'encryption'>,
  server: PostgresServer,
  place: Place,
): PostgresConnection {
  const { client, meter, reported, ended, parted, close } = line
  // What a pooler holds is not ours to wait for.
  const isOurs = introduction.backend !== null
  return {
    ...introduction,
    client,
    meter,
    server,
    place,
    standbyNow() {
      const said = reported.get('in_hot_standby')
      return said === undefined ? null : said === 'on'
    },
    ended,
    parted,
    close,
    leave: isOurs ? line.leave : close,
    giveUp: isOurs ? line.hangUp : line.cut,
    givenUp: line.givenUp,
    hungUp: line.hungUp,
  }
}
