/**
 * Lines of a log as a person reads them, around a moment or at its end. Secrets are never in here; other values (names,
 * addresses, numbers that identify somebody) only where they were revealed to who asks.
 */
import { z } from 'zod'
import { Cost } from './observation.ts'

/** From what is only of use to whoever wrote the program to what wakes people. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const
export const LogLevel = z.enum(LOG_LEVELS)
export type LogLevel = z.infer<typeof LogLevel>

export const LOG_DIRECTIONS = ['older', 'newer'] as const
export const LogDirection = z.enum(LOG_DIRECTIONS)
export type LogDirection = z.infer<typeof LogDirection>

/** What one answer holds at most, and what is left out of a line beyond its bounds. */
export const LOG_BOUNDS = {
  lines: 1_000,
  messageLength: 4_000,
  detailLength: 16_000,
  fields: 60,
  fieldLength: 1_000,
  searchLength: 200,
} as const

export const LogField = z.object({ name: z.string(), value: z.string() })
export type LogField = z.infer<typeof LogField>

/** One thing that was logged: a line, with what belongs to it (a traceback, the statement of an error). */
export const LogLine = z.object({
  /** The same for the same line in every answer. */
  id: z.string(),
  /** Milliseconds since the epoch; that of the line before where it says none, and `null` where none did. */
  at: z.number().nullable(),
  level: LogLevel.nullable(),
  /** Who says it: a logger, a unit, a process. */
  source: z.string().nullable(),
  message: z.string(),
  /** What follows on lines of its own. */
  detail: z.string().nullable(),
  /** What the line carries besides, where it is JSON or the journal's. */
  fields: z.array(LogField),
  /** Something of it was left out, because it is too long. */
  cut: z.boolean(),
})
export type LogLine = z.infer<typeof LogLine>

/** Why an answer is not all that there is in that direction. */
export const LOG_STOPS = ['end', 'window', 'lines', 'bytes', 'time'] as const
export const LogStop = z.enum(LOG_STOPS)
export type LogStop = z.infer<typeof LogStop>

export const LogLines = z.object({
  /** By the console's clock. */
  at: z.number(),
  source: z.string(),
  /** The oldest first. */
  lines: z.array(LogLine),
  /** From where to ask on for older and for newer ones; `null`: there is nothing to begin at. */
  older: z.string().nullable(),
  newer: z.string().nullable(),
  /**
   * Where it ended: at the `end` of the log in that direction, at the `window` that was asked for, at as many `lines` as were
   * wanted, or, in the middle of it, at the `bytes` or the `time` that one answer may take: ask on.
   */
  stopped: LogStop,
  /** How many lines were looked at, and how far back or ahead; what was searched is between. */
  looked: z.object({ lines: z.number(), from: z.number().nullable(), to: z.number().nullable() }),
  /** What lies between this answer and the one before it is gone: the file was cut or has been rotated away. */
  gap: z.boolean(),
  /** Whether values are shown: else each stands as `?`. */
  revealed: z.boolean(),
  /** Not everything may be read; the command that changes that, to be run by whoever administers the machine. */
  limited: z.object({ grant: z.string() }).nullable(),
  /** Parts that were not looked into: packed and too large. */
  leftOut: z.array(z.string()),
  cost: Cost,
})
export type LogLines = z.infer<typeof LogLines>

/** Until when values of a log are shown to who asked. */
export const LogReveal = z.object({ at: z.number(), until: z.number() })
export type LogReveal = z.infer<typeof LogReveal>
