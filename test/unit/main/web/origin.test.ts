import { describe, expect, it } from 'vitest'
import { createAddresses } from '../../../../src/main/web/access/addresses.ts'
import { judgeOrigin } from '../../../../src/main/web/access/origin.ts'
import { readPublicUrl } from '../../../../src/main/web/access/public-address.ts'

const addresses = (publicUrl?: string) => {
  const publicAddress = publicUrl === undefined ? null : readPublicUrl(publicUrl)
  if (publicAddress !== null && 'refused' in publicAddress) throw new Error(publicAddress.refused)
  return createAddresses({ port: () => 8080, publicAddress })
}

describe('an address of the console', () => {
  it.each(['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', 'LOCALHOST:9000'])(
    'is %s, in the clear',
    (host) => {
      const cookie = { name: 'vakhta-8080', isSecure: false }
      const origin = `http://${host.toLowerCase()}`
      expect(addresses().of(host)).toEqual({ origin, cookie })
      expect(addresses('https://watch.example.com').of(host)).toEqual({ origin, cookie })
    },
  )

  it.each([
    ['https://watch.example.com', 'watch.example.com', 443],
    ['https://watch.example.com', 'Watch.Example.com', 443],
    // As Prometheus asks.
    ['https://watch.example.com', 'watch.example.com:443', 443],
    ['https://watch.example.com:8443', 'watch.example.com:8443', 8443],
    ['https://localhost:8443', 'localhost:8443', 8443],
    ['https://[2001:db8::1]', '[2001:db8::1]', 443],
  ])('is that of %s, asked for as %s, over TLS', (publicUrl, host, port) => {
    const cookie = { name: `__Host-vakhta-${port}`, isSecure: true }
    expect(addresses(publicUrl).of(host)).toEqual({ origin: publicUrl, cookie })
  })

  it.each([
    ['https://watch.example.com', 'watch.example.com:8443'],
    ['https://watch.example.com:8443', 'watch.example.com'],
    ['https://watch.example.com:8443', 'watch.example.com:8443:443'],
    ['https://watch.example.com', 'evil.watch.example.com'],
    ['https://watch.example.com', 'evil.example'],
  ])('is not, beside %s, %s', (publicUrl, host) => {
    expect(addresses(publicUrl).of(host)).toBe(null)
  })

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example:8080',
    '127.0.0.1.nip.io',
    'localhost@evil.example',
    '127.0.0.2',
    '0.0.0.0:8080',
    'watch.example.com',
  ])('is not %s', (host) => {
    expect(addresses().of(host)).toBe(null)
  })
})

describe('judgeOrigin', () => {
  const own = { host: 'localhost:8080' }
  const cookie = { byCookie: true }
  const token = { byCookie: false }
  const ownOf = (host: string) => addresses().of(host)?.origin ?? ''

  it.each([
    ['its own page', 'POST', { origin: 'http://localhost:8080' }, cookie, null],
    [
      'its own page through a forwarded port',
      'POST',
      { host: '127.0.0.1:9', origin: 'http://127.0.0.1:9' },
      cookie,
      null,
    ],
    ['another site', 'POST', { origin: 'https://evil.example' }, cookie, 'foreign-origin'],
    ['another site, reading', 'GET', { origin: 'https://evil.example' }, cookie, 'foreign-origin'],
    ['another port of this machine', 'POST', { origin: 'http://localhost:3000' }, cookie, 'foreign-origin'],
    ['the same name over TLS', 'POST', { origin: 'https://localhost:8080' }, cookie, 'foreign-origin'],
    ['a sandboxed frame', 'POST', { origin: 'null' }, cookie, 'foreign-origin'],
    ['a script with a token', 'POST', {}, token, null],
    ['a script with a cookie', 'POST', {}, cookie, 'no-origin'],
    ['a reading script with a cookie', 'GET', {}, cookie, null],
    [
      'an image tag of another site',
      'GET',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      cookie,
      'foreign-origin',
    ],
    [
      'a page of another port',
      'GET',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
      cookie,
      'foreign-origin',
    ],
    [
      'a link on another site',
      'GET',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      cookie,
      null,
    ],
  ] as const)('judges %s', (_who, method, headers, by, fault) => {
    const asked = { ...own, ...headers }
    expect(judgeOrigin({ method, headers: asked }, { own: ownOf(asked.host), ...by })).toBe(fault)
  })

  it('wants the origin of a WebSocket that comes with a cookie, although it is a GET', () => {
    const upgrade = { method: 'GET', headers: own, upgrade: true }
    expect(judgeOrigin(upgrade, { own: ownOf(own.host), ...cookie })).toBe('no-origin')
    expect(judgeOrigin(upgrade, { own: ownOf(own.host), ...token })).toBe(null)
  })
})
