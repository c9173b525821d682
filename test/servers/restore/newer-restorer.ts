/** A `pg_restore` that is newer than the server, where there is none: Debian's, with the one line in which what 17 and 15 write differs here. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { client } from '../backups/backup-kit.ts'

export const SETS_IT = 'SET transaction_timeout = 0;'
const VERSION = '17.6'

/** @returns what puts it back out of the way */
export function newerRestorer(home: string): () => void {
  const path = process.env.PATH
  const programs = join(home, 'programs')
  mkdirSync(programs)
  const real = client('pg_restore')
  writeFileSync(
    join(programs, 'pg_restore'),
    `#!/bin/sh
case "$*" in
*--version*) echo 'pg_restore (PostgreSQL) ${VERSION}' ;;
*--dbname=*) echo 'pg_restore: error: unrecognized configuration parameter "transaction_timeout"' >&2; exit 1 ;;
*--file=-*) echo '${SETS_IT}'; exec '${real}' "$@" ;;
*) exec '${real}' "$@" ;;
esac
`,
  )
  chmodSync(join(programs, 'pg_restore'), 0o755)
  process.env.PATH = `${programs}${delimiter}${path}`
  return () => {
    process.env.PATH = path
  }
}

/** Nothing older than what wrote a dump can read it. */
export function writtenByNewer(made: Manifest): Manifest {
  return {
    ...made,
    parts: made.parts.map((part) => ({ ...part, tool: { ...part.tool, version: VERSION } })),
  }
}
