import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { until } from '../../support/until.ts'

const MODULE = join(import.meta.dirname, '../../../scripts/exclusively.mjs')
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vakhta-lock-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** A process that notes when it comes in and goes out; it stays in until `hold` ms have passed. */
function contender(name: string, holdMs: number) {
  const code = `
    import { appendFileSync } from 'node:fs'
    import { exclusively } from ${JSON.stringify(MODULE)}
    const note = (word) => appendFileSync(${JSON.stringify(join(root, 'notes'))}, word + '\\n')
    await exclusively({ name: 'test', root: ${JSON.stringify(root)} }, async () => {
      note('in ${name}')
      await new Promise((resolve) => setTimeout(resolve, ${holdMs}))
      note('out ${name}')
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' })
  return { child, ended: new Promise((resolve) => child.once('exit', resolve)) }
}
const notes = () => readFileSync(join(root, 'notes'), 'utf8').trim().split('\n')

it('lets one process in at a time', async () => {
  const contenders = ['a', 'b', 'c'].map((name) => contender(name, 150))
  await Promise.all(contenders.map(({ ended }) => ended))
  const seen = notes()
  expect(seen).toHaveLength(6)
  for (let index = 0; index < 6; index += 2) {
    expect(seen[index + 1]).toBe(seen[index]?.replace('in', 'out'))
  }
})

it('takes over from a process that was killed', async () => {
  const dead = contender('dead', 60_000)
  await until(() => notes().includes('in dead'))
  dead.child.kill('SIGKILL')
  await dead.ended
  await contender('next', 0).ended
  expect(notes()).toEqual(['in dead', 'in next', 'out next'])
})
