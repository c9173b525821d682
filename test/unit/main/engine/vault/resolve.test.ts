import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../../../src/main/engine/clock.ts'
import {
  createSecretResolver,
  SecretMissing,
  type SecretResolver,
} from '../../../../../src/main/engine/vault/resolve.ts'
import { openSealedFile } from '../../../../../src/main/engine/vault/sealed-file.ts'

const PEM = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n-----END OPENSSH PRIVATE KEY-----\n'

let home: string
let resolve: SecretResolver
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'vakhta-resolve-'))
  const vault = await openSealedFile({
    path: join(home, 'vault.json'),
    keyFile: join(home, 'vault.key'),
    clock: systemClock,
  })
  await vault.set('db', 'from the vault\n')
  await vault.set('key', PEM)
  writeFileSync(join(home, 'password'), 'from a file\r\n')
  writeFileSync(join(home, 'spaced'), '  two lines\n\n')
  writeFileSync(join(home, 'key'), PEM)
  writeFileSync(join(home, 'nothing'), '\n')
  resolve = createSecretResolver({
    vault,
    env: { HOME: home, PASSWORD: 'from the environment', EMPTY: '' },
    readFile: (path) => readFile(path, 'utf8'),
  })
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

test.each([
  ['secret:db', 'from the vault'],
  ['secret:key', PEM],
  ['env:PASSWORD', 'from the environment'],
  ['file:~/password', 'from a file'],
  ['file:~/spaced', '  two lines\n'],
  ['file:~/key', PEM],
])('%s is found', async (reference, value) => {
  expect(await resolve(reference)).toBe(value)
})

test.each([
  ['secret:absent', /vakhta secret set absent/],
  ['env:ABSENT', /no variable ABSENT/],
  ['env:EMPTY', /empty/],
  ['file:~/absent', /absent could not be read \(ENOENT\)/],
  ['file:~/nothing', /empty/],
])('%s is missing, and the message says what and where', async (reference, message) => {
  const error: unknown = await resolve(reference).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SecretMissing)
  expect(error).toMatchObject({ reference, message: expect.stringMatching(message) })
  expect(String(error)).toContain(reference)
})

test('what is no reference is not repeated: it may be the secret itself', async () => {
  await expect(resolve('hunter2')).rejects.toThrow(expect.not.stringContaining('hunter2'))
})
