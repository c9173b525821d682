import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import { previewStaging } from '../../../../../src/main/engine/backups/kinds/preview-staging.ts'
import { inOrder, packDirectory } from '../../../../../src/main/engine/backups/postgres/dump-directory.ts'
import { stagingOn } from '../../../../../src/main/engine/backups/restore/staging.ts'
import {
  aboutStaging,
  sessionsOfDump,
  stagingOfDump,
  stagingOfRestore,
} from '../../../../../src/main/engine/backups/staging/plan.ts'
import { inStage } from '../../../../../src/main/engine/backups/staging/stage.ts'
import { unpack } from '../../../../../src/main/engine/backups/staging/unpack.ts'
import { missingObjects } from '../../../../../src/main/engine/backups/staging/verify.ts'
import { createLocalStore } from '../../../../../src/main/engine/backups/stores/local/index.ts'
import { type TarFile, tarOf } from '../../../../../src/main/engine/backups/tar/write.ts'
import { removeAbandoned, removeTemporary } from '../../../../../src/main/engine/backups/temporary.ts'
import { Backups } from '../../../../../src/shared/model/profile/backups.ts'

const wanted = (changes: object) =>
  Backups.parse({ store: { kind: 'local', directory: '/kept' }, ...changes })
const OWN = '/data/staging'
const DIRECTORY = { directory: { jobs: 8 } }

it.each([
  ['streams by itself', {}, null, 2],
  ['streams where only restores are staged', { staging: { jobs: 4 } }, null, 2],
  [
    'stages in the own data by two sessions',
    { format: 'directory', staging: {} },
    { directory: OWN, jobs: 2 },
    4,
  ],
  [
    'stages where and by how many the profile says',
    { format: 'directory', staging: { directory: '/fast', jobs: 6 } },
    { directory: '/fast', jobs: 6 },
    8,
  ],
])('a backup %s', (_, changes, expected, sessions) => {
  const staging = stagingOfDump(wanted(changes), OWN)
  expect(staging).toEqual(expected)
  expect(sessionsOfDump(staging)).toBe(sessions)
})

it.each([
  ['of a stream streams', {}, {}, null],
  ['of a stream is staged for several sessions', { staging: { jobs: 4 } }, {}, { directory: OWN, jobs: 4 }],
  ['of a stream streams for one', { staging: { jobs: 1 } }, {}, null],
  ['of a directory is staged as it was dumped', {}, DIRECTORY, { directory: OWN, jobs: 8 }],
  [
    'of a directory is staged as the profile says',
    { staging: { jobs: 1, directory: '/fast' } },
    DIRECTORY,
    { directory: '/fast', jobs: 1 },
  ],
])('a restore %s', (_, changes, part, expected) => {
  expect(stagingOfRestore(wanted(changes), part, OWN)).toEqual(expected)
})

it('a restore to a deployment without backups is staged in the own data', () => {
  expect(stagingOfRestore(undefined, DIRECTORY, OWN)).toEqual({ directory: OWN, jobs: 8 })
})

it.each([
  [15, 150_000, { jobs: 8 }, { jobs: 4 }],
  [17, 150_000, { jobs: 8 }, { jobs: 1 }],
  // What could stream is not staged for one session.
  [17, 150_000, undefined, null],
  [17, 170_000, undefined, { jobs: 4 }],
])(
  'a plan with pg_restore %i to a server %i of what was dumped as %j has %j',
  async (major, version, directory, expected) => {
    const tools = {
      fitting: async () => ({ program: 'pg_restore', path: '/bin/pg_restore', major, version: `${major}.1` }),
    }
    const manifest = { foreign: undefined, server: { version: 150_000 } }
    const part = { tool: { version: '15.1' }, directory }
    const staging = await stagingOn(
      { making: { stagingDirectory: OWN, tools } } as never,
      { backups: wanted({ staging: { jobs: 4 } }) },
      { backup: { manifest }, part } as never,
      version,
    )
    expect(staging).toEqual(expected === null ? null : { directory: OWN, ...expected })
  },
)

it('the list of contents is packed first, and the others by their numbers', () => {
  const names = ['blobs.toc', '3390.dat.gz', '395.dat.gz', 'toc.dat', 'blob_16400.dat.gz']
  expect(inOrder(names)).toEqual(['toc.dat', '395.dat.gz', '3390.dat.gz', 'blob_16400.dat.gz', 'blobs.toc'])
})

it('what is staged is for us alone, goes with what is done there, and goes where a console left it', async () => {
  const home = createTemporaryDirectory('staging')
  onTestFinished(() => home.remove())
  const directory = join(home.path, 'not', 'there')
  let left = ''
  const work = inStage({ directory }, async (path) => {
    expect(statSync(path).mode & 0o777).toBe(0o700)
    left = basename(path).replace(/-\d+-(\d+-\w+)$/, '-4194399-$1')
    throw new Error('it failed')
  })
  await expect(work).rejects.toThrow('it failed')
  expect(readdirSync(directory)).toEqual([])
  mkdirSync(join(directory, left, 'dump'), { recursive: true })
  expect(await removeAbandoned([directory, join(home.path, 'nowhere')])).toMatchObject({
    removed: [join(directory, left)],
  })
  expect(existsSync(join(directory, left))).toBe(false)
})

