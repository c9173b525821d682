/** What a command is, to whoever runs it. */
import type { Options } from './arguments.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/** A command's work: its operands are as many as its table says. */
export type Command = (operands: readonly string[], options: Options, terminal: Terminal) => Promise<ExitCode>
