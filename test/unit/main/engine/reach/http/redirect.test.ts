import { expect, it } from 'vitest'
import { decideRedirect, shownAddress } from '../../../../../../src/main/engine/reach/http/redirect.ts'

const at = (...urls: string[]) => urls.map((url) => new URL(url))

it.each([
  ['none', 302, 'https://a/x', 'answer'],
  ['any', 200, 'https://a/x', 'answer'],
  ['any', 304, undefined, 'answer'],
  ['any', 302, undefined, 'http-redirect-bad'],
  ['any', 302, 'javascript:alert(1)', 'http-redirect-bad'],
  ['any', 302, 'http://a/x', 'http-redirect-insecure'],
  ['any', 302, 'https://b/x', 'https://b/x'],
  ['any', 302, '//b/x', 'https://b/x'],
  ['any', 302, '#same', 'http-redirect-loop'],
  ['any', 302, 'https://169.254.169.254/latest/meta-data/', 'http-redirect-link-local'],
  ['any', 302, 'https://0xa9fea9fe/', 'http-redirect-link-local'],
  ['any', 302, 'https://[::ffff:169.254.169.254]/', 'http-redirect-link-local'],
  ['any', 302, 'https://[fe80::1]/', 'http-redirect-link-local'],
  ['any', 302, 'file:///etc/passwd', 'http-redirect-bad'],
  ['any', 302, 'https://user:pass@b/x', 'https://b/x'],
  ['same-host', 302, 'https://b/x', 'http-redirect-elsewhere'],
  ['same-host', 302, 'https://a:8443/x', 'https://a:8443/x'],
  ['same-host', 308, '../y?q=1#part', 'https://a/y?q=1'],
] as const)('with redirects: %s an answer %i to %s is: %s', (policy, status, location, expected) => {
  const decision = decideRedirect({ status, location }, at('https://a/base/'), policy)
  const told =
    decision.kind === 'follow' ? decision.url.href : decision.kind === 'refuse' ? decision.code : 'answer'
  expect(told).toBe(expected)
})

it('shows no query of an address, and none of what came back by way of others', () => {
  expect(shownAddress(new URL('https://u:p@a/login?state=planted#x'))).toBe('https://a/login?…')
  const passed = at('https://a/1', 'https://a/2', 'https://a/3')
  expect(decideRedirect({ status: 302, location: '/1' }, passed, 'any')).toMatchObject({
    code: 'http-redirect-loop',
  })
})
