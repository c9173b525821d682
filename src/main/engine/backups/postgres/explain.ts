/** What a program of PostgreSQL said before it stopped, as a failure in our words. Pure. */
import { errorWords } from '../../reach/failed.ts'
import { hideSecrets } from '../../reach/secret.ts'
import { BackupError } from '../backup-error.ts'
import type { Exit } from './program.ts'
import type { Tool } from './tools.ts'

/** A program of this machine speaks English, as it is told to; the server may speak another language in between. */
export function explainExit(
  { program, path, version }: Pick<Tool, 'program' | 'path' | 'version'>,
  { code, signal, words }: Exit,
  { lockWaitMs, secrets }: { readonly lockWaitMs: number; readonly secrets: readonly (string | null)[] },
): BackupError {
  if (signal !== null) return new BackupError('tool-killed', { program, signal })
  const said = hideSecrets(words, secrets)
  const table = /(?:Query was|query was|Command was): LOCK TABLE (?:ONLY )?(.+?) IN ACCESS SHARE MODE/.exec(
    said,
  )?.[1]
  if (table !== undefined && /timeout/i.test(said)) {
    return new BackupError('lock-timeout', { table: shown(table), seconds: lockWaitMs / 1_000 })
  }
  const oid = /permission denied for large object (\d+)/.exec(said)?.[1]
  if (oid !== undefined) return new BackupError('no-right-to-large-object', { oid })
  const denied = /permission denied for \w+ (\S+)/.exec(said)?.[1]
  if (denied !== undefined) return new BackupError('no-right-to-read', { tables: shown(denied) })
  if (/aborting because of server version mismatch/.test(said)) {
    return new BackupError('tool-refuses-server', { program, version, path })
  }
  return new BackupError('tool-failed', { program, code: code ?? -1, words: errorWords(lastLines(said)) })
}

/** What `pg_restore` says of an archive that is not whole. That a later one wrote it (`unsupported version`) is no fault of the archive. */
const OF_THE_ARCHIVE =
  /valid archive|input file|magic string|integer size|found in file|block (?:type|ID)|uncompress|corrupt/i

/** Why `pg_restore` could not read what was dumped: because of that, or because of what else may befall a program. */
export function explainReading(
  { program, version }: Pick<Tool, 'program' | 'version'>,
  { code, signal, words }: Exit,
  file: string,
): BackupError {
  if (signal !== null) return new BackupError('tool-killed', { program, signal })
  const said = errorWords(lastLines(words))
  if (code === 1 && OF_THE_ARCHIVE.test(said))
    return new BackupError('contents-unreadable', { file, program, version, words: said })
  return new BackupError('tool-failed', { program, code: code ?? -1, words: said })
}

/** The last error and what was told about it. */
function lastLines(said: string): string {
  const lines = said.trim().split('\n')
  const last = lines.findLastIndex((line) => /\berror:/.test(line))
  return lines.slice(Math.max(0, last)).join(' ')
}

function shown(name: string): string {
  return errorWords(name.replaceAll('"', ''))
}
