import { describe, expect, it } from 'vitest'
import { isConsole, isSafeElsewhere } from '../../../../src/main/electron/security.ts'

describe('where a page may lead', () => {
  it.each([
    ['vakhta://console/', true],
    ['vakhta://console/deployments/shop', true],
    ['vakhta://console', true],
    ['vakhta://console.example.com/', false],
    ['vakhta://console:80/', false],
    ['https://console/', false],
    ['file:///etc/passwd', false],
    ['', false],
  ])('%s is the console: %s', (url, expected) => {
    expect(isConsole(url)).toBe(expected)
  })

  it.each([
    ['https://www.postgresql.org/docs/', true],
    ['http://example.com/', false],
    ['https://user:word@example.com/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['not a url', false],
  ])('%s may be opened in the browser: %s', (url, expected) => {
    expect(isSafeElsewhere(url)).toBe(expected)
  })
})
