/** The key that a backup is opened with: our own, or one that somebody names, which is never told. */
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, it } from 'vitest'
import { identityFor } from '../../../../../src/main/engine/backups/identity.ts'
import { createSecretResolver } from '../../../../../src/main/engine/vault/resolve.ts'

const own = await generateX25519Identity()
const recovery = await generateX25519Identity()
const ofBoth = { recipients: [await identityToRecipient(own), await identityToRecipient(recovery)] }
const ofAnother = { recipients: [await identityToRecipient(recovery)] }

const secrets: Record<string, string> = {
  recovery,
  'from-paper': `# of the old console\n${recovery.toLowerCase().replaceAll(/.{6}/g, '$& ')}\n`,
  'something-else': 'hunter2',
}
const dependencies = {
  backedUp: { keys: { drillIdentity: async () => own } },
  resolveSecret: createSecretResolver({
    vault: { get: async (name: string) => secrets[name] ?? null } as never,
    env: {},
    readFile: () => Promise.reject(new Error('no files here')),
  }),
}
const codeOf = (opened: Promise<string>) =>
  opened.then(
    () => 'it opens',
    (error: { failure: object }) => error.failure,
  )

it('is our own where nobody names one', async () => {
  expect(await identityFor(dependencies, ofBoth, undefined)).toBe(own)
  expect(await codeOf(identityFor(dependencies, ofAnother, undefined))).toMatchObject({
    code: 'identity-other',
  })
  // Whoever wrote that encrypted nothing.
  expect(await identityFor(dependencies, { recipients: [] }, undefined)).toBe(own)
})

it.each(['secret:recovery', 'secret:from-paper'])('is what %s names, however it was typed', async (key) => {
  expect(await identityFor(dependencies, ofAnother, key)).toBe(recovery)
})

it.each([
  ['secret:nowhere', { code: 'key-missing', params: { reference: 'secret:nowhere' } }],
  ['env:NOTHING', { code: 'key-missing', params: { reference: 'env:NOTHING' } }],
  ['file:/nowhere', { code: 'key-missing', params: { reference: 'file:/nowhere' } }],
  ['secret:something-else', { code: 'identity-invalid', params: {} }],
])('is refused in words where %s does not lead to one', async (key, failure) => {
  expect(await codeOf(identityFor(dependencies, ofAnother, key))).toEqual(failure)
})
