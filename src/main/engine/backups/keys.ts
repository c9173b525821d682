/**
 * The keys of the backups. Each is encrypted for two by default: a drill key, whose secret half is in the vault so that
 * Vakhta itself can read and prove what it wrote, and a recovery key, whose secret half is on a printed sheet alone. What
 * is written is signed with the console's own key.
 */
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { FormerRecoveryKey, RecoveryKey } from '#shared/model/backup.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import { newSigningKey, sign, verificationKey } from '../vault/primitives.ts'
import type { Vault } from '../vault/vault.ts'
import { makeHeader, openHeader } from './age/header.ts'
import { BackupError } from './backup-error.ts'

export const DRILL_KEY = 'vakhta-backup-drill-key'
export const SIGNING_KEY = 'vakhta-backup-signing-key'
const SETTING = 'backup-recovery-key'
/** The last one whose sheet was proven, for as long as that of the one after it is not. */
const PROVEN_BEFORE = 'backup-recovery-key-before'
/** Those that others took the place of, the newest first. */
const FORMER = 'backup-recovery-keys-former'

export interface BackupKeys {
  /** For whom what is written now is encrypted: the drill key, and the recovery key where there is one; with the proven one before it, until its sheet is proven, too. */
  recipients(): Promise<string[]>
  /** The secret half of the drill key: for whoever reads what was written. */
  drillIdentity(): Promise<string>
  /** Its public half. */
  drillRecipient(): Promise<string>
  /** Signs a text with the console's own key, which is made where there is none. */
  sign(text: string): Promise<{ readonly key: string; readonly value: string }>
  /** The public half of the console's key. */
  verificationKey(): Promise<string>
  recovery(): Promise<RecoveryKey | null>
  /** Those before it, the newest first. */
  formerRecovery(): Promise<FormerRecoveryKey[]>
  /**
   * Makes a recovery key in place of any before it: what is written from now on is for the new one, and for the old until the sheet of the new is proven;
   * what was written before stays for the old. Its secret half is given here, to be printed, and kept nowhere.
   */
  makeRecovery(): Promise<RecoveryKey & { readonly identity: string }>
  /**
   * Decrypts with what somebody typed in from the sheet.
   * @param typed spaces and case do not count
   * @throws BackupError `recovery-none`, `identity-invalid`, `identity-other`
   */
  proveRecovery(typed: string): Promise<RecoveryKey>
}

