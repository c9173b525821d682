/** Host keys: those of `known_hosts`, those accepted in Vakhta, and those that were offered and wait for somebody. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { readBoundedText } from '../store/bounded-file.ts'
import type { Row, Store } from '../store/store.ts'
import { fingerprintOf, type KnownHost, keyTypeOf, parseKnownHosts, speaksOf } from './known-hosts.ts'

/** Of one `known_hosts` file; those of large fleets are a few. */
const KNOWN_HOSTS_MAX_BYTES = 16 * 1024 * 1024

export interface HostKey {
  /** `HOST:PORT` as the profile names it. */
  readonly host: string
  /** Empty where a key was accepted by its fingerprint before the host was reached. */
  readonly keyType: string
  /** `SHA256:…`, as OpenSSH prints it. */
  readonly fingerprint: string
  readonly state: 'accepted' | 'offered' | 'changed'
  readonly at: number
}

export interface HostKeys {
  list(): Promise<HostKey[]>
  /** Accepts by fingerprint, also before the host was ever reached. Replaces a key accepted earlier. */
  accept(host: string, fingerprint: string): Promise<void>
  remove(host: string): Promise<boolean>
  /** What to do with an offered key, and a note of the offer. `files`: `known_hosts` files to look into. */
  judge(host: string, port: number, key: Buffer, files: readonly string[]): Promise<HostKeyVerdict>
  /** The key types known for a host: to be asked for first, or a server with several keys looks changed. */
  knownTypes(host: string, port: number, files: readonly string[]): Promise<string[]>
  /** Called with `HOST:PORT` when a key was accepted for it; returns what unsubscribes. */
  onAccept(listener: (host: string) => void): () => void
}

export type HostKeyVerdict =
  | { readonly verdict: 'known'; readonly fingerprint: string }
  | { readonly verdict: 'unknown'; readonly fingerprint: string; readonly keyType: string }
  | {
      readonly verdict: 'changed'
      readonly fingerprint: string
      readonly known: string
      readonly where: string
    }
  | { readonly verdict: 'revoked'; readonly fingerprint: string; readonly where: string }

interface HostKeyRow extends Row {
  host: string
  state: HostKey['state']
  key_type: string
  fingerprint: string
  at: number
}

interface FileKey extends KnownHost {
  readonly where: string
}

