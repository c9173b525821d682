/** How the lines of a source are read, whatever it is: batch by batch in one direction, each bounded. */
import type { LogDirection } from '#shared/model/logs.ts'
import type { Place } from '../../reach/failed.ts'
import type { HostSession } from '../../reach/reach.ts'
import type { Zone } from './moments.ts'
import type { RawLine } from './raw.ts'

export interface Start {
  readonly direction: LogDirection
  /** A position of an earlier answer. */
  readonly cursor: string | null
  /** Where to begin without one, milliseconds since the epoch; `null`: at the end. */
  readonly at: number | null
}

export interface Batch {
  /** The oldest first, in either direction. */
  readonly lines: readonly RawLine[]
  /** There is nothing further in this direction. */
  readonly end: boolean
  /** What the cursor named is gone. */
  readonly gap: boolean
  /** Received for it. */
  readonly bytes: number
}

export interface Reading {
  /** The next lines in the direction. @throws ReachError */
  next(): Promise<Batch>
  /** Known after the first batch. */
  zone(): Zone
  /** The position of the end of the log, where that is known. */
  edge(): string | null
  /** The command that lets everything be read; `null` where it can be. */
  grant(): string | null
  leftOut(): readonly string[]
}

/** What a reader works with during one question. */
export interface Errand {
  readonly session: HostSession
  readonly place: Place
  readonly signal: AbortSignal
  /** Milliseconds since the epoch. */
  readonly now: number
  /** What is left of the time for the question. */
  readonly remainingMs: () => number
}

/** A cursor that is none of this source's. */
export class ForeignCursor extends Error {
  constructor() {
    super('the cursor is of another log')
    this.name = 'ForeignCursor'
  }
}

/** For programs on the far side: they end by themselves a little before we give them up, also where nobody hears us. */
export const REMOTE_SECONDS = 8
/** Whatever a command prints besides what is wanted. */
export const MARGIN_BYTES = 64 * 1024
