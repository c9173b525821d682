import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  judgeHostCertificate,
  readCertificate,
} from '../../../../../../src/main/engine/reach/links/ssh-certificates.ts'

const directory = mkdtempSync(join(tmpdir(), 'vakhta-certificates-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

let made = 0
function pair(...type: string[]): string {
  made += 1
  const path = join(directory, `key${made}`)
  execFileSync('ssh-keygen', ['-q', '-t', ...type, '-N', '', '-f', path])
  return path
}
const blobIn = (file: string) => Buffer.from(readFileSync(file, 'utf8').split(' ')[1] ?? '', 'base64')
function certify(key: string, options: string[], by: string): Buffer {
  execFileSync('ssh-keygen', ['-q', '-s', by, '-I', 'the id', ...options, `${key}.pub`], { stdio: 'pipe' })
  return blobIn(`${key}-cert.pub`)
}

const authority = pair('ed25519')
const NOW = Date.UTC(2026, 5, 1)
const judge = (blob: Buffer, host = 'a.example') => judgeHostCertificate(readCertificate(blob), host, NOW)

describe('a host certificate that ssh-keygen made', () => {
  it.each([
    ['ed25519', ['ed25519'], ['ed25519']],
    ['ecdsa 256 by ecdsa 384', ['ecdsa', '-b', '256'], ['ecdsa', '-b', '384']],
    ['ecdsa 521 by ecdsa 521', ['ecdsa', '-b', '521'], ['ecdsa', '-b', '521']],
    ['rsa by rsa', ['rsa', '-b', '2048'], ['rsa', '-b', '2048']],
  ])('is read and holds: %s', (_what, type, by) => {
    const [key, signer] = [pair(...type), pair(...by)]
    const certificate = readCertificate(certify(key, ['-h', '-n', 'b.example,A.example'], signer))
    expect(certificate).toMatchObject({
      kind: 'host',
      keyId: 'the id',
      principals: ['b.example', 'A.example'],
    })
    expect(certificate.key.equals(blobIn(`${key}.pub`))).toBe(true)
    expect(certificate.authority.equals(blobIn(`${signer}.pub`))).toBe(true)
    expect(judgeHostCertificate(certificate, 'a.example', NOW)).toBeNull()
  })

  const key = pair('ed25519')
  const HOST = ['-h', '-n', 'a.example']
  it.each([
    ['for anybody', ['-h'], null],
    ['over', [...HOST, '-V', '20200101Z:20200201Z'], { fault: 'expired', until: '2020-02-01 00:00:00 UTC' }],
    [
      'not begun',
      [...HOST, '-V', '20900101Z:20910101Z'],
      { fault: 'not-yet-valid', from: '2090-01-01 00:00:00 UTC' },
    ],
    [
      'for others',
      ['-h', '-n', 'x.example,y.example'],
      { fault: 'wrong-host', names: 'x.example, y.example' },
    ],
    ['with a wildcard', ['-h', '-n', '*.example'], { fault: 'wrong-host', names: '*.example' }],
    ['for users', ['-n', 'a.example'], { fault: 'invalid', words: 'it is for users, not for hosts' }],
    [
      'demanding',
      [...HOST, '-O', 'critical:odd@example.com=1'],
      { fault: 'invalid', words: 'it demands "odd@example.com", which is not known' },
    ],
  ])('%s', (_what, options, fault) => {
    expect(judge(certify(key, options, authority))).toEqual(fault)
  })

  it('signed with SHA-1 is not believed', () => {
    const rsa = pair('rsa', '-b', '2048')
    const old = certify(key, [...HOST, '-t', 'ssh-rsa'], rsa)
    expect(judge(old)).toEqual({ fault: 'invalid', words: 'it is signed with ssh-rsa' })
  })

  it('holds no more once any bit of it is turned', () => {
    const blob = certify(key, HOST, authority)
    for (let at = 0; at < blob.length; at += 1) {
      const turned = Buffer.from(blob)
      turned[at] = (turned[at] ?? 0) ^ 1
      const held = (() => {
        try {
          const certificate = readCertificate(turned)
          // Another authority, or another key, is another question: it would not be the trusted one.
          if (!certificate.authority.equals(blobIn(`${authority}.pub`))) return false
          return judgeHostCertificate(certificate, 'a.example', NOW) === null
        } catch {
          return false
        }
      })()
      expect(held, `byte ${at}`).toBe(false)
    }
  })

  it('cut short anywhere, or longer than it says, cannot be read', () => {
    const blob = certify(key, HOST, authority)
    for (let length = 0; length < blob.length; length += 1) {
      expect(() => readCertificate(blob.subarray(0, length)), `${length} bytes`).toThrow()
    }
    expect(() => readCertificate(Buffer.concat([blob, Buffer.of(0)]))).toThrow()
    expect(() => readCertificate(blobIn(`${key}.pub`))).toThrow('it is a ssh-ed25519')
  })
})