/** @param home whose `.ssh/known_hosts` is always looked into, and what `~/` stands for */
export function createHostKeys({
  store,
  clock,
  home = homedir(),
}: {
  store: Store
  clock: Clock
  home?: string
}): HostKeys {
  const listeners = new Set<(host: string) => void>()

  async function inFiles(host: string, port: number, files: readonly string[]): Promise<FileKey[]> {
    const paths = new Set([
      join(home, '.ssh', 'known_hosts'),
      ...files.map((file) => (file.startsWith('~/') ? join(home, file.slice(2)) : file)),
    ])
    const found: FileKey[] = []
    for (const path of paths) {
      // A file that is not there knows no host: the key is then unknown, which fails closed.
      const text = await readBoundedText(path, { maxBytes: KNOWN_HOSTS_MAX_BYTES }).catch(() => '')
      for (const known of parseKnownHosts(text)) {
        if (speaksOf(known, host, port)) found.push({ ...known, where: `${path}:${known.line}` })
      }
    }
    return found
  }

  function accepted(host: string): Promise<HostKeyRow | null> {
    return store.first<HostKeyRow>(`SELECT * FROM host_keys WHERE host = ? AND state = 'accepted'`, host)
  }

  async function note(
    host: string,
    state: 'offered' | 'changed',
    keyType: string,
    fingerprint: string,
  ): Promise<void> {
    const noted = await store.first<HostKeyRow>(
      'SELECT * FROM host_keys WHERE host = ? AND state = ?',
      host,
      state,
    )
    // Only what is new is written: a host that is tried once a minute is no reason to write once a minute.
    if (noted?.fingerprint === fingerprint) return
    await store.write((database) => {
      database
        .prepare(
          'INSERT OR REPLACE INTO host_keys (host, state, key_type, fingerprint, at) VALUES (?, ?, ?, ?, ?)',
        )
        .run(host, state, keyType, fingerprint, clock.now())
    })
  }

  return {
    async list() {
      const rows = await store.all<HostKeyRow>('SELECT * FROM host_keys ORDER BY host, state')
      return rows.map(({ host, state, key_type, fingerprint, at }) => ({
        host,
        keyType: key_type,
        fingerprint,
        state,
        at,
      }))
    },

    async accept(host, fingerprint) {
      await store.write((database) => {
        const seen = database
          .prepare(`SELECT key_type FROM host_keys WHERE host = ? AND fingerprint = ? AND key_type <> ''`)
          .get(host, fingerprint)
        database.prepare('DELETE FROM host_keys WHERE host = ?').run(host)
        database
          .prepare(
            `INSERT INTO host_keys (host, state, key_type, fingerprint, at) VALUES (?, 'accepted', ?, ?, ?)`,
          )
          .run(host, String(seen?.key_type ?? ''), fingerprint, clock.now())
      })
      for (const listener of listeners) listener(host)
    },

    remove: (host) =>
      store.write(
        (database) => database.prepare('DELETE FROM host_keys WHERE host = ?').run(host).changes > 0,
      ),

    async judge(host, port, key, files) {
      const name = `${host}:${port}`
      const fingerprint = fingerprintOf(key)
      const keyType = keyTypeOf(key) ?? ''
      const known = await inFiles(host, port, files)
      const revoked = known.find((entry) => entry.marker === 'revoked' && entry.key.equals(key))
      if (revoked !== undefined) return { verdict: 'revoked', fingerprint, where: revoked.where }
      const trusted = known.filter((entry) => entry.marker === null)
      if (trusted.some((entry) => entry.key.equals(key))) return { verdict: 'known', fingerprint }
      const byHand = await accepted(name)
      if (byHand?.fingerprint === fingerprint) {
        await settle(store, name, keyType)
        return { verdict: 'known', fingerprint }
      }
      // Known types were asked for first, so another key here means that the host no longer has the one we know.
      const before = trusted.find((entry) => entry.keyType === keyType) ?? trusted[0] ?? null
      if (before !== null) {
        await note(name, 'changed', keyType, fingerprint)
        return { verdict: 'changed', fingerprint, known: fingerprintOf(before.key), where: before.where }
      }
      if (byHand !== null && byHand.key_type !== '') {
        await note(name, 'changed', keyType, fingerprint)
        return { verdict: 'changed', fingerprint, known: byHand.fingerprint, where: 'Vakhta' }
      }
      await note(name, 'offered', keyType, fingerprint)
      return { verdict: 'unknown', fingerprint, keyType }
    },

    async knownTypes(host, port, files) {
      const known = await inFiles(host, port, files)
      const byHand = await accepted(`${host}:${port}`)
      const types = known.filter(({ marker }) => marker === null).map(({ keyType }) => keyType)
      if (byHand !== null && byHand.key_type !== '') types.push(byHand.key_type)
      return [...new Set(types)]
    },

    onAccept(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** An accepted key was seen: its type becomes known, and an offer is settled. A changed key stays noted: it is evidence. */
async function settle(store: Store, host: string, keyType: string): Promise<void> {
  const open = await store.first(
    `SELECT host FROM host_keys WHERE host = ? AND (state = 'offered' OR (state = 'accepted' AND key_type = ''))`,
    host,
  )
  if (open === null) return
  await store.write((database) => {
    database.prepare(`DELETE FROM host_keys WHERE host = ? AND state = 'offered'`).run(host)
    database
      .prepare(`UPDATE host_keys SET key_type = ? WHERE host = ? AND state = 'accepted'`)
      .run(keyType, host)
  })
}
