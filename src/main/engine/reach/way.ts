/** A way to a port: straight over TCP, or through the end of an SSH chain. Everything that dials goes through one. */
import type { Duplex } from 'node:stream'
import type { Failure, ReachStep, StepDetail } from '#shared/model/failure.ts'
import type { Place } from './failed.ts'
import type { Limits } from './reach.ts'

/** A connection with what pg, ioredis and node:http ask of a socket. `net.Socket` is one; so is a forwarded channel. */
export interface Wire extends Duplex {
  setNoDelay(on?: boolean): this
  setKeepAlive(on?: boolean, initialDelayMs?: number): this
  setTimeout(ms: number, listener?: () => void): this
  ref(): this
  unref(): this
}

/** Told of each step that was passed, with what was found. */
export type OnStep = (step: ReachStep, detail: StepDetail | null) => void

/** What is dialled, as seen from the end of the way: a port, or a unix socket. */
export type Endpoint = PortEndpoint | { readonly path: string }

export interface PortEndpoint {
  readonly host: string
  readonly port: number
  /** Only addresses of this family (4 or 6), and the address to dial from: for what is dialled from this machine. */
  readonly family?: 4 | 6 | null
  readonly bindAddress?: string | null
}

export interface Way {
  /**
   * Opens a connection to an endpoint, as seen from the end of the way. Throws a `ReachError`: on the place where the port
   * itself cannot be reached, on the hop where the way there is cut.
   */
  dial(to: Endpoint, place: Place, limits: Limits, onStep?: OnStep): Promise<Wire>
  /** Something went unanswered: check at once whether the way still stands, rather than at the next keep-alive. */
  suspect(): void
  /**
   * Why the way is cut, or that it is silent though it was asked; `null` while it stands. What breaks or goes unanswered
   * together with it is not to blame.
   */
  down(): Failure | null
  /** Called whenever the way came up, or was heard again after a silence; returns what unsubscribes. */
  onUp(listener: () => void): () => void
}
