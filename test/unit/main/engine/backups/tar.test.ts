import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import { headerOf } from '../../../../../src/main/engine/backups/tar/header.ts'
import { readTar, TarUnreadable } from '../../../../../src/main/engine/backups/tar/read.ts'
import { type TarFile, tarOf } from '../../../../../src/main/engine/backups/tar/write.ts'

const AT = Date.parse('2026-03-01T12:00:00Z')
const FILES = {
  'toc.dat': 'contents',
  '3386.dat': '',
  '3387.dat.gz': 'x'.repeat(1_500),
  'blobs.toc': 'y'.repeat(512),
}

function* files(contents: Record<string, string> = FILES): Generator<TarFile> {
  yield { name: 'database-1/', bytes: 0, at: AT, content: () => once('') }
  for (const [name, text] of Object.entries(contents))
    yield { name: `database-1/${name}`, bytes: text.length, at: AT, content: () => once(text) }
}

async function* once(text: string): AsyncGenerator<Buffer> {
  if (text !== '') yield Buffer.from(text)
}

async function bytesOf(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** In pieces of a size. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(source: AsyncIterable<Buffer>): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  let name = ''
  for await (const piece of readTar(source)) {
    if (piece.kind === 'file') {
      name = piece.name
      found[name] = ''
    } else found[name] += piece.chunk.toString()
  }
  return found
}

function place(): string {
  const home = createTemporaryDirectory('tar')
  onTestFinished(() => home.remove())
  return home.path
}

it.each([1, 7, 512, 100_000])('reads what it wrote, in pieces of %i bytes', async (size) => {
  expect(await read(inPieces(await bytesOf(tarOf(files())), size))).toEqual(FILES)
})

it('writes what the standard tar unpacks, and reads what that packed', async () => {
  const home = place()
  writeFileSync(join(home, 'ours.tar'), await bytesOf(tarOf(files())))
  execFileSync('tar', ['xf', 'ours.tar'], { cwd: home })
  const listed = execFileSync('tar', ['tvf', 'ours.tar', '--utc'], { cwd: home, encoding: 'utf8' })
  expect(listed.split('\n')[0]).toMatch(/^drwx------ 0\/0\s+0 2026-03-01 12:00 database-1\/$/)
  const theirs = execFileSync('tar', ['cf', '-', '--format=ustar', 'database-1'], { cwd: home })
  expect(await read(inPieces(theirs, 1_000))).toEqual(FILES)
})

it('says the size of a file that is larger than a header holds as POSIX says it', async () => {
  const bytes = 9 * 1_024 ** 3 + 1
  const home = place()
  // Nothing of it takes room.
  const file = openSync(join(home, 'large.tar'), 'w')
  const header = headerOf({ name: 'database-1/3386.dat', bytes, at: AT })
  writeSync(file, header)
  ftruncateSync(file, header.length + Math.ceil(bytes / 512) * 512 + 1_024)
  closeSync(file)
  const listed = execFileSync('tar', ['tvf', 'large.tar'], { cwd: home, encoding: 'utf8' })
  expect(listed).toContain(`${bytes} `)
  const first = await readTar(inPieces(Buffer.concat([header, Buffer.alloc(512)]), 100)).next()
  expect(first.value).toEqual({ kind: 'file', name: '3386.dat', bytes })
})

it('refuses a file that is another by the time it is packed', async () => {
  const one: TarFile = { name: 'd/a', bytes: 3, at: AT, content: () => once('four') }
  await expect(bytesOf(tarOf([one]))).rejects.toThrow('d/a changed')
})

it.each([
  ['a name that leads elsewhere', () => packed('database-1/../a')],
  ['what is not in a directory', () => packed('a')],
  ['a name that is hidden', () => packed('database-1/.a')],
  ['what is no archive', () => Promise.resolve(Buffer.alloc(1_024, 'x'))],
  ['an archive without its end', async () => (await bytesOf(tarOf(files()))).subarray(0, 1_700)],
])('does not read %s', async (_, make) => {
  await expect(read(inPieces(await make(), 512))).rejects.toBeInstanceOf(TarUnreadable)
})

function packed(name: string): Promise<Buffer> {
  return bytesOf(tarOf([{ name, bytes: 1, at: AT, content: () => once('a') }]))
}
