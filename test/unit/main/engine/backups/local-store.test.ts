import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLocalStore, MARK_FILE } from '../../../../../src/main/engine/backups/stores/local/index.ts'
import type { BackupStore } from '../../../../../src/main/engine/backups/stores/store.ts'

let directory: string
let writing: Set<string>
let store: BackupStore
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'vakhta-local-store-')), 'kept')
  writing = new Set()
  store = createLocalStore({
    directory,
    now: Date.now,
    isBeingWritten: (id) => writing.has(id),
    console: 'us',
  })
})
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }))

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text)
}
async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = []
  for await (const piece of stream) all.push(piece)
  return Buffer.concat(all).toString('utf8')
}

it('is empty where nothing was ever written, and says what room there would be', async () => {
  expect(await store.list()).toEqual([])
  expect(await store.clear()).toEqual({ cleared: [], stuck: [] })
  const room = await store.room()
  expect(room?.spared).toBeGreaterThan(0)
  expect(room?.free).toBeLessThan(statfsSync(tmpdir()).bsize * statfsSync(tmpdir()).bavail)
  await expect(store.files('a')).rejects.toMatchObject({ failure: { code: 'store-not-there' } })
})

it('lists what is whole, and nothing before', async () => {
  writing.add('a')
  const draft = await store.begin('a')
  await draft.write('one', pieces('1', '', '23'))
  await draft.write('two', pieces())
  expect(await store.list()).toEqual([])
  expect(await store.clear()).toEqual({ cleared: [], stuck: [] })
  await draft.commit()
  writing.delete('a')
  expect(await store.list()).toEqual(['a'])
  expect(await store.files('a')).toEqual([
    { name: 'one', bytes: 3 },
    { name: 'two', bytes: 0 },
  ])
  expect(await textOf(store.read('a', 'one'))).toBe('123')
})

it('ends before its disk is full, which others live from, and looks at it for nothing small', async () => {
  let looks = 0
  const nearlyFull = createLocalStore({
    ...{ directory, now: Date.now, isBeingWritten: () => false, console: 'us' },
    async isSpent() {
      looks += 1
      return true
    },
  })
  const draft = await nearlyFull.begin('a')
  await draft.write('small', pieces('1'))
  expect(looks).toBe(0)
  async function* large(): AsyncGenerator<Buffer> {
    for (;;) yield Buffer.alloc(16 * 1_048_576)
  }
  await expect(draft.write('large', large())).rejects.toMatchObject({
    failure: { code: 'store-full', params: { place: directory } },
  })
  expect(looks).toBe(1)
  await draft.abandon()
  expect(readdirSync(directory)).toEqual([])
})

it.runIf(process.platform !== 'win32')('is open to nobody else', async () => {
  const draft = await store.begin('a')
  await draft.write('one', pieces('1'))
  await draft.commit()
  const modes = [directory, join(directory, 'a'), join(directory, 'a/one')].map(
    (path) => statSync(path).mode & 0o777,
  )
  expect(modes).toEqual([0o700, 0o700, 0o600])
})

it('never writes over a backup that is there', async () => {
  const draft = await store.begin('a')
  await draft.write('one', pieces('1'))
  await draft.commit()
  await expect(store.begin('a')).rejects.toMatchObject({ failure: { code: 'backup-there' } })
  expect(await textOf(store.read('a', 'one'))).toBe('1')
})

it("of a content that fails nothing stays, and the failure is the content's own", async () => {
  const draft = await store.begin('a')
  const why = new Error('the way was cut')
  async function* failing(): AsyncGenerator<Buffer> {
    yield Buffer.from('1')
    throw why
  }
  await expect(draft.write('one', failing())).rejects.toBe(why)
  await draft.abandon()
  expect(readdirSync(directory)).toEqual([])
})

it('clears what was left, and nothing that is not its own', async () => {
  await (await store.begin('killed')).write('one', pieces('1'))
  mkdirSync(join(directory, '.other'))
  writeFileSync(join(directory, 'notes.txt'), '')
  expect(await store.list()).toEqual([])
  expect(await store.clear()).toEqual({ cleared: ['killed'], stuck: [] })
  expect(readdirSync(directory).sort()).toEqual(['.other', 'notes.txt'])
})

it('removes a backup, and leads nowhere else', async () => {
  const draft = await store.begin('a')
  await draft.write('one', pieces('1'))
  await draft.commit()
  expect(await store.remove('../kept/a')).toBe(false)
  symlinkSync(tmpdir(), join(directory, 'link'))
  expect(await store.list()).toEqual(['a'])
  expect(await store.remove('a')).toBe(true)
  expect(await store.remove('a')).toBe(false)
  expect(readdirSync(directory).sort()).toEqual([MARK_FILE, 'link'])
})

it('tells a backup that is gone from a place that is', async () => {
  const draft = await store.begin('a')
  await draft.write('one', pieces('1'))
  await draft.commit()
  rmSync(join(directory, 'a'), { recursive: true })
  await expect(store.files('a')).rejects.toMatchObject({ failure: { code: 'backup-missing' } })
  await expect(textOf(store.read('a', 'one'))).rejects.toMatchObject({ failure: { code: 'file-missing' } })
  expect(await store.remove('a')).toBe(false)
  // As the directory is where the disk of the backups is not mounted.
  rmSync(join(directory, MARK_FILE))
  const isNotThere = { failure: { code: 'store-not-there', params: { file: join(directory, MARK_FILE) } } }
  await expect(store.files('a')).rejects.toMatchObject(isNotThere)
  await expect(textOf(store.read('a', 'one'))).rejects.toMatchObject(isNotThere)
  await expect(store.remove('a')).rejects.toMatchObject(isNotThere)
})

it('says that a place cannot be written', async () => {
  writeFileSync(join(directory, '..', 'file'), '')
  const odd = createLocalStore({
    directory: join(directory, '..', 'file', 'kept'),
    now: Date.now,
    isBeingWritten: () => false,
    console: 'us',
  })
  await expect(odd.begin('a')).rejects.toMatchObject({ failure: { code: 'store-unwritable' } })
})

it.runIf(process.platform === 'linux')(
  'tells a file that the disk has lost a part of from a place that cannot be read',
  async () => {
    const processes = createLocalStore({
      ...{ directory: '/proc', now: Date.now, isBeingWritten: () => false, console: 'us' },
    })
    const us = String(process.pid)
    // At its beginning there is no memory: reading that fails as a sector does that is gone.
    await expect(textOf(processes.read(us, 'mem'))).rejects.toMatchObject({
      failure: { code: 'file-unreadable', params: { file: 'mem', words: expect.stringContaining('EIO') } },
    })
    await expect(textOf(processes.read(us, 'fd'))).rejects.toMatchObject({
      failure: { code: 'store-unreadable' },
    })
  },
)
