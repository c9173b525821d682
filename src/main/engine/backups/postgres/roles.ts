/** The roles of a server as `pg_dumpall` wrote them, without what else is of a server as a whole. */
import { NAME } from './statements.ts'

/** Of what is the server's as a whole: longer, it is no list of roles. */
const LONGEST_GLOBALS_BYTES = 16 * 1024 * 1024
/** As `pg_dumpall` writes them, each on a line of its own; tablespaces and whatever else may stand there are left out. */
const OF_ROLES = /^(?:CREATE ROLE|ALTER ROLE|GRANT (?!.* ON )).+;$/

/** Whoever gave a membership need not have the right to on another server. */
const GRANTED_BY = new RegExp(` GRANTED BY ${NAME};$`)

/** The lines of the globals that make roles, give them what they have, and make them members. */
export async function* rolesIn(plain: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of plain) {
    bytes += piece.length
    if (bytes <= LONGEST_GLOBALS_BYTES) pieces.push(piece)
  }
  const lines = Buffer.concat(pieces).toString('utf8').split('\n')
  const ofRoles = lines.filter((line) => OF_ROLES.test(line)).map((line) => line.replace(GRANTED_BY, ';'))
  yield Buffer.from(`${ofRoles.join('\n')}\n`, 'utf8')
}
