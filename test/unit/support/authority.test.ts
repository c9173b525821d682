import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAuthority, selfSigned } from '../../../demo/servers/authority.ts'

const DAY_MS = 86_400_000

describe('an authority of the tests', () => {
  it('issues certificates for names, with an intermediate in their chain', () => {
    const root = createAuthority('Own Root')
    const between = root.intermediate('Between')
    const { certificate, chain } = between.issue({ names: ['db.example', '127.0.0.1'] })
    const leaf = new X509Certificate(certificate)
    expect(leaf.subjectAltName).toBe('DNS:db.example, IP Address:127.0.0.1')
    expect(chain).toBe(certificate + between.certificate)
    expect(leaf.verify(new X509Certificate(between.certificate).publicKey)).toBe(true)
    expect(
      new X509Certificate(between.certificate).verify(new X509Certificate(root.certificate).publicKey),
    ).toBe(true)
  })

  it('issues what has expired, and protects a key with a passphrase', () => {
    const end = new Date(Date.now() - DAY_MS)
    const start = new Date(Date.now() - 3 * DAY_MS)
    const expired = createAuthority().issue({
      names: ['a'],
      notBefore: start,
      notAfter: end,
      passphrase: 'word',
    })
    expect(
      Math.abs(Date.parse(new X509Certificate(expired.certificate).validTo) - end.getTime()),
    ).toBeLessThan(1_000)
    expect(expired.key).toContain('ENCRYPTED')
  })

  it('signs a certificate by itself', () => {
    const own = new X509Certificate(selfSigned({ names: ['localhost'], keyType: 'rsa' }).certificate)
    expect(own.verify(own.publicKey)).toBe(true)
  })
})
