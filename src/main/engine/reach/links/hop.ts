/** One pooled SSH hop: supervised, counted by use, and itself a way to what lies behind it. */
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { remaining } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import type { Gate } from '../gate.ts'
import type { HostKeys } from '../host-keys.ts'
import type { Machine } from '../machine.ts'
import type { Questions } from '../questions.ts'
import { type ExecAnswer, type Limits, ReachError } from '../reach.ts'
import { suspectSoon } from '../silence.ts'
import { createSupervisor } from '../supervisor.ts'
import type { OnStep, Way } from '../way.ts'
import { enter } from './entrance.ts'
import { shakeHands } from './handshake.ts'
import { readCredentials } from './login.ts'
import type { Logins } from './logins.ts'
import { createSshConnection, type SshConnection } from './ssh-connection.ts'
import type { StartedProgram } from './started-program.ts'
import { hostKeyPlace, type SshStop, stopPlace } from './stop.ts'

const DIAL_TIMEOUT_MS = 10_000

export interface HopDependencies {
  readonly hostKeys: HostKeys
  readonly resolveSecret: SecretResolver
  readonly clock: Clock
  /** Evenly in [0, 1). */
  readonly random: () => number
  readonly log: Log
  /** Whom to put the servers' questions to. */
  readonly questions: Pick<Questions, 'ask'>
  readonly machine: Machine
  /** Logins that may be shared instead of made; whoever gives them closes them. */
  readonly logins?: Logins
}

export interface Hop extends Way {
  /** `HOST:PORT`, as host keys know it. */
  readonly host: string
  readonly parent: Hop | null
  users: number
  run(argv: readonly string[], place: Place, limits: Limits & { maxBytes: number }): Promise<ExecAnswer>
  start(argv: readonly string[], place: Place, limits: Limits): Promise<StartedProgram>
  state(): ConnectionHop
  onChange(listener: () => void): () => void
  retry(): void
  /** Gives up one use; the last one closes it. */
  release(): Promise<void>
  close(): Promise<void>
}

/** Opens one SSH connection: what the pool supervises, and what a test of the way does once. */
export async function openHop(
  {
    stop,
    way,
    dependencies,
    onHeardAgain,
  }: Pick<HopOptions, 'stop' | 'way' | 'dependencies'> & { onHeardAgain?: () => void },
  signal: AbortSignal,
  onStep?: OnStep,
): Promise<SshConnection> {
  const { hostKeys, questions, clock, machine } = dependencies
  const place = stopPlace(stop)
  const credentials = await readCredentials(stop, place, dependencies, signal)
  const timeoutMs = stop.connectTimeoutMs ?? DIAL_TIMEOUT_MS
  const { wire, explain } = await enter({ stop, way, place, machine, clock }, { signal, timeoutMs }, onStep)
  const client = await shakeHands(
    { stop, place, wire, credentials, hostKeys, questions, clock },
    signal,
    onStep,
  ).catch(async (error: unknown) => {
    throw await explain(error)
  })
  return createSshConnection({
    ...{ client, wire, place, clock, alive: stop.alive },
    ...(onHeardAgain === undefined ? {} : { onHeardAgain }),
  })
}

interface HopOptions {
  readonly stop: SshStop
  readonly parent: Hop | null
  readonly way: Way
  /** Bounds the handshakes under way with this server. */
  readonly gate: Gate
  readonly dependencies: HopDependencies
  /** A connection that stands already, and that somebody else closes. */
  readonly standing: () => SshConnection | null
  /** Called when the last use is given up, before the connection closes: nobody new may join it. */
  readonly onUnused: () => void
}

