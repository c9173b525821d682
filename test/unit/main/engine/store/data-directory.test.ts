import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimDataDirectory, readConsoleNote } from '../../../../../src/main/engine/store/data-directory.ts'

let parent: string
let directory: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'vakhta-claim-'))
  directory = join(parent, 'deep', 'data')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

test('creates the directory for its owner alone', () => {
  const claim = claimDataDirectory(directory)
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  claim.release()
})

test('refuses a second console, and says which one is there', () => {
  const claim = claimDataDirectory(directory)
  writeFileSync(
    join(directory, 'console.json'),
    JSON.stringify({ pid: 4711, url: 'http://127.0.0.1:8080', version: '0.1.0' }),
  )
  expect(() => claimDataDirectory(directory)).toThrow(
    expect.objectContaining({
      code: 'occupied',
      message: expect.stringContaining('process 4711, http://127.0.0.1:8080, version 0.1.0'),
    }),
  )
  claim.release()
})

test('refuses a second console also before the first has said who it is', () => {
  const claim = claimDataDirectory(directory)
  expect(() => claimDataDirectory(directory)).toThrow(expect.objectContaining({ code: 'occupied' }))
  claim.release()
})

test('lets the next console in once the first let go', () => {
  claimDataDirectory(directory).release()
  const second = claimDataDirectory(directory)
  second.release()
  second.release()
})

test('says that a path is no directory', () => {
  mkdtempSync(join(parent, 'x'))
  writeFileSync(join(parent, 'file'), '')
  expect(() => claimDataDirectory(join(parent, 'file'))).toThrow(
    expect.objectContaining({
      ...{ name: 'StoreError', code: 'unusable' },
      message: expect.stringContaining('this is a file, and no directory'),
    }),
  )
})

test('keeps its lock for its owner alone, whatever the process allows others', () => {
  const before = process.umask(0)
  try {
    claimDataDirectory(directory).release()
  } finally {
    process.umask(before)
  }
  expect(statSync(join(directory, 'console.lock')).mode & 0o777).toBe(0o600)
})

test.each([0o777, 0o1777, 0o775, 0o757])(
  'refuses a directory of mode %o, and changes nothing in it',
  (mode) => {
    mkdirSync(directory, { recursive: true })
    chmodSync(directory, mode)
    expect(() => claimDataDirectory(directory)).toThrow(
      expect.objectContaining({ code: 'unusable', message: expect.stringContaining('chmod go-w') }),
    )
    expect(statSync(directory).mode & 0o7777).toBe(mode)
    expect(existsSync(join(directory, 'console.lock'))).toBe(false)
  },
)

test.skipIf(process.getuid?.() !== 0)(
  'refuses a directory of another user, also to root (needs root)',
  () => {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    chownSync(directory, 54_321, 54_321)
    expect(() => claimDataDirectory(directory)).toThrow(
      expect.objectContaining({
        code: 'unusable',
        message: expect.stringContaining('belongs to another user'),
      }),
    )
    expect(existsSync(join(directory, 'console.lock'))).toBe(false)
  },
)

test('removes what a console noted that was killed', () => {
  claimDataDirectory(directory).release()
  writeFileSync(join(directory, 'console.json'), '{"pid":1,"url":"http://127.0.0.1:9","version":"0"}')
  claimDataDirectory(directory).release()
  expect(readConsoleNote(directory)).toBeNull()
})

test('reads nothing into a damaged console.json', () => {
  claimDataDirectory(directory).release()
  expect(readConsoleNote(directory)).toBeNull()
  writeFileSync(join(directory, 'console.json'), '{"pid":')
  expect(readConsoleNote(directory)).toBeNull()
})
