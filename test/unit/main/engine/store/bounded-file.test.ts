import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileTooLarge, readBoundedText } from '../../../../../src/main/engine/store/bounded-file.ts'

const LIMIT = { maxBytes: 200_000 }
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-bounded-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('reads a file up to its limit, and not a byte more', async () => {
  const path = join(directory, 'file')
  writeFileSync(path, 'ж'.repeat(100_000))
  expect(await readBoundedText(path, LIMIT)).toBe('ж'.repeat(100_000))
  writeFileSync(path, `${'ж'.repeat(100_000)}.`)
  await expect(readBoundedText(path, LIMIT)).rejects.toThrow(FileTooLarge)
})

test('gives up on a device without end, and on a directory', async () => {
  await expect(readBoundedText('/dev/zero', LIMIT)).rejects.toThrow('longer than 200000 bytes')
  await expect(readBoundedText(directory, LIMIT)).rejects.toMatchObject({ code: 'EISDIR' })
})

test('does not wait at a pipe that nobody writes to', async () => {
  const path = join(directory, 'pipe')
  execFileSync('mkfifo', [path])
  expect(await readBoundedText(path, LIMIT)).toBe('')
})

test('reads what a slow writer puts into a pipe, and stops when it is told to', async () => {
  const path = join(directory, 'pipe')
  execFileSync('mkfifo', [path])
  const writer = spawn('sh', ['-c', `exec 3<>${path}; echo ready; read line; printf 'a%s' "$line" >&3; cat`])
  const gone = new Promise((resolve) => writer.once('close', resolve))
  try {
    await new Promise((resolve) => writer.stdout.once('data', resolve))
    const stop = new AbortController()
    const waiting = readBoundedText(path, { ...LIMIT, signal: stop.signal })
    stop.abort(new Error('told to stop'))
    await expect(waiting).rejects.toThrow('told to stop')
    const text = readBoundedText(path, LIMIT)
    writer.stdin.end('b\n')
    expect(await text).toBe('ab')
  } finally {
    writer.kill()
    await gone
  }
})
