/** One use of a chain of hops by a deployment: it stays while the hops below it change, or cannot even be understood. */
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Log } from '../../log.ts'
import type { Place } from '../failed.ts'
import { type ExecAnswer, type Limits, ReachError } from '../reach.ts'
import type { Way, Wire } from '../way.ts'
import { chainOf, type Hop } from './hop.ts'
import type { StartedProgram } from './started-program.ts'
import { keyOf, type Route } from './stop.ts'

export interface Link extends Way {
  /** Runs a program at the end of the chain. */
  run(argv: readonly string[], place: Place, limits: Limits & { maxBytes: number }): Promise<ExecAnswer>
  /** Starts a program at the end of the chain that goes on for as long as it likes. */
  start(argv: readonly string[], place: Place, limits: Limits): Promise<StartedProgram>
  /** Each hop with its state, the bastion first. Of a way that cannot be understood, the hop that is to blame. */
  hops(): ConnectionHop[]
  onChange(listener: () => void): () => void
  /** Tries every hop again now, after a look at what the SSH configuration says by now: a person asked. */
  retry(): void
  /** Gives up this use; the hops that nobody uses any more are closed when it resolves. */
  release(): Promise<void>
}

type State =
  | { readonly key: string; readonly hop: Hop; readonly stops: readonly (() => void)[] }
  | { readonly key: null; readonly failure: Failure }

/**
 * Connects at once.
 * @param resolve the way as it is now; throws a `ReachError` where it cannot be understood
 * @param take a use of the hop at its end
 */
export function createLink({
  resolve,
  take,
  log,
}: {
  resolve: () => Route
  take: (route: Route) => Hop
  log: Log
}): Link {
  const changed = new Set<() => void>()
  const up = new Set<() => void>()
  const wires = new Set<Wire>()
  const releasing = new Set<Promise<void>>()
  let state = settle()
  let released: Promise<void> | null = null

  function settle(): State {
    let route: Route
    try {
      route = resolve()
    } catch (error) {
      if (!(error instanceof ReachError)) throw error
      const { failure } = error
      log.warn({ hop: failure.hop, failure }, 'the way cannot be understood')
      return { key: null, failure }
    }
    return enter(route, keyOf(route))
  }

  function enter(route: Route, key: string): State {
    const hop = take(route)
    const hear = () => tell(changed)
    const stops = [...chainOf(hop).map((each) => each.onChange(hear)), hop.onUp(() => tell(up))]
    return { key, hop, stops }
  }

  function tell(listeners: ReadonlySet<() => void>): void {
    for (const listener of listeners) listener()
  }

  function leave(left: State): void {
    if (left.key === null) return
    for (const stop of left.stops) stop()
    const leaving = left.hop.release()
    releasing.add(leaving)
    void leaving.finally(() => releasing.delete(leaving))
  }

  /** What the configuration says may have changed: the hops are changed for others then, and what ran through them ends. */
  function settleAgain(): void {
    const before = state
    const next = settle()
    state = next
    // The new ones were taken first, so that a hop of both stays open. Where they are the same, this gives one use back.
    leave(before)
    if (next.key === before.key && next.key !== null) return
    for (const wire of wires) wire.destroy()
    tell(changed)
    if (next.key !== null && next.hop.state().status === 'CONNECTED') tell(up)
  }

  function hop(): Hop {
    if (state.key === null) throw new ReachError(state.failure)
    return state.hop
  }

  function listen(listeners: Set<() => void>, listener: () => void): () => void {
    // Each subscription for itself, whoever else listens with the same function.
    const own = (): void => listener()
    listeners.add(own)
    return () => listeners.delete(own)
  }

  return {
    async dial(to, place, limits, onStep) {
      const used = hop()
      const wire = await used.dial(to, place, limits, onStep)
      wires.add(wire)
      wire.once('close', () => wires.delete(wire))
      // The way was changed meanwhile: this one is cut like those before it, once whoever dialled can hear it.
      if (state.key === null || state.hop !== used) setImmediate(() => wire.destroy())
      return wire
    },
    run: async (argv, place, limits) => hop().run(argv, place, limits),
    start: async (argv, place, limits) => hop().start(argv, place, limits),
    suspect() {
      if (state.key !== null) state.hop.suspect()
    },
    down: () => (state.key === null ? state.failure : state.hop.down()),
    onUp: (listener) => listen(up, listener),
    onChange: (listener) => listen(changed, listener),
    hops() {
      if (state.key !== null) return chainOf(state.hop).map((each) => each.state())
      const { failure } = state
      return [{ hop: failure.hop, kind: 'ssh', status: 'REFUSED', ms: null, error: failure }]
    },
    retry() {
      if (released !== null) return
      settleAgain()
      if (state.key !== null) for (const each of chainOf(state.hop)) each.retry()
    },
    release() {
      released ??= (async () => {
        changed.clear()
        up.clear()
        leave(state)
        await Promise.all(releasing)
      })()
      return released
    },
  }
}
