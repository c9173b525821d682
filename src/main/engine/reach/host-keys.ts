/** Host keys: those of `known_hosts`, those accepted in Vakhta, and those that were offered and wait for somebody. */
import { homedir } from 'node:os'
import type { Clock } from '../clock.ts'
import type { Row, Store } from '../store/store.ts'
import { fingerprintOf, keyTypeOf } from './known-hosts.ts'
import { createKnownHostsFiles, type FileKey } from './known-hosts-files.ts'
import {
  type Certificate,
  type CertificateFault,
  isCertificateType,
  judgeHostCertificate,
  readCertificate,
} from './links/ssh-certificates.ts'

export interface HostKey {
  /** `HOST:PORT` as the profile names it. */
  readonly host: string
  /** Empty where a key was accepted by its fingerprint before the host was reached. */
  readonly keyType: string
  /** `SHA256:…`, as OpenSSH prints it. */
  readonly fingerprint: string
  readonly state: 'accepted' | 'offered' | 'changed'
  readonly at: number
  /** Of a changed key the one that it came instead of; `null` where it has not come since Vakhta was started. */
  readonly replaces: KnownKey | null
}

export interface KnownKey {
  readonly fingerprint: string
  /** A line of a `known_hosts` file (`FILE:LINE`), or `Vakhta`. */
  readonly where: string
}

export interface HostKeys {
  list(): Promise<HostKey[]>
  /** Accepts by fingerprint, also before the host was ever reached. Replaces a key accepted earlier. */
  accept(host: string, fingerprint: string): Promise<void>
  /** All keys of a host, or one of them; whether there were any. One that was noted is noted again where it comes again. */
  remove(host: string, fingerprint: string | null): Promise<boolean>
  /**
   * What to do with an offered key or certificate, and a note of the offer.
   * @param files `known_hosts` files to look into, in this order; `~/` is expanded
   * @param acceptsNew an unknown key is accepted as it comes and remembered; a changed one never is
   */
  judge(
    host: string,
    port: number,
    key: Buffer,
    files: readonly string[],
    acceptsNew?: boolean,
  ): Promise<HostKeyVerdict>
  /** What to ask a host for: another kind of key than the known one would look like a changed one. */
  wanted(host: string, port: number, files: readonly string[]): Promise<WantedKeys>
  /** Called with `HOST:PORT` when a key was accepted for it; returns what unsubscribes. */
  onAccept(listener: (host: string) => void): () => void
}

