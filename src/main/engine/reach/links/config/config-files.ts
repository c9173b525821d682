/**
 * Reads the files of an SSH configuration: bounded, no sockets and pipes, none that others may write, and each parsed once
 * for as long as it stays as it is.
 */
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs'
import { errorCode, errorWords, failed, type Place } from '../../failed.ts'
import type { Machine } from '../../machine.ts'
import type { ReachError } from '../../reach.ts'
import { type ConfigLine, parseConfig } from './config-text.ts'
import { matchesGlob } from './glob-pattern.ts'
import { segmentsOf } from './machine-paths.ts'

/** Of one file; those of large fleets are a megabyte. */
export const CONFIG_MAX_BYTES = 4 * 1024 * 1024
/** How many parsed files are kept. */
const KEPT = 64
const WRITABLE_BY_OTHERS = 0o022

export interface ConfigFile {
  readonly bytes: number
  readonly lines: readonly ConfigLine[]
}

const kept = new Map<string, { readonly version: string; readonly file: ConfigFile }>()

/**
 * The lines of a file; `null` where there is none.
 * @param guarded others than its owner must not be able to write it, as ssh demands of what it reads by itself
 * @throws ReachError that waits for a person
 */
export function readConfigFile(path: string, guarded: boolean, place: Place): ConfigFile | null {
  let descriptor: number
  try {
    // Opening a pipe that nobody writes to would otherwise hold the whole process.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null
    throw unreadable(path, error, place)
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true })
    if (!stats.isFile() && !stats.isCharacterDevice()) {
      throw failed(place, 'resolve', 'ssh-config-unreadable', { file: path, words: 'not a regular file' })
    }
    if (guarded && isUnsafe(stats)) throw failed(place, 'resolve', 'ssh-config-unsafe', { file: path })
    if (stats.size > CONFIG_MAX_BYTES) throw tooLarge(path, place)
    const version = [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':')
    const known = kept.get(path)
    if (known?.version === version && stats.isFile()) return known.file
    const bytes = readAll(descriptor, path, place)
    const file = { bytes: bytes.length, lines: parseConfig(bytes.toString('utf8')) }
    kept.delete(path)
    kept.set(path, { version, file })
    const oldest = kept.keys().next().value
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return file
  } catch (error) {
    if (errorCode(error) === null) throw error
    throw unreadable(path, error, place)
  } finally {
    closeSync(descriptor)
  }
}

/** The files that a pattern of `Include` names, in the order of their names; `[]` where there are none. */
export function filesOf(pattern: string, machine: Pick<Machine, 'platform'>): string[] {
  const segments = segmentsOf(pattern, machine)
  let found = ['']
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1
    found = found.flatMap((base) => below(base, segment, index === 0, isLast))
  }
  return found
}

function below(base: string, segment: string, isRoot: boolean, isLast: boolean): string[] {
  const at = (name: string): string => (isRoot ? name : `${base}/${name}`)
  if (!/[*?[\\]/.test(segment)) return !isLast || exists(at(segment)) ? [at(segment)] : []
  return namesIn(base === '' ? '/' : base)
    .filter((name) => matchesGlob(name, segment))
    .toSorted()
    .map(at)
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

function readAll(descriptor: number, path: string, place: Place): Buffer {
  const chunks: Buffer[] = []
  let length = 0
  for (;;) {
    const chunk = Buffer.alloc(64 * 1024)
    const read = readSync(descriptor, chunk)
    if (read === 0) return Buffer.concat(chunks)
    length += read
    // It may have grown since, or be a device without end.
    if (length > CONFIG_MAX_BYTES) throw tooLarge(path, place)
    chunks.push(chunk.subarray(0, read))
  }
}

/** As ssh: it belongs to its reader or to root, and nobody else may write it. Windows has other means for that. */
function isUnsafe(stats: BigIntStats): boolean {
  const user = process.getuid?.()
  if (user === undefined || !stats.isFile()) return false
  const isOurs = stats.uid === 0n || stats.uid === BigInt(user)
  return !isOurs || (Number(stats.mode) & WRITABLE_BY_OTHERS) !== 0
}

function unreadable(path: string, error: unknown, place: Place): ReachError {
  return failed(place, 'resolve', 'ssh-config-unreadable', { file: path, words: errorWords(error) }, error)
}

function tooLarge(path: string, place: Place): ReachError {
  return failed(place, 'resolve', 'ssh-config-too-large', {
    file: path,
    limit: CONFIG_MAX_BYTES / 1024 / 1024,
  })
}
