import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hashInputs } from '../../../scripts/input-hash.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vakhta-hash-'))
  mkdirSync(join(root, 'src/deep'), { recursive: true })
  writeFileSync(join(root, 'src/deep/a.ts'), 'one')
  writeFileSync(join(root, 'config.ts'), 'two')
})
afterEach(() => rmSync(root, { recursive: true }))

const hash = () => hashInputs(root, ['src', 'config.ts', 'absent'])

it('is the same for the same files', () => {
  expect(hash()).toBe(hash())
})

it('changes with a content, a name, and a file that comes', () => {
  const seen = new Set([hash()])
  writeFileSync(join(root, 'src/deep/a.ts'), 'other')
  seen.add(hash())
  renameSync(join(root, 'src/deep/a.ts'), join(root, 'src/deep/b.ts'))
  seen.add(hash())
  writeFileSync(join(root, 'absent'), '')
  seen.add(hash())
  expect(seen.size).toBe(4)
})

it('ignores what is no input', () => {
  const before = hash()
  writeFileSync(join(root, 'README.md'), 'words')
  expect(hash()).toBe(before)
})
