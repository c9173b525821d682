import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identityToRecipient } from 'age-encryption'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeHeader, openHeader } from '../../../../../src/main/engine/backups/age/header.ts'
import { type BackupKeys, createBackupKeys } from '../../../../../src/main/engine/backups/keys.ts'
import { keyInGroups, recoverySheetPage } from '../../../../../src/main/engine/backups/recovery-sheet.ts'
import { systemClock } from '../../../../../src/main/engine/clock.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../src/main/engine/store/store.ts'
import { isSignedBy } from '../../../../../src/main/engine/vault/primitives.ts'
import { openSealedFile } from '../../../../../src/main/engine/vault/sealed-file.ts'
import type { Vault } from '../../../../../src/main/engine/vault/vault.ts'
import { LANGUAGES } from '../../../../../src/shared/locales/languages.ts'
import { createTranslator } from '../../../../../src/shared/locales/translate.ts'

let directory: string
let store: Store
let vault: Vault
let keys: BackupKeys
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-backup-keys-'))
  store = openStore({ dataDirectory: directory, log: silentLog })
  vault = await openSealedFile({
    path: join(directory, 'vault.json'),
    keyFile: join(directory, 'vault.key'),
    clock: systemClock,
  })
  keys = createBackupKeys({ vault, store, clock: systemClock })
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

it('encrypts for the drill key alone until there is a recovery key, and then for both', async () => {
  const identity = await keys.drillIdentity()
  expect(await keys.recipients()).toEqual([await identityToRecipient(identity)])
  const { recipient } = await keys.makeRecovery()
  expect(await keys.recipients()).toEqual([await identityToRecipient(identity), recipient])
})

it('goes on for a proven recovery key until the sheet of the one after it is proven, too', async () => {
  const drill = await identityToRecipient(await keys.drillIdentity())
  const first = await keys.makeRecovery()
  await keys.proveRecovery(first.identity)
  await keys.makeRecovery()
  // The one between was never proven: nobody has to have its sheet.
  const third = await keys.makeRecovery()
  expect(await keys.recipients()).toEqual([drill, third.recipient, first.recipient])
  await keys.proveRecovery(third.identity)
  expect(await keys.recipients()).toEqual([drill, third.recipient])
})

it('lists each recovery key that another took the place of, with until when it was used', async () => {
  expect(await keys.formerRecovery()).toEqual([])
  const first = await keys.makeRecovery()
  await keys.proveRecovery(first.identity)
  const second = await keys.makeRecovery()
  // The first is used on; the second never is proven.
  expect(await keys.formerRecovery()).toMatchObject([{ recipient: first.recipient, usedUntil: null }])
  const third = await keys.makeRecovery()
  expect(await keys.formerRecovery()).toMatchObject([
    { recipient: second.recipient, provenAt: null, usedUntil: third.madeAt },
    { recipient: first.recipient, usedUntil: null },
  ])
  const { provenAt } = await keys.proveRecovery(third.identity)
  expect(await keys.formerRecovery()).toMatchObject([
    { recipient: second.recipient, usedUntil: third.madeAt },
    { recipient: first.recipient, provenAt: expect.any(Number), usedUntil: provenAt },
  ])
})

it('lists the one that is used on also where it was replaced before keys were listed', async () => {
  const first = await keys.makeRecovery()
  await keys.proveRecovery(first.identity)
  const second = await keys.makeRecovery()
  await store.write((database) => {
    database.prepare(`DELETE FROM settings WHERE key = 'backup-recovery-keys-former'`).run()
  })
  expect(await keys.formerRecovery()).toMatchObject([{ recipient: first.recipient, usedUntil: null }])
  const { provenAt } = await keys.proveRecovery(second.identity)
  expect(await keys.formerRecovery()).toMatchObject([{ recipient: first.recipient, usedUntil: provenAt }])
})

it('proves no sheet in the place of a key that was made meanwhile', async () => {
  const first = await keys.makeRecovery()
  const made: string[] = []
  const late = createBackupKeys({
    ...{ vault, clock: systemClock },
    store: {
      ...store,
      async write(work) {
        made.push((await keys.makeRecovery()).recipient)
        return store.write(work)
      },
    },
  })
  await expect(late.proveRecovery(first.identity)).rejects.toMatchObject({
    failure: { code: 'identity-other' },
  })
  expect(await keys.recovery()).toMatchObject({ recipient: made[0], provenAt: null })
})

