import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import {
  isAbandoned,
  makeTemporary,
  removeAbandoned,
} from '../../../../../src/main/engine/backups/temporary.ts'

const THEN = {
  machine: '1a2b3c4d',
  pid: 7,
  startedAt: 1_000,
  bootedAt: 500,
  isAlive: (pid: number) => pid === 8,
  isAtWork: (thread: number) => thread === 3,
}

it.each([
  ['our own', 'vakhta-drill-1a2b3c4d-7-aB3xYz', 1_001, false],
  ['one of a console that had our number', 'vakhta-drill-1a2b3c4d-7-aB3xYz', 999, true],
  ['one of a thread of ours that is at work', 'vakhta-stage-1a2b3c4d-7-3-aB3xYz', 1_001, false],
  ['one of a thread of ours that is over', 'vakhta-stage-1a2b3c4d-7-4-aB3xYz', 1_001, true],
  ['one of a thread of a console that is gone', 'vakhta-stage-1a2b3c4d-9-3-aB3xYz', 600, true],
  ['one of a console that runs', 'vakhta-backup-1a2b3c4d-8-aB3xYz', 600, false],
  ['one of before the machine was started', 'vakhta-drill-1a2b3c4d-8-aB3xYz', 499, true],
  ['one of a console that is gone', 'vakhta-backup-1a2b3c4d-9-aB3xYz', 600, true],
  ["another machine's", 'vakhta-drill-00000000-9-aB3xYz', 1, false],
  ['something else', 'vakhta-drill-notes', 1, false],
])('knows whether it was left: %s', (_, name, madeAt, expected) => {
  expect(isAbandoned(name, madeAt, THEN)).toBe(expected)
})

it('removes with everything in it what a console that is gone left, and nothing else', async () => {
  const home = createTemporaryDirectory('left')
  const { TMPDIR } = process.env
  onTestFinished(async () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
    await home.remove()
  })
  process.env.TMPDIR = home.path
  const own = await makeTemporary('drill')
  // Of a number that no process can have.
  const left = join(home.path, basename(own).replace(/-\d+-(\d+-\w+)$/, '-4194399-$1'))
  mkdirSync(join(left, 'data'), { recursive: true })
  writeFileSync(join(left, 'data', 'base'), 'in clear')
  mkdirSync(join(home.path, 'vakhta-drill-notes'))
  utimesSync(join(home.path, 'vakhta-drill-notes'), 0, 0)
  expect(await removeAbandoned()).toEqual({ removed: [left], stuck: [] })
  expect([own, left, join(home.path, 'vakhta-drill-notes')].map((path) => existsSync(path))).toEqual([
    true,
    false,
    true,
  ])
})
