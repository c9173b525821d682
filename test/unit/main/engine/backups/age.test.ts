import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeHeader } from '../../../../../src/main/engine/backups/age/header.ts'
import { openStream, sealStream } from '../../../../../src/main/engine/backups/age/payload.ts'
import { BackupError } from '../../../../../src/main/engine/backups/backup-error.ts'

const PIECE = 64 * 1024

let identities: string[]
let recipients: string[]
beforeAll(async () => {
  identities = [await generateX25519Identity(), await generateX25519Identity()]
  recipients = await Promise.all(identities.map(identityToRecipient))
})

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function gather(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of stream) all.push(chunk)
  return Buffer.concat(all)
}

const textOf = (bytes: number): Buffer => Buffer.alloc(bytes, 'вахта')
const sealed = async (bytes: Buffer, size = 10_007): Promise<Buffer> =>
  gather(sealStream(chunks(bytes, size), await makeHeader(recipients)))
const opened = (file: Buffer, identity: string, size = 7_919): Promise<Buffer> =>
  gather(openStream(chunks(file, size), identity))

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    if (error instanceof BackupError) return error.failure.code
    throw error
  }
}

describe.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 200_000])('%i bytes', (length) => {
  it('are the same after encrypting and decrypting, with either key', async () => {
    const file = await sealed(textOf(length))
    for (const identity of identities) expect(await opened(file, identity)).toEqual(textOf(length))
  })

  it('are read by the library, too', async () => {
    const decrypter = new Decrypter()
    decrypter.addIdentity(identities[1] ?? '')
    expect(Buffer.from(await decrypter.decrypt(await sealed(textOf(length))))).toEqual(textOf(length))
  })
})

it('comes to the same file length, however the data comes', async () => {
  const lengths = await Promise.all(
    [1, 13, PIECE - 1, PIECE, PIECE + 1, 1_000_000].map(
      async (size) => (await sealed(textOf(150_000), size)).length,
    ),
  )
  expect(new Set(lengths).size).toBe(1)
})

it('names a key that it is not for, and one that is none', async () => {
  const file = await sealed(textOf(10))
  expect(await codeOf(opened(file, await generateX25519Identity()))).toBe('identity-other')
  expect(await codeOf(opened(file, `${identities[0] ?? ''}Q`))).toBe('identity-invalid')
  expect(await codeOf(opened(file, 'password'))).toBe('identity-invalid')
  expect(await codeOf(makeHeader(['age1nobody']))).toBe('recipient-invalid')
})

describe('one flipped bit', () => {
  const cases = [
    ['in the first line', 3, 'not-age'],
    ['in the code that ends the header', -1, 'header-altered'],
    ['in the nonce', 5, 'content-altered'],
    ['in the first piece', 16 + 1_000, 'content-altered'],
    ['in the code of the first piece', 16 + PIECE + 3, 'content-altered'],
    ['in the last piece', 16 + 2 * (PIECE + 16) + 5, 'content-altered'],
  ] as const
  it.each(cases)('%s is found', async (_, at, code) => {
    const file = await sealed(textOf(2 * PIECE + 100))
    const header = file.length - (2 * PIECE + 100) - 3 * 16 - 16
    if (at === -1) {
      // Another letter: what is none would not even be read as the header's end.
      const index = header - 10
      file.write(file.toString('latin1', index, index + 1) === 'A' ? 'B' : 'A', index, 'latin1')
    } else {
      // What is behind the header counts from its end.
      const index = code === 'not-age' ? at : header + at
      file.writeUInt8(file.readUInt8(index) ^ 1, index)
    }
    expect(await codeOf(opened(file, identities[0] ?? ''))).toBe(code)
  })
})

describe('a file that was cut', () => {
  const cases = [
    ['between two pieces', 2 * (PIECE + 16), 'content-cut'],
    ['within a piece', 2 * (PIECE + 16) + 50, 'content-altered'],
    ['within the code of a piece', 2 * (PIECE + 16) + 5, 'content-cut'],
    ['behind the header', 0, 'content-cut'],
    ['within the nonce', -4, 'content-cut'],
    ['within the header', -40, 'not-age'],
  ] as const
  it.each(cases)('%s is found', async (_, behindNonce, code) => {
    const file = await sealed(textOf(2 * PIECE + 100))
    const nonceEnd = file.length - (2 * PIECE + 100) - 3 * 16
    expect(await codeOf(opened(file.subarray(0, nonceEnd + behindNonce), identities[0] ?? ''))).toBe(code)
  })

  it('or to which something was added, is found', async () => {
    const file = await sealed(textOf(100))
    expect(await codeOf(opened(Buffer.concat([file, file]), identities[0] ?? ''))).toBe('content-altered')
    const swapped = Buffer.concat([file, Buffer.alloc(PIECE)])
    expect(await codeOf(opened(swapped, identities[0] ?? ''))).toBe('content-altered')
  })
})

it('closes what it reads from where it is left early', async () => {
  let isClosed = false
  async function* source(): AsyncGenerator<Buffer> {
    try {
      yield* chunks(file, 1_000)
    } finally {
      isClosed = true
    }
  }
  const file = await sealed(textOf(300_000))
  for await (const _ of openStream(source(), identities[0] ?? '')) break
  expect(isClosed).toBe(true)
})