it('makes each key once, however many need it at once, and finds it again', async () => {
  const [first, second] = await Promise.all([keys.drillIdentity(), keys.drillIdentity()])
  expect(second).toBe(first)
  const [one, other] = await Promise.all([keys.sign('a'), keys.sign('a')])
  expect(other.key).toBe(one.key)
  const later = createBackupKeys({ vault, store, clock: systemClock })
  expect(await later.drillIdentity()).toBe(first)
  expect(await later.verificationKey()).toBe(one.key)
})

it('signs so that another text, key or signature is noticed', async () => {
  const { key, value } = await keys.sign('{"a":1}')
  expect(isSignedBy(key, '{"a":1}', value)).toBe(true)
  expect(isSignedBy(key, '{"a":2}', value)).toBe(false)
  expect(isSignedBy(key, '{"a":1}', (await keys.sign('b')).value)).toBe(false)
  expect(isSignedBy('bm8ga2V5', '{"a":1}', value)).toBe(false)
})

it('keeps of a recovery key the public half alone', async () => {
  const { identity } = await keys.makeRecovery()
  expect(await vault.names()).toEqual([])
  const rows = await store.all('SELECT value FROM settings')
  expect(JSON.stringify(rows)).not.toContain(identity)
})

it('proves the sheet by decrypting with what was typed from it', async () => {
  await expect(keys.proveRecovery('AGE-SECRET-KEY-1')).rejects.toMatchObject({
    failure: { code: 'recovery-none' },
  })
  const { identity, recipient } = await keys.makeRecovery()
  expect(await keys.recovery()).toMatchObject({ recipient, provenAt: null })
  const mistyped = identity.replace(/.$/, (last) => (last === 'Q' ? 'P' : 'Q'))
  await expect(keys.proveRecovery(mistyped)).rejects.toMatchObject({ failure: { code: 'identity-invalid' } })
  const drill = await keys.drillIdentity()
  await expect(keys.proveRecovery(drill)).rejects.toMatchObject({ failure: { code: 'identity-other' } })
  expect(await keys.recovery()).toMatchObject({ provenAt: null })
  await keys.proveRecovery(` ${keyInGroups(identity).toLowerCase()}\n`)
  expect(await keys.recovery()).toMatchObject({ recipient, provenAt: expect.any(Number) })
})

it('leaves what was written before a new recovery key to the old one', async () => {
  const old = await keys.makeRecovery()
  const header = await makeHeader(await keys.recipients())
  const recent = await keys.makeRecovery()
  expect(await openHeader(header.bytes, old.identity)).toEqual(header.fileKey)
  await expect(openHeader(header.bytes, recent.identity)).rejects.toMatchObject({
    failure: { code: 'identity-other' },
  })
})

it.each(LANGUAGES)('says for each form that a dump is kept in how it is restored, in %s', (language) => {
  const about = { console: 'night shift', identity: 'AGE', recipient: 'age1', date: '2026-11-29' }
  const page = recoverySheetPage(createTranslator(language), about)
  for (const file of ['dump.age', 'tar.age', 'sql.gz.age']) expect(page).toContain(` database-1.${file} | `)
})

it.each(LANGUAGES)('prints the whole key on a page that loads nothing, in %s', async (language) => {
  const { identity, recipient } = await keys.makeRecovery()
  const page = recoverySheetPage(createTranslator(language), {
    console: 'night <shift>',
    identity,
    recipient,
    date: '28.11.2026',
  })
  const text = page.replaceAll(/<style>.*<\/style>|<[^>]*>/gs, '')
  expect(text.replaceAll(/\s/g, '')).toContain(identity)
  expect(text).toContain(recipient)
  // It stands there with spaces, whatever is said above it.
  expect(text).not.toMatch(/without its spaces|без пробелов\)/)
  expect(page).not.toContain('<shift>')
  expect(page).not.toMatch(/https?:|src=|href=/)
})
