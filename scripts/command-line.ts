/** Vakhta's command line as a program to start: its launcher sets what a running process can no longer set for itself. */
import { join } from 'node:path'
import { ROOT } from './command.ts'

/** The program, and the arguments that come before the command line's own. Windows runs no shell scripts. */
export const COMMAND_LINE: { readonly command: string; readonly args: readonly string[] } =
  process.platform === 'win32'
    ? { command: process.execPath, args: [join(ROOT, 'src/main/cli/main.ts')] }
    : { command: join(ROOT, 'bin/vakhta'), args: [] }