export function createBackupKeys({
  vault,
  store,
  clock,
}: {
  readonly vault: Vault
  readonly store: Store
  readonly clock: Clock
}): BackupKeys {
  /** Two that need it at once must not make two. */
  let making: Promise<unknown> = Promise.resolve()

  function kept(name: string, make: () => Promise<string>): Promise<string> {
    const found = making.then(async () => {
      const value = await vault.get(name)
      if (value !== null) return value
      const made = await make()
      // In the vault before anything is written for it.
      await vault.set(name, made)
      return made
    })
    making = found.catch(() => {})
    return found
  }

  const drillIdentity = () => kept(DRILL_KEY, newIdentity)
  const signingKey = () => kept(SIGNING_KEY, async () => newSigningKey())

  async function keyIn(setting: string): Promise<RecoveryKey | null> {
    const row = await store.first<{ value: string }>('SELECT value FROM settings WHERE key = ?', setting)
    return row === null ? null : RecoveryKey.parse(JSON.parse(row.value))
  }
  const recovery = () => keyIn(SETTING)

  async function formerRecovery(): Promise<FormerRecoveryKey[]> {
    const row = await store.first<{ value: string }>('SELECT value FROM settings WHERE key = ?', FORMER)
    return withUnlisted(row?.value, await keyIn(PROVEN_BEFORE))
  }

  /** Within a write, so that two at once do not list each other away. */
  function listFormer(
    database: DatabaseSync,
    change: (former: FormerRecoveryKey[], current: RecoveryKey | null) => FormerRecoveryKey[],
  ): void {
    const settingOf = (key: string) => {
      const value = database.prepare('SELECT value FROM settings WHERE key = ?').get(key)?.value
      return typeof value === 'string' ? value : undefined
    }
    const before = settingOf(PROVEN_BEFORE)
    const former = withUnlisted(
      settingOf(FORMER),
      before === undefined ? null : RecoveryKey.parse(JSON.parse(before)),
    )
    const current = settingOf(SETTING)
    database
      .prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)')
      .run(
        FORMER,
        JSON.stringify(change(former, current === undefined ? null : RecoveryKey.parse(JSON.parse(current)))),
      )
  }

  return {
    async recipients() {
      const offline = await recovery()
      const drill = await recipientOf(await drillIdentity())
      const before = offline?.provenAt === null ? await keyIn(PROVEN_BEFORE) : null
      return [drill, offline?.recipient, before?.recipient].filter((one) => one !== undefined)
    },
    drillIdentity,
    drillRecipient: async () => recipientOf(await drillIdentity()),
    async sign(text) {
      const key = await signingKey()
      return { key: verificationKey(key), value: sign(key, text) }
    },
    async verificationKey() {
      return verificationKey(await signingKey())
    },
    recovery,
    formerRecovery,
    async makeRecovery() {
      const identity = await newIdentity()
      const key = { recipient: await recipientOf(identity), madeAt: clock.now(), provenAt: null }
      await store.write((database) => {
        listFormer(database, (former, replaced) => {
          if (replaced === null) return former
          // One that was proven is used on until the new one is.
          return [{ ...replaced, usedUntil: replaced.provenAt === null ? key.madeAt : null }, ...former]
        })
        database
          .prepare(
            `INSERT OR REPLACE INTO settings (key, value)
               SELECT ?, value FROM settings WHERE key = ? AND json_extract(value, '$.provenAt') IS NOT NULL`,
          )
          .run(PROVEN_BEFORE, SETTING)
        database
          .prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)')
          .run(SETTING, JSON.stringify(key))
      })
      return { ...key, identity }
    },
    async proveRecovery(typed) {
      const key = await recovery()
      if (key === null) throw new BackupError('recovery-none')
      // As a backup's own: what opens this opens each that is written for it.
      const { bytes } = await makeHeader([key.recipient])
      await openHeader(bytes, asTyped(typed))
      const proven = { ...key, provenAt: clock.now() }
      await store.write((database) => {
        const { changes } = database
          .prepare(`UPDATE settings SET value = ? WHERE key = ? AND json_extract(value, '$.recipient') = ?`)
          .run(JSON.stringify(proven), SETTING, key.recipient)
        // Somebody made another one meanwhile: this sheet is the old one's.
        if (changes === 0) throw new BackupError('identity-other')
        listFormer(database, (former) =>
          former.map((one) => ({ ...one, usedUntil: one.usedUntil ?? proven.provenAt })),
        )
        database.prepare('DELETE FROM settings WHERE key = ?').run(PROVEN_BEFORE)
      })
      return proven
    },
  }
}

async function newIdentity(): Promise<string> {
  const { generateX25519Identity } = await import('age-encryption')
  return generateX25519Identity()
}

/** A secret key as somebody typed it from its sheet, or as `age -i` takes it from a file: spaces, case and lines of comment do not count. */
export function asTyped(text: string): string {
  return text.replaceAll(/^#.*$/gm, '').replaceAll(/\s/g, '').toUpperCase()
}

/** The public half of a secret key. Rejects where it is none. */
export async function recipientOf(identity: string): Promise<string> {
  const { identityToRecipient } = await import('age-encryption')
  return identityToRecipient(identity)
}

/** @param before the proven one that is still used: one of before keys were listed is not among them */
function withUnlisted(listed: string | undefined, before: RecoveryKey | null): FormerRecoveryKey[] {
  const former = listed === undefined ? [] : z.array(FormerRecoveryKey).parse(JSON.parse(listed))
  const isListed = before === null || former.some(({ recipient }) => recipient === before.recipient)
  return isListed ? former : [{ ...before, usedUntil: null }, ...former]
}
