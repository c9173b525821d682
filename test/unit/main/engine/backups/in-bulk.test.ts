import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { inBulk } from '../../../../../src/main/engine/backups/postgres/in-bulk.ts'

const PAGE = 4_096
const page = (of: number) => Buffer.alloc(PAGE, of)

async function read(pieces: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const read: Buffer[] = []
  for await (const piece of pieces) read.push(piece)
  return read
}

describe('what a program writes in pages', () => {
  it('comes in full pieces, but for what comes first and what is left, and byte for byte', async () => {
    const output = new PassThrough()
    const reading = read(inBulk(output, 3 * PAGE))
    for (let at = 0; at < 8; at += 1) output.write(page(at))
    output.end()
    const pieces = await reading
    expect(pieces.map(({ length }) => length / PAGE)).toEqual([1, 3, 3, 1])
    expect(Buffer.concat(pieces)).toEqual(Buffer.concat([0, 1, 2, 3, 4, 5, 6, 7].map(page)))
  })

  it('is told to have begun with the first of it, however little that is', async () => {
    const output = new PassThrough()
    const pieces = inBulk(output, 3 * PAGE)
    output.write(Buffer.from('PGDMP'))
    expect((await pieces.next()).value?.toString()).toBe('PGDMP')
    await pieces.return(undefined)
    expect(output.destroyed).toBe(true)
  })

  it('is left where it is while nobody takes what is full', async () => {
    const output = new PassThrough({ highWaterMark: PAGE })
    const pieces = inBulk(output, 2 * PAGE)
    output.write(page(0))
    await pieces.next()
    let written = 1
    // Nothing is asked for any more: soon it is not taken either.
    while (written < 100 && output.write(page(written))) {
      written += 1
      await new Promise(setImmediate)
    }
    expect(written).toBeLessThan(10)
    await pieces.return(undefined)
  })

  it('is nothing where nothing is written', async () => {
    const output = new PassThrough()
    output.end()
    expect(await read(inBulk(output))).toEqual([])
  })

  it('is not lost where the program has ended before anybody reads', async () => {
    const child = spawn('/bin/sh', ['-c', 'echo CREATE ROLE shop'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const pieces = inBulk(child.stdout)
    await once(child, 'exit')
    // Node clears up behind a program by and by.
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
    expect(Buffer.concat(await read(pieces)).toString()).toBe('CREATE ROLE shop\n')
  })

  it('fails with what the stream fails with, also where it only closes', async () => {
    const failing = new PassThrough()
    const failed = read(inBulk(failing))
    failing.write(page(0))
    failing.destroy(new Error('it was cancelled'))
    await expect(failed).rejects.toThrow('it was cancelled')
    const closing = new PassThrough()
    const closed = read(inBulk(closing))
    closing.destroy()
    await expect(closed).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
    const before = new PassThrough()
    before.destroy(new Error('before anybody read')).on('error', () => {})
    await expect(read(inBulk(before))).rejects.toThrow('before anybody read')
  })
})
