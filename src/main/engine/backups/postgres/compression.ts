/** How `pg_dump` compresses what it writes: as its version and its build can. Pure, but for asking it. */
import type { BackupCompression } from '#shared/model/profile/backups.ts'
import { errorWords } from '../../reach/failed.ts'
import { BackupError } from '../backup-error.ts'
import type { Tool } from './tools.ts'

/** What was used, as the manifest tells it. */
export interface Compressed {
  readonly method: 'zstd' | 'gzip' | 'none'
  /** `null`: the program's own. */
  readonly level: number | null
}

export const AUTO: BackupCompression = { method: 'auto' }

/** From this version on a method can be named; before there is gzip alone. */
export const NAMED_SINCE = 16

/**
 * What a program makes of what is wanted.
 * @param hasZstd whether its build has it, asked where that counts
 * @throws BackupError `compression-not-there`
 */
export async function settleCompression(
  {
    method,
    level = null,
  }: { readonly method: BackupCompression['method']; readonly level?: number | null | undefined },
  tool: Tool,
  hasZstd: () => Promise<boolean>,
): Promise<Compressed> {
  if (method === 'none') return { method, level: null }
  if (method === 'gzip') return { method, level }
  if (tool.major >= NAMED_SINCE && (await hasZstd())) return { method: 'zstd', level }
  if (method === 'auto') return { method: 'gzip', level: null }
  const { program, version, path } = tool
  throw new BackupError('compression-not-there', { program, version, path })
}

export function compressionOption({ method, level }: Compressed, { major }: Pick<Tool, 'major'>): string[] {
  if (major >= NAMED_SINCE) return [`--compress=${method}${level === null ? '' : `:${level}`}`]
  if (method === 'none') return ['--compress=0']
  return level === null ? [] : [`--compress=${level}`]
}

/** It looks at its options before it looks for a server, of which there is none here. */
export const ZSTD_QUESTION = [
  '--format=custom',
  '--compress=zstd',
  '--no-password',
  '--dbname=host=/nonexistent user=nobody dbname=none',
]

/** @param words what it wrote to standard error to that */
export function tellsZstd(words: string): boolean {
  return !lacksCompression(words) && !/unrecognized compression|invalid compression/i.test(words)
}

export function lacksCompression(words: string): boolean {
  return /does not support compression/i.test(words)
}

/** A `pg_restore` whose build lacks how a dump is compressed reads its list all the same, warns, and would restore nothing. */
export function refuseUnreadable(words: string, { program, version, path }: Tool, file: string): void {
  if (lacksCompression(words)) {
    throw new BackupError('compression-unreadable', {
      file,
      program,
      version,
      path,
      words: errorWords(words),
    })
  }
}
