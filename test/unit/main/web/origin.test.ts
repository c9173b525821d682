import { describe, expect, it } from 'vitest'
import { isOwnHost, judgeOrigin } from '../../../../src/main/web/access/origin.ts'

describe('isOwnHost', () => {
  it.each(['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', 'LOCALHOST:9000'])(
    'takes %s',
    (host) => {
      expect(isOwnHost(host)).toBe(true)
    },
  )

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example:8080',
    '127.0.0.1.nip.io',
    'localhost@evil.example',
    '127.0.0.2',
    '0.0.0.0:8080',
  ])('refuses %s', (host) => {
    expect(isOwnHost(host)).toBe(false)
  })
})

describe('judgeOrigin', () => {
  const own = { host: 'localhost:8080' }
  const cookie = { byCookie: true }
  const token = { byCookie: false }

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
    expect(judgeOrigin({ method, headers: { ...own, ...headers } }, by)).toBe(fault)
  })

  it('wants the origin of a WebSocket that comes with a cookie, although it is a GET', () => {
    expect(judgeOrigin({ method: 'GET', headers: own, upgrade: true }, cookie)).toBe('no-origin')
    expect(judgeOrigin({ method: 'GET', headers: own, upgrade: true }, token)).toBe(null)
  })
})
