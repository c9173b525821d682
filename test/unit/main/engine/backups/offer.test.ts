import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readOffer, withoutBinding } from '../../../../../src/main/engine/backups/postgres/offer.ts'

function message(type: string, ...parts: (number | string)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(part, 'latin1')
      const word = Buffer.alloc(4)
      word.writeInt32BE(part)
      return word
    }),
  )
  const start = Buffer.alloc(5)
  start.write(type, 'latin1')
  start.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([start, body])
}
const BOTH = message('R', 10, 'SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0')
const UNBOUND = message('R', 10, 'SCRAM-SHA-256\0\0')
const VERSIONS = message('v', 3, 0)
const ALONE = message('R', 10, 'SCRAM-SHA-256-PLUS\0\0')
const REFUSED = message('E', 'SFATAL\0C28000\0\0')
const TRUSTED = Buffer.concat([message('R', 0), message('S', 'server_version\x0015\0')])

describe('what a server offers', () => {
  it.each([
    ['is passed on without what is bound to TLS', BOTH, UNBOUND],
    [
      'is, behind what it says of versions',
      Buffer.concat([VERSIONS, BOTH]),
      Buffer.concat([VERSIONS, UNBOUND]),
    ],
    ['is passed on as it is without such', UNBOUND, UNBOUND],
    ['is, with nothing but that', ALONE, ALONE],
    ['is, where it refuses', REFUSED, REFUSED],
    ['is, where it asks for nothing', TRUSTED, TRUSTED],
    ['is, where it asks for MD5', message('R', 5, 7), message('R', 5, 7)],
    ['is, where it is nothing of PostgreSQL', Buffer.from('HTTP/1.1 400'), Buffer.from('HTTP/1.1 400')],
    ['is, where its length is none', Buffer.from('R\0\0\0\x01xxxx'), Buffer.from('R\0\0\0\x01xxxx')],
    ['is, however long it says to be', Buffer.from('R\x7f\0\0\0xxxx'), Buffer.from('R\x7f\0\0\0xxxx')],
  ])('%s', (_, said, heard) => {
    expect(withoutBinding(said)).toEqual(heard)
  })

  it('is waited for, byte by byte', async () => {
    const said = Buffer.concat([VERSIONS, BOTH])
    for (let end = 0; end < said.length; end += 1) expect(withoutBinding(said.subarray(0, end))).toBeNull()
    const wire = new PassThrough()
    const heard = readOffer(wire as never)
    for (const byte of said) {
      wire.write(Buffer.of(byte))
      await new Promise(setImmediate)
    }
    expect(await heard).toEqual(Buffer.concat([VERSIONS, UNBOUND]))
  })

  it('is as much as there was, where it hangs up', async () => {
    const wire = new PassThrough()
    const heard = readOffer(wire as never)
    wire.end(BOTH.subarray(0, 7))
    expect(await heard).toEqual(BOTH.subarray(0, 7))
    const cut = new PassThrough()
    const nothing = readOffer(cut as never)
    cut.destroy()
    expect(await nothing).toEqual(Buffer.alloc(0))
  })
})