export interface WantedKeys {
  /** Types of the keys that are known for it. */
  readonly types: readonly string[]
  /** Whether an authority may vouch for it. */
  readonly certificates: boolean
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
  /** A trusted authority signed its certificate, which does not hold all the same; nor is the key itself known. */
  | { readonly verdict: 'not-certified'; readonly fingerprint: string; readonly fault: CertificateFault }

interface HostKeyRow extends Row {
  host: string
  state: HostKey['state']
  key_type: string
  fingerprint: string
  at: number
}

/** @param home what `~/` stands for */
export function createHostKeys({
  store,
  clock,
  home = homedir(),
}: {
  store: Store
  clock: Clock
  home?: string
}): HostKeys {
  const knownHosts = createKnownHostsFiles(home)
  const listeners = new Set<(host: string) => void>()
  /** By `HOST:PORT`. Kept in memory: a file may be another one by the next start, and the key is then judged again. */
  const replaced = new Map<string, KnownKey>()

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

  async function judgeKey(
    name: string,
    key: Buffer,
    known: readonly FileKey[],
    acceptsNew: boolean,
  ): Promise<HostKeyVerdict> {
    const fingerprint = fingerprintOf(key)
    const keyType = keyTypeOf(key) ?? ''
    const revoked = revokedIn(known, key)
    if (revoked !== null) return { verdict: 'revoked', fingerprint, where: revoked }
    const trusted = known.filter((entry) => entry.marker === null)
    if (trusted.some((entry) => entry.key.equals(key))) return { verdict: 'known', fingerprint }
    const byHand = await accepted(name)
    if (byHand?.fingerprint === fingerprint) {
      await settle(store, name, keyType)
      return { verdict: 'known', fingerprint }
    }
    // Known types were asked for first, so another key here means that the host no longer has the one we know. What is
    // known without the port may be of another server on that host: as in ssh it may vouch, and says nothing else.
    const own = trusted.filter(({ withoutPort }) => !withoutPort)
    const before = own.find((entry) => entry.keyType === keyType) ?? own[0] ?? null
    if (before !== null) {
      return changed({ fingerprint: fingerprintOf(before.key), where: before.where })
    }
    if (byHand !== null && byHand.key_type !== '') {
      return changed({ fingerprint: byHand.fingerprint, where: 'Vakhta' })
    }
    await note(name, 'offered', keyType, fingerprint)
    // Somebody who accepted another fingerprint beforehand expects that one.
    if (!acceptsNew || byHand !== null) return { verdict: 'unknown', fingerprint, keyType }
    await accept(name, fingerprint)
    return { verdict: 'known', fingerprint }

    async function changed({ fingerprint: known, where }: KnownKey): Promise<HostKeyVerdict> {
      replaced.set(name, { fingerprint: known, where })
      await note(name, 'changed', keyType, fingerprint)
      return { verdict: 'changed', fingerprint, known, where }
    }
  }

  async function judgeCertificate(
    host: string,
    port: number,
    blob: Buffer,
    known: readonly FileKey[],
    acceptsNew: boolean,
  ): Promise<HostKeyVerdict> {
    const certificate = certificateIn(blob)
    if (certificate instanceof Error) {
      const fault = { fault: 'invalid', words: certificate.message } as const
      return { verdict: 'not-certified', fingerprint: fingerprintOf(blob), fault }
    }
    const { key, authority } = certificate
    const fingerprint = fingerprintOf(key)
    const revoked = revokedIn(known, key) ?? revokedIn(known, authority)
    if (revoked !== null) return { verdict: 'revoked', fingerprint, where: revoked }
    const vouches = known.some((entry) => entry.marker === 'authority' && entry.key.equals(authority))
    const fault = vouches ? judgeHostCertificate(certificate, host, clock.now()) : null
    if (vouches && fault === null) return { verdict: 'known', fingerprint }
    // As in ssh the key itself may be known though its certificate is worth nothing.
    if (fault === null) return judgeKey(`${host}:${port}`, key, known, acceptsNew)
    const itself =
      known.some((entry) => entry.marker === null && entry.key.equals(key)) ||
      (await accepted(`${host}:${port}`))?.fingerprint === fingerprint
    return itself ? { verdict: 'known', fingerprint } : { verdict: 'not-certified', fingerprint, fault }
  }

  async function accept(host: string, fingerprint: string): Promise<void> {
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
    replaced.delete(host)
    for (const listener of listeners) listener(host)
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
        replaces: state === 'changed' ? (replaced.get(host) ?? null) : null,
      }))
    },

    accept,

    remove: (host, fingerprint) =>
      store.write((database) => {
        const removed = database.prepare(
          'DELETE FROM host_keys WHERE host = ?1 AND (?2 IS NULL OR fingerprint = ?2)',
        )
        return removed.run(host, fingerprint).changes > 0
      }),

    async judge(host, port, key, files, acceptsNew = false) {
      const known = await knownHosts.find(host, port, files)
      const type = keyTypeOf(key)
      if (type !== null && isCertificateType(type))
        return judgeCertificate(host, port, key, known, acceptsNew)
      return judgeKey(`${host}:${port}`, key, known, acceptsNew)
    },

    async wanted(host, port, files) {
      const known = await knownHosts.find(host, port, files)
      const byHand = await accepted(`${host}:${port}`)
      const types = known.filter(({ marker }) => marker === null).map(({ keyType }) => keyType)
      if (byHand !== null && byHand.key_type !== '') types.push(byHand.key_type)
      return {
        types: [...new Set(types)],
        certificates: known.some(({ marker }) => marker === 'authority'),
      }
    },

    onAccept(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Where a key is marked as revoked; `null` where it is not. */
function revokedIn(known: readonly FileKey[], key: Buffer): string | null {
  return known.find((entry) => entry.marker === 'revoked' && entry.key.equals(key))?.where ?? null
}

function certificateIn(blob: Buffer): Certificate | Error {
  try {
    return readCertificate(blob)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
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
