/**
 * What `known_hosts` files say of a host. A file of thousands of hashed names takes a second to go through: that is done in
 * small steps, between which everything else goes on, and for each host once, until the file changes.
 */
import { stat } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { readBoundedText } from '../store/bounded-file.ts'
import { type KnownHost, parseKnownHost, speaksOf } from './known-hosts.ts'
import { expandTilde } from './links/config/machine-paths.ts'

/** Of one file; those of large fleets are a few. */
const MAX_BYTES = 16 * 1024 * 1024
/** Under which hosts are known by their bare names. */
const SSH_PORT = 22
const LINES_AT_ONCE = 100
/** Answers that are kept, of all files. */
const MOST_KEPT = 2_000

export interface FileKey extends KnownHost {
  /** `PATH:LINE`. */
  readonly where: string
  /** Known under the bare name alone, while the host is asked on another port than SSH's own. */
  readonly withoutPort: boolean
}

export interface KnownHostsFiles {
  /** In the order of the files and their lines; `~/` is expanded. */
  find(host: string, port: number, files: readonly string[]): Promise<FileKey[]>
}

/** @param home what `~/` stands for */
export function createKnownHostsFiles(home: string): KnownHostsFiles {
  /** By file and host: what was found, in which version of the file. */
  const kept = new Map<string, { readonly version: string; readonly found: Promise<FileKey[]> }>()

  async function inFile(path: string, host: string, port: number): Promise<FileKey[]> {
    const version = await versionOf(path)
    if (version === null) return search(path, host, port)
    const id = JSON.stringify([path, host, port])
    const before = kept.get(id)
    if (before?.version === version) return before.found
    const found = search(path, host, port)
    kept.delete(id)
    kept.set(id, { version, found })
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return found
  }

  return {
    async find(host, port, files) {
      const found: FileKey[] = []
      for (const file of new Set(files)) {
        const path = expandTilde(file, { home, platform: process.platform }) ?? file
        found.push(...(await inFile(path, host, port)))
      }
      return found
    },
  }
}

async function search(path: string, host: string, port: number): Promise<FileKey[]> {
  // A file that is not there knows no host: the key is then unknown, which fails closed.
  const text = await readBoundedText(path, { maxBytes: MAX_BYTES }).catch(() => '')
  const found: FileKey[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    if (index % LINES_AT_ONCE === LINES_AT_ONCE - 1) await turn()
    const known = parseKnownHost(raw, index + 1)
    if (known === null) continue
    const where = `${path}:${known.line}`
    if (speaksOf(known, host, port)) found.push({ ...known, where, withoutPort: false })
    else if (speaksOf(known, host, SSH_PORT)) found.push({ ...known, where, withoutPort: true })
  }
  return found
}

/** Changes whenever the file does; `null` where there is none, or what is there is no file. */
async function versionOf(path: string): Promise<string | null> {
  const stats = await stat(path, { bigint: true }).catch(() => null)
  if (stats === null || !stats.isFile()) return null
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':')
}
