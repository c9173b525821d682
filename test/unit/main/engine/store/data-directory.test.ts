import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
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
    expect.objectContaining({ name: 'StoreError', code: 'unusable' }),
  )
})

test('reads nothing into a damaged console.json', () => {
  claimDataDirectory(directory).release()
  expect(readConsoleNote(directory)).toBeNull()
  writeFileSync(join(directory, 'console.json'), '{"pid":')
  expect(readConsoleNote(directory)).toBeNull()
})
