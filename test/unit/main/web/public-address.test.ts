import { describe, expect, it } from 'vitest'
import { readPublicUrl } from '../../../../src/main/web/access/public-address.ts'

describe('the public address', () => {
  it.each([
    ['https://watch.example.com', 'https://watch.example.com', 'watch.example.com', 443],
    ['https://watch.example.com/', 'https://watch.example.com', 'watch.example.com', 443],
    ['https://Watch.Example.com:443', 'https://watch.example.com', 'watch.example.com', 443],
    ['https://watch.example.com:8443/', 'https://watch.example.com:8443', 'watch.example.com:8443', 8443],
    ['https://вахта.example.com', 'https://xn--80aae9do.example.com', 'xn--80aae9do.example.com', 443],
    ['https://192.0.2.1', 'https://192.0.2.1', '192.0.2.1', 443],
    ['https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443', '[2001:db8::1]:8443', 8443],
  ])('is read from %s as browsers spell it', (text, origin, host, port) => {
    expect(readPublicUrl(text)).toEqual({ origin, host, port })
  })

  it.each([
    ['watch.example.com', 'an address such as https://watch.example.com'],
    ['', 'an address such as'],
    ['http://watch.example.com', 'in the clear'],
    ['http://localhost:8080', 'nothing has to be given here'],
    ['ftp://watch.example.com', 'an https address'],
    ['https://anna:pl4nted@watch.example.com', 'no user and no password'],
    ['https://watch.example.com/vakhta', 'no path'],
    ['https://watch.example.com?a=b', 'no query'],
    ['https://watch.example.com/?', 'no query'],
    ['https://watch.example.com/#', 'no fragment'],
    ['https://*.example.com', 'one name'],
  ])('is not %s', (text, reason) => {
    const read = readPublicUrl(text)
    expect(read).toEqual({ refused: expect.stringContaining(reason) })
    expect(JSON.stringify(read)).not.toContain('pl4nted')
  })
})
