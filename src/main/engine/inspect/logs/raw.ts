/** What a log's reader gives: lines as they were written, and where each stands. */
import type { LogField, LogLevel } from '#shared/model/logs.ts'

export interface RawLine {
  /** Where it stands: reading on for newer ones from here begins with it, for older ones ends before it. */
  readonly position: string
  /** Without its line break; what was no UTF-8 in it is U+FFFD. */
  readonly text: string
  /** What the journal or the container's engine says besides; `null` where only the line itself speaks. */
  readonly told: Told | null
  /** A piece of a line that is too long. */
  readonly piece: boolean
}

export interface Told {
  readonly at: number
  readonly level: LogLevel | null
  readonly source: string | null
  readonly fields: readonly LogField[]
}

/** Several lines that are one thing: a traceback and what it belongs to. At least one. */
export type RawRecord = readonly [RawLine, ...RawLine[]]