export function createHop(options: HopOptions): Hop {
  const { stop, parent, way, gate, dependencies, standing, onUnused } = options
  const { clock, random, log } = dependencies
  const place = stopPlace(stop)
  const since = clock.monotonic()
  const changed = new Set<() => void>()
  const up = new Set<() => void>()
  /** What the server asks and nobody has answered yet. */
  let asked: Failure | null = null

  /** @param stepAside lets others log in while a person is waited for */
  function questionsDuring(stepAside: () => void): HopDependencies['questions'] {
    return {
      async ask(question, signal) {
        stepAside()
        const { user } = stop
        // Without fields it is a notice that wants to be read.
        const said = question.fields.map(({ label }) => label).join(' ') || question.instruction
        const params = { user, question: said.trim().slice(0, 200) }
        asked = failed(place, 'ssh-authentication', 'ssh-question-open', params).failure
        tellChange()
        try {
          return await dependencies.questions.ask(question, signal)
        } finally {
          asked = null
          tellChange()
        }
      },
    }
  }

  function tellChange(): void {
    for (const listener of changed) listener()
  }

  const supervisor = createSupervisor<SshConnection>({
    place,
    way,
    clock,
    random,
    log,
    open: async (signal) => {
      const shared = standing()
      if (shared !== null) return { value: shared, ended: shared.ended, close: async () => {} }
      const connection = await gate.pass(signal, (stepAside) =>
        openHop(
          {
            stop,
            way,
            dependencies: { ...dependencies, questions: questionsDuring(stepAside) },
            onHeardAgain: tellUp,
          },
          signal,
        ),
      )
      return { value: connection, ended: connection.ended, close: connection.close }
    },
    heldUp: () => asked,
    onChange() {
      tellChange()
      tellUp()
    },
  })
  const stopWatchingWay = way.onUp(() => {
    supervisor.wayIsUp()
    // It may only have been silent, and what stands here with it.
    tellUp()
  })

  function tellUp(): void {
    if (supervisor.current() !== null) for (const listener of up) listener()
  }

  function suspect(): void {
    // What is silent here is silent for whatever is behind it.
    way.suspect()
    supervisor.current()?.suspect()
  }

  async function through<T>(
    limits: Limits,
    use: (connection: SshConnection, timeoutMs: number) => Promise<T>,
  ): Promise<T> {
    const startedAt = clock.monotonic()
    const connection = await supervisor.get(limits)
    const timeoutMs = remaining(clock, startedAt, limits.timeoutMs)
    const cancelSuspicion = suspectSoon({ clock, way: { suspect } }, timeoutMs)
    try {
      return await use(connection, timeoutMs)
    } catch (error) {
      const cut = way.down() ?? connection.down()
      throw cut === null || limits.signal.aborted ? error : new ReachError(cut)
    } finally {
      cancelSuspicion()
    }
  }

  function down(): Failure | null {
    const connection = supervisor.current()
    if (connection !== null) return way.down() ?? connection.down()
    // What is behind a hop is not at fault either while that is connected for the first time.
    return way.down() ?? supervisor.status().failure ?? notYetConnected()
  }

  function notYetConnected(): Failure {
    const seconds = Math.max(1, Math.round((clock.monotonic() - since) / 1_000))
    return failed(place, 'protocol', 'connection-slow', { seconds }).failure
  }

  async function close(): Promise<void> {
    stopWatchingWay()
    await supervisor.close()
  }

  const hop: Hop = {
    host: hostKeyPlace(stop),
    parent,
    users: 1,
    dial: (to, at, limits, onStep) =>
      through(limits, (connection, timeoutMs) => connection.dial(to, at, { ...limits, timeoutMs }, onStep)),
    run: (argv, at, limits) =>
      through(limits, (connection, timeoutMs) => connection.run(argv, at, { ...limits, timeoutMs })),
    start: (argv, at, limits) =>
      through(limits, (connection, timeoutMs) => connection.start(argv, at, { ...limits, timeoutMs })),
    down,
    suspect,
    onUp(listener) {
      up.add(listener)
      return () => up.delete(listener)
    },
    onChange(listener) {
      changed.add(listener)
      return () => changed.delete(listener)
    },
    state() {
      const { status, failure } = supervisor.status()
      return {
        hop: place.hop,
        kind: 'ssh',
        status,
        ms: supervisor.current()?.latencyMs() ?? null,
        error: failure,
      }
    },
    retry: supervisor.retry,
    async release() {
      hop.users -= 1
      if (hop.users > 0) return
      onUnused()
      await close()
      await parent?.release()
    },
    close,
  }
  return hop
}

/** A hop with those before it, the bastion first. */
export function chainOf(hop: Hop): Hop[] {
  return hop.parent === null ? [hop] : [...chainOf(hop.parent), hop]
}
