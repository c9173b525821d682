/** An SSH connection that stands: forwards ports, runs programs, and notices when it is dead. */
import type { Client, ClientChannel } from 'ssh2'
import { type Failure, isFailure } from '#shared/model/failure.ts'
import type { Clock } from '../../clock.ts'
import { within } from '../deadline.ts'
import { errorWords, failed, type Place } from '../failed.ts'
import { createGate } from '../gate.ts'
import { shellCommand } from '../host/quote.ts'
import { type ExecAnswer, type Limits, ReachError } from '../reach.ts'
import type { Endpoint, OnStep, Wire } from '../way.ts'
import { channelWire } from './channel-wire.ts'
import { createKeepAlive } from './keep-alive.ts'
import { collect, discard } from './program-output.ts'
import { type StartedProgram, startedProgram } from './started-program.ts'
import type { SshStop } from './stop.ts'

/** sshd's MaxSessions is 10 by default; two are left to whoever else shares the connection. */
const SESSIONS_AT_ONCE = 8
const SESSION_ATTEMPTS = 5
const SESSION_PAUSE_MS = 200
/** A far side that is asked and says nothing for so long is to blame for what goes unanswered behind it, until it is heard. */
const SILENT_MS = 1_000

/** Reasons for which a channel is refused: RFC 4254, section 5.1. */
const PROHIBITED = 1
const CONNECT_FAILED = 2

export interface SshConnection {
  dial(to: Endpoint, place: Place, limits: Limits, onStep?: OnStep): Promise<Wire>
  run(argv: readonly string[], place: Place, limits: Limits & { maxBytes: number }): Promise<ExecAnswer>
  /** Starts a program that goes on for as long as it likes; the limits are those of its beginning. */
  start(argv: readonly string[], place: Place, limits: Limits): Promise<StartedProgram>
  latencyMs(): number | null
  suspect(): void
  /** Why it broke, from the moment that it did, or that it is silent now; `null` while it stands. */
  down(): Failure | null
  readonly ended: Promise<ReachError>
  close(): Promise<void>
}

