/** What a command is given of the process that it runs in: streams, surroundings, and when it is to stop. */
import type { Readable, Writable } from 'node:stream'
import type { Surroundings } from '../engine/store/default-paths.ts'

export interface Terminal extends Surroundings {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  /** What a person types on, also where standard input is a file; `null` where nobody can. */
  readonly keyboard: () => Keyboard | null
  /** Results: JSON with `--json`, else what was asked for. */
  readonly stdout: Writable
  /** Words and progress. */
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  /** Aborted by the first SIGINT or SIGTERM; its reason is an `Interrupted`. */
  readonly signal: AbortSignal
}

export type Keyboard = Readable & { setRawMode(raw: boolean): unknown }

/** The process was told to stop. */
export class Interrupted extends Error {
  readonly by: NodeJS.Signals
  constructor(by: NodeJS.Signals) {
    super(`interrupted by ${by}`)
    this.name = 'Interrupted'
    this.by = by
  }
}

/** A line of words for people. */
export function say({ stderr }: Pick<Terminal, 'stderr'>, line: string): void {
  stderr.write(`${printable(line)}\n`)
}

/** A line of a result, in words. */
export function tell({ stdout }: Pick<Terminal, 'stdout'>, line: string): void {
  stdout.write(`${printable(line)}\n`)
}

/**
 * Text without what a terminal would obey: a server's own words are among it, and a file's. Of control characters and of
 * those that turn the direction of writing, only line breaks and tabs stay as they are.
 */
export function printable(text: string): string {
  return text.replace(
    /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}

/** One JSON value on a line of its own, for scripts. */
export function print({ stdout }: Pick<Terminal, 'stdout'>, value: unknown): void {
  stdout.write(`${JSON.stringify(value)}\n`)
}