it.each([
  ['nothing where there are none', '3; 2613 16400 BLOB - 16400 shop', ['toc.dat'], {}, 0],
  [
    'nothing of a list of each entry, as since version 17',
    '7; 0 0 BLOBS - 16400..16401\n9; 0 0 BLOBS - 16402',
    ['blobs_7.toc', 'blob_16400.dat.zst', 'blob_16401.dat.zst', 'blobs_9.toc', 'blob_16402.dat'],
    {
      'blobs_7.toc': '16400 blob_16400.dat\n16401 blob_16401.dat\n',
      'blobs_9.toc': '16402 blob_16402.dat\n',
    },
    0,
  ],
  [
    'a list, and an object of another',
    '7; 0 0 BLOBS - 16400..16401\n9; 0 0 BLOBS - 16402',
    ['blobs_7.toc', 'blob_16400.dat.zst', 'blob_16402.dat'],
    { 'blobs_7.toc': '16400 blob_16400.dat\n16401 blob_16401.dat\n' },
    2,
  ],
  ['the one list, as up to version 16', '7; 0 0 BLOBS - BLOBS', ['blob_16400.dat.gz'], {}, 1],
])('of large objects it misses %s', (_, listed, names, lists, expected) => {
  expect(missingObjects(listed, names, new Map(Object.entries(lists)))).toBe(expected)
})

it('a plan warns where a directory of the profile would be made, as where its disk is not mounted', async () => {
  const home = createTemporaryDirectory('staging')
  onTestFinished(() => home.remove())
  const warningsOf = async (directory: string, own: string) =>
    (await previewStaging({ directory, jobs: 2 }, { databases: [], last: null, overSsh: false, own }))
      .warnings
  const away = join(home.path, 'away')
  expect(await warningsOf(away, OWN)).toEqual([{ code: 'staging-made-anew', params: { directory: away } }])
  expect(await warningsOf(away, away)).toEqual([])
  expect(await warningsOf(home.path, OWN)).toEqual([])
})

it('what cannot be removed there fails nothing that is done, and hides nothing that failed', async () => {
  const home = createTemporaryDirectory('staging')
  onTestFinished(() => home.remove())
  // As one that a file of a program which was killed still lies in.
  const remove = (path: string) => removeTemporary(path, async () => Promise.reject(new Error('ENOTEMPTY')))
  expect(await inStage({ directory: home.path }, async () => 'done', remove)).toBe('done')
  const failed = inStage({ directory: home.path }, async () => Promise.reject(new Error('it failed')), remove)
  await expect(failed).rejects.toThrow('it failed')
  expect(readdirSync(home.path)).toHaveLength(2)
})

it('what is unpacked ends before its disk is full', async () => {
  const home = createTemporaryDirectory('staging')
  onTestFinished(() => home.remove())
  let looks = 0
  async function* files(): AsyncGenerator<TarFile> {
    const at = Date.now()
    yield { name: 'database-1/', bytes: 0, at, content: nothing }
    yield { name: 'database-1/1.dat', bytes: 10 * PIECE, at, content: () => pieces(10) }
  }
  const unpacked = unpack(tarOf(files()), {
    ...{ into: join(home.path, 'dump'), parent: home.path, isWanted: () => true },
    async isSpent() {
      looks += 1
      return true
    },
  })
  await expect(unpacked).rejects.toMatchObject({
    failure: { code: 'staging-full', params: { directory: home.path } },
  })
  expect(looks).toBe(1)
})

it.each([
  ['is gone before', (dump: string) => rmSync(join(dump, '2.dat')), 0, 'staging-changed'],
  ['goes meanwhile', (dump: string) => rmSync(join(dump, '2.dat')), 1, 'staging-unreadable'],
])('a file that %s it is packed is told as the fault of the stage', async (_, lose, when, code) => {
  const home = createTemporaryDirectory('staging')
  onTestFinished(() => home.remove())
  const dump = join(home.path, 'stage', 'dump')
  mkdirSync(dump, { recursive: true })
  for (const name of ['toc.dat', '1.dat', '2.dat']) writeFileSync(join(dump, name), name)
  if (when === 0) lose(dump)
  let isLost = false
  const store = createLocalStore({
    ...{ directory: join(home.path, 'kept'), now: Date.now, isBeingWritten: () => true, console: 'us' },
  })
  const packed = packDirectory(
    {
      draft: await store.begin('a'),
      signal: new AbortController().signal,
      onBytes() {
        if (when === 1 && !isLost) lose(dump)
        isLost = true
      },
    },
    {
      ...{ file: 'database-1.tar', recipients: null, files: 3 },
      stage: { directory: home.path, jobs: 2, path: join(home.path, 'stage') },
    },
  )
  await expect(packed).rejects.toMatchObject({ failure: { code, params: { directory: home.path } } })
})

it('a plan says where, how much and by how many, and refuses what has no room', async () => {
  const home = createTemporaryDirectory('staging')
  onTestFinished(() => home.remove())
  const directory = join(home.path, 'staging')
  expect(await aboutStaging({ directory, jobs: 3 }, 5 * 1_048_576)).toEqual({
    changes: [{ code: 'restore-stages-parallel', params: { directory, megabytes: 5, jobs: 3 } }],
    refusals: [],
  })
  expect(await aboutStaging({ directory, jobs: 1 }, Number.MAX_SAFE_INTEGER)).toMatchObject({
    changes: [{ code: 'restore-stages' }],
    refusals: [{ code: 'staging-too-small', params: { directory, free: expect.any(Number) } }],
  })
  expect(await aboutStaging(null, 1)).toEqual({ changes: [], refusals: [] })
})

const PIECE = 16 * 1_048_576

async function* nothing(): AsyncGenerator<Buffer> {}

async function* pieces(count: number): AsyncGenerator<Buffer> {
  for (let given = 0; given < count; given += 1) yield Buffer.alloc(PIECE)
}