/** @param wire what the client runs over: destroyed with it */
export function createSshConnection({
  client,
  wire,
  place: hop,
  clock,
  alive,
  onHeardAgain = () => {},
}: {
  client: Client
  wire: Wire
  place: Place
  clock: Clock
  alive: SshStop['alive']
  /** It was silent, and is not any more. */
  onHeardAgain?: () => void
}): SshConnection {
  const gate = createGate(SESSIONS_AT_ONCE)
  const ended = Promise.withResolvers<ReachError>()
  const closed = Promise.withResolvers<void>()
  let words = 'the connection was closed'
  let broken: Failure | null = null

  client.on('error', (error) => {
    words = errorWords(error)
  })
  client.on('close', () => {
    keepAlive.stop()
    breakWith(lost())
    closed.resolve()
  })
  const keepAlive = createKeepAlive({
    client,
    clock,
    alive,
    onHeard(silentMs) {
      if (silentMs >= SILENT_MS) onHeardAgain()
    },
    onDead(silentMs) {
      breakWith(failed(hop, 'ssh-authentication', 'ssh-silent', { seconds: Math.round(silentMs / 1_000) }))
      destroy()
    },
  })

  // Whatever comes shows that it stands: an answer to us may wait behind a lot of other data.
  wire.on('data', keepAlive.heard)

  function isSilent(): boolean {
    return broken === null && keepAlive.silentMs() >= SILENT_MS
  }

  function silent(): Failure {
    const seconds = Math.round(keepAlive.silentMs() / 1_000)
    return failed(hop, 'ssh-authentication', 'ssh-unanswered', { seconds }).failure
  }

  function breakWith(why: ReachError): void {
    broken ??= why.failure
    ended.resolve(why)
  }

  function lost(): ReachError {
    return failed(hop, 'ssh-authentication', 'ssh-connection-lost', { words })
  }

  function destroy(): void {
    client.destroy()
    wire.destroy()
    // A wire that was cut already has no more to say.
    if (wire.closed) closed.resolve()
    else wire.once('close', () => closed.resolve())
  }

  /** Opens a channel; one that is confirmed after nobody waits for it any more is closed again. */
  function channel(
    limits: Limits,
    late: () => ReachError,
    refused: (error: Error & { reason?: unknown }) => ReachError,
    open: (done: (error: Error | undefined, channel: ClientChannel) => void) => void,
  ): Promise<ClientChannel> {
    return within(clock, limits, late, (signal) => {
      const outcome = Promise.withResolvers<ClientChannel>()
      try {
        open((error, opened) => {
          if (error) outcome.reject(refused(error))
          else if (signal.aborted) discard(opened)
          else outcome.resolve(opened)
        })
      } catch {
        outcome.reject(lost())
      }
      return outcome.promise
    })
  }

  /** sshd gives a session's place free a little after it ended; a refusal just then is not the last word. */
  async function openSession(
    command: string,
    place: Place,
    limits: Limits & { maxBytes: number },
  ): Promise<{ readonly channel: ClientChannel; readonly answer: Promise<ExecAnswer> }> {
    let answer: Promise<ExecAnswer> | null = null
    for (let attempt = 1; ; attempt += 1) {
      try {
        const opened = await channel(
          limits,
          () => failed(place, 'protocol', 'ssh-session-refused', { words: 'no answer' }),
          (error) => failed(place, 'protocol', 'ssh-session-refused', { words: errorWords(error) }, error),
          (done) =>
            client.exec(command, (error, started) => {
              // Listened to at once: a short program's end may come in one piece with its beginning.
              if (!error) answer = collect(started, limits.maxBytes, lost)
              answer?.catch(() => {})
              done(error, started)
            }),
        )
        return { channel: opened, answer: answer ?? Promise.reject(lost()) }
      } catch (error) {
        const refused = error instanceof ReachError && isFailure(error.failure, 'ssh-session-refused')
        if (!refused || attempt === SESSION_ATTEMPTS) throw error
        await new Promise<void>((resolve) => void clock.after(SESSION_PAUSE_MS, resolve))
        limits.signal.throwIfAborted()
      }
    }
  }

  return {
    async dial(to, place, limits, onStep) {
      if ('path' in to) {
        const opened = await channel(
          limits,
          () => failed(place, 'forward', 'forward-socket-failed', { path: to.path, words: 'no answer' }),
          (error) =>
            failed(
              place,
              'forward',
              'forward-socket-failed',
              { path: to.path, words: errorWords(error) },
              error,
            ),
          (done) => client.openssh_forwardOutStreamLocal(to.path, done),
        )
        onStep?.('forward', hop.hop)
        return channelWire(opened)
      }
      const { host, port } = to
      const seconds = Math.round(limits.timeoutMs / 1_000)
      const opened = await channel(
        limits,
        () => failed(place, 'forward', 'forward-silent', { through: hop.hop, host, port, seconds }),
        (error) => forwardFailure(error, hop, place, host, port),
        (done) => client.forwardOut('127.0.0.1', 0, host, port, done),
      )
      onStep?.('forward', hop.hop)
      return channelWire(opened)
    },

    run(argv, place, limits) {
      const late = (): ReachError => {
        const seconds = limits.timeoutMs / 1_000
        return failed(place, 'protocol', 'command-slow', { command: argv[0] ?? '', seconds })
      }
      return within(clock, limits, late, (signal) =>
        gate.pass(signal, async () => {
          const { channel: opened, answer } = await openSession(shellCommand(argv), place, {
            ...limits,
            signal,
          })
          const drop = (): void => discard(opened)
          signal.addEventListener('abort', drop, { once: true })
          try {
            return await answer
          } finally {
            signal.removeEventListener('abort', drop)
          }
        }),
      )
    },

    start(argv, place, limits) {
      const refused = (words: string, cause?: unknown) =>
        failed(place, 'protocol', 'ssh-session-refused', { words }, cause)
      let started: StartedProgram | null = null
      return channel(
        limits,
        () => refused('no answer'),
        (error) => refused(errorWords(error), error),
        (done) =>
          client.exec(shellCommand(argv), (error, opened) => {
            // Listened to at once: a short program's end may come in one piece with its beginning.
            if (!error) started = startedProgram(opened)
            done(error, opened)
          }),
      ).then((opened) => started ?? startedProgram(opened))
    },

    latencyMs: keepAlive.latencyMs,
    suspect: keepAlive.suspect,
    down: () => (isSilent() ? silent() : broken),
    ended: ended.promise,
    async close() {
      keepAlive.stop()
      client.end()
      // A far side that does not close after our good-bye is not waited for.
      const cancel = clock.after(500, destroy)
      await closed.promise
      cancel()
      destroy()
    },
  }
}

/** Whose fault a refused forwarding is: the hop's that may not forward, or the port's at the far side. */
function forwardFailure(
  error: Error & { reason?: unknown },
  hop: Place,
  place: Place,
  host: string,
  port: number,
): ReachError {
  const through = hop.hop
  const words = errorWords(error).replace(/^\(SSH\) Channel open failure: /, '')
  if (error.reason === PROHIBITED) return failed(hop, 'forward', 'forward-prohibited', { host, port }, error)
  if (error.reason !== CONNECT_FAILED) {
    return failed(hop, 'forward', 'forward-failed', { host, port, words }, error)
  }
  // sshd tells why in the C library's words, untranslated because it runs in the C locale.
  if (/refused/i.test(words))
    return failed(place, 'forward', 'forward-refused', { through, host, port }, error)
  if (/not known|no address|resolution/i.test(words)) {
    return failed(place, 'forward', 'forward-host-unknown', { through, host }, error)
  }
  return failed(place, 'forward', 'forward-unreachable', { through, host, port, words }, error)
}
