import { describe, expect, it } from 'vitest'
import { readProfiles, writeProfile } from '../../../../../src/main/engine/deployments/profile-yaml.ts'
import { DeploymentProfile } from '../../../../../src/shared/model/profile/deployment.ts'
import { parseProfile } from '../../../../../src/shared/model/profile/issues.ts'

const URL = 'https://shop.example.com'
const profileOf = (service: object) => ({
  name: 'shop',
  environment: 'staging',
  services: [{ name: 'web', url: URL, ...service }],
})

/** The faults of a service, as `path: code`. */
function faults(service: object): string[] {
  const parsed = parseProfile(profileOf(service))
  if (parsed.ok) return []
  return parsed.issues.map(
    ({ issue: { path, reason } }) => `${path.replace('services[0].', '')}: ${reason.code}`,
  )
}

const oauth2 = { tokenUrl: '/api/auth/token', clientId: 'vakhta', clientSecret: 'secret:client' }
const basic = { user: 'ops', password: 'secret:x' }

describe('a service of a profile', () => {
  it.each<[string, object, string[]]>([
    ['a user in the URL', { url: 'https://ops@shop.example.com' }, ['url: user-in-url']],
    ['a password in the URL', { url: 'https://ops:hunter2@shop.example.com' }, ['url: password-in-url']],
    ['a query in the URL', { url: 'https://shop.example.com/?a=1' }, ['url: query-in-url']],
    ['two ways to say who we are', { token: 'secret:a', basic }, ['basic: one-authorization']],
    [
      'a header beside a token',
      { token: 'secret:a', headers: { authorization: 'secret:b' } },
      ['headers.authorization: one-authorization'],
    ],
    ['a colon in a user', { basic: { ...basic, user: 'a:b' } }, ['basic.user: user-with-colon']],
    ['a header that is none', { headers: { 'X Y': 'a' } }, ['headers.X Y: bad-header-name']],
    ['a header of the connection', { headers: { Host: 'a' } }, ['headers.Host: header-not-allowed']],
    ['a header twice', { headers: { 'X-A': '1', 'x-a': '2' } }, ['headers.x-a: header-twice']],
    ['a line break in a header', { headers: { 'X-A': 'a\r\nHost: b' } }, ['headers.X-A: bad-header-value']],
    [
      'a secret as it is',
      { headers: { 'X-Api-Key': 'hunter2' } },
      ['headers.X-Api-Key: header-literal-secret'],
    ],
    ['a bad reference', { headers: { 'X-A': 'secret:' } }, ['headers.X-A: bad-secret-reference']],
    [
      'too many headers',
      { headers: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`X-${index}`, 'a'])) },
      ['headers: too-many'],
    ],
    [
      'a token endpoint that is none',
      { oauth2: { ...oauth2, tokenUrl: 'token' } },
      ['oauth2.tokenUrl: bad-url'],
    ],
    [
      'a token endpoint with a user',
      { oauth2: { ...oauth2, tokenUrl: 'https://a@id.example/token' } },
      ['oauth2.tokenUrl: user-in-url'],
    ],
    [
      'an authentication that JSON has not',
      { oauth2: { ...oauth2, style: 'json', clientAuthentication: 'basic' } },
      ['oauth2.clientAuthentication: form-style-only'],
    ],
    ['a proxy that is none', { proxy: { url: 'socks5://proxy:1080' } }, ['proxy.url: bad-url']],
    ['a proxy with a password', { proxy: { url: 'http://a:hunter2@proxy' } }, ['proxy.url: password-in-url']],
    [
      'a password of nobody',
      { proxy: { url: 'http://proxy:3128', password: 'secret:x' } },
      ['proxy.password: proxy-password-without-user'],
    ],
    [
      'a certificate without key',
      { tls: { certificate: 'file:/a' } },
      ['tls.certificate: certificate-and-key'],
    ],
  ])('is refused by name with %s', (_, service, expected) => {
    const found = faults(service)
    expect(found.map((fault) => fault.replace('tls.key', 'tls.certificate'))).toEqual(expected)
    const parsed = parseProfile(profileOf(service))
    expect(JSON.stringify(parsed)).not.toContain('hunter2')
  })

  it.each<[string, object]>([
    ['headers', { headers: { 'X-Tenant': 'shop', Authorization: 'secret:a', Accept: 'application/json' } }],
    ['a token by path', { oauth2: { ...oauth2, style: 'json' } }],
    [
      'a token by URL',
      { oauth2: { ...oauth2, tokenUrl: 'https://id.example/t?tenant=a', scope: 'a', audience: 'b' } },
    ],
    ['basic', { basic, redirects: 'same-host' }],
    ['a proxy', { proxy: { url: 'http://vakhta@proxy:3128', password: 'secret:p' }, tls: { check: 'ca' } }],
    [
      'defaults that are spelled out',
      { tls: { check: 'full', authorities: 'file:/ca.pem' }, redirects: 'none' },
    ],
  ])('survives being written and read again with %s', (_, service) => {
    const profile = DeploymentProfile.parse(profileOf(service))
    const text = writeProfile(profile)
    expect(readProfiles(text)).toEqual({ profiles: [profile], issues: [] })
    expect(text).not.toMatch(/full|none|style: form/)
  })
})
