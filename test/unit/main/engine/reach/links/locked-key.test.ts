import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { unlock, WrongPassphrase } from '../../../../../../src/main/engine/reach/links/locked-key.ts'
import { readKey } from '../../../../../../src/main/engine/reach/links/private-key.ts'

const directory = mkdtempSync(join(tmpdir(), 'vakhta-keys-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const place = { hop: 'ops@bastion:22', on: 'path' } as const
const PASSPHRASE = 'пароль от ключа'
let made = 0

function makeKey(...options: readonly string[]): string {
  made += 1
  const path = join(directory, `key${made}`)
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', PASSPHRASE, '-f', path, ...options])
  return path
}

const publicHalf = (path: string) => readFileSync(`${path}.pub`, 'utf8').split(' ')[1]
const open = (path: string, passphrase: string | null) =>
  readKey({ name: 'file:key', text: readFileSync(path, 'utf8'), passphrase }, place)

describe('a key that a passphrase locks', () => {
  it.each([
    ['as ssh-keygen makes it', []],
    ['of ECDSA', ['-t', 'ecdsa', '-b', '521']],
    ['of RSA', ['-t', 'rsa', '-b', '2048']],
    ['with CBC', ['-Z', 'aes128-cbc']],
    ['with 192 bits', ['-Z', 'aes192-ctr']],
    ['with few rounds', ['-a', '1']],
    ['with a cipher that the library does', ['-Z', 'aes256-gcm@openssh.com', '-a', '2']],
  ])('is opened, %s', async (_what, options) => {
    const path = makeKey(...options)
    const { secret, blob, problem } = await open(path, PASSPHRASE)
    expect(problem).toBeNull()
    expect(secret?.type).toBe('private')
    expect(blob?.toString('base64')).toBe(publicHalf(path))
  })

  it('tells a wrong passphrase, and that there is none, and still shows its public half', async () => {
    const path = makeKey('-a', '2')
    await expect(unlock(readFileSync(path, 'utf8'), 'wrong')).rejects.toThrow(WrongPassphrase)
    const wrong = await open(path, 'wrong')
    expect(wrong.problem?.failure.code).toBe('key-passphrase-wrong')
    expect(wrong.blob?.toString('base64')).toBe(publicHalf(path))
    expect((await open(path, null)).problem?.failure.code).toBe('key-passphrase-missing')
    // What failed is not kept.
    expect((await open(path, PASSPHRASE)).problem).toBeNull()
  })

  it('holds nothing else up while it is opened', async () => {
    const opening = unlock(readFileSync(makeKey('-a', '20'), 'utf8'), PASSPHRASE)
    let turns = 0
    let isOver = false
    const over = opening.finally(() => {
      isOver = true
    })
    over.catch(() => {})
    while (!isOver) {
      turns += 1
      await new Promise((resolve) => setImmediate(resolve))
    }
    await over
    // 48 bytes are two blocks of 20 rounds.
    expect(turns).toBeGreaterThanOrEqual(38)
  })

  it('is refused where opening it would take for ever', async () => {
    const text = readFileSync(makeKey('-a', '3'), 'utf8')
    const bytes = Buffer.from(text.replaceAll(/-----.*-----|\n/g, ''), 'base64')
    // The number of rounds stands after the salt of 16 bytes.
    const at = bytes.indexOf(Buffer.of(0, 0, 0, 16)) + 4 + 16
    expect(bytes.readUInt32BE(at)).toBe(3)
    bytes.writeUInt32BE(2 ** 31, at)
    const endless = `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`
    const { problem } = await readKey({ name: 'file:key', text: endless, passphrase: PASSPHRASE }, place)
    expect(problem?.failure).toMatchObject({
      code: 'key-unsupported',
      params: { words: expect.stringContaining('2147483648 rounds') },
    })
  })
})
