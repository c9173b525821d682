/** The one place where arguments become a command line for a remote POSIX shell. */

/**
 * Quotes each argument so that `sh` reads back exactly the list. Throws where that is impossible (a NUL byte).
 * Inside single quotes nothing is special but the single quote itself.
 */
export function shellCommand(argv: readonly string[]): string {
  return argv.map(quote).join(' ')
}

function quote(argument: string): string {
  if (argument.includes('\0')) throw new TypeError('an argument of a program cannot hold a NUL byte')
  if (/^[A-Za-z0-9_@%+:,./-]+$/.test(argument)) return argument
  return `'${argument.replaceAll("'", `'\\''`)}'`
}
