// The journal: a real one, read by the real journalctl over a real sshd, which sees it as the machine's own.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readJournal } from '../../../../src/main/engine/inspect/logs/journal/reader.ts'
import { cannotKeepJournal, createJournal, type JournalEntry } from '../../../support/journal.ts'
import { failureOf } from '../../reach/reach-kit.ts'
import { logsOf, messages, NEVER } from './log-kit.ts'

const run = promisify(execFile)
const START = Date.parse('2026-11-28T00:00:00Z')
const entries = (from: number, to: number, unit = 'api.service'): JournalEntry[] =>
  Array.from({ length: to - from }, (_, index) => ({
    at: START + (from + index) * 1_000,
    message: `line ${from + index}`,
    unit,
    priority: (from + index) % 100 === 0 ? 3 : 6,
  }))
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`)

function journalOf(lines: readonly JournalEntry[]) {
  const journal = createJournal()
  onTestFinished(() => journal.remove())
  journal.append(lines)
  return journal
}

const none = cannotKeepJournal
describe.skipIf(none !== null)(`the journal of systemd${none === null ? '' : ` (left out: ${none})`}`, () => {
  it('is read at its end, in both directions, around a moment, and followed', async () => {
    const journal = journalOf([...entries(0, 3_000), ...entries(0, 50, 'other.service')])
    const logs = await logsOf({ journal: 'api.service' }, { inside: journal.inside })
    const newest = await logs.read({ limit: 10 })
    expect(messages(newest)).toEqual(numbers(2_990, 3_000))
    expect(newest.lines[0]).toMatchObject({ source: 'api', at: START + 2_990_000, level: 'info' })
    const before = await logs.read({ limit: 10, cursor: newest.older })
    expect(messages(before)).toEqual(numbers(2_980, 2_990))
    const forth = await logs.read({ limit: 12, cursor: before.newer, direction: 'newer' })
    expect(messages(forth)).toEqual(numbers(2_990, 3_000))
    const at = START + 1_500_000
    expect(messages(await logs.read({ at, limit: 3 }))).toEqual(numbers(1_497, 1_500))
    expect(messages(await logs.read({ at, limit: 3, direction: 'newer' }))).toEqual(numbers(1_500, 1_503))
    const errors = await logs.read({ level: 'error', limit: 100 })
    expect(messages(errors)).toEqual(Array.from({ length: 30 }, (_, index) => `line ${index * 100}`))

    journal.append(entries(3_000, 3_002))
    const followed = await logs.read({ cursor: newest.newer, direction: 'newer' })
    expect(messages(followed)).toEqual(numbers(2_999, 3_002))
  })

  it('has JSON within, several lines, bytes, and no command line', async () => {
    const json = JSON.stringify({ level: 'warning', event: 'slow', status: 503 })
    const journal = journalOf([
      { at: START, message: json, unit: 'api.service' },
      {
        at: START + 1,
        message: 'ERROR no\nTraceback (most recent call last):\nValueError: x',
        unit: 'api.service',
      },
      { at: START + 2, message: Buffer.from([0x61, 0xff, 0x62]), unit: 'api.service' },
      { at: START + 3, message: 'x', unit: 'api.service', fields: { ORDER_ID: '7', CODE_LINE: '1' } },
    ])
    const answer = await (await logsOf({ journal: 'api.service' }, { inside: journal.inside })).read()
    expect(answer.lines).toMatchObject([
      { level: 'warning', message: 'slow' },
      { level: 'error' },
      { message: 'a\ufffdb' },
      { message: 'x' },
    ])
    expect(answer.lines[0]?.fields).toContainEqual({ name: 'status', value: '503' })
    expect(answer.lines[3]?.fields).toContainEqual({ name: 'ORDER_ID', value: '7' })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
  })

  it('has patterns of units, and says what is not there', async () => {
    const journal = journalOf([...entries(0, 3), ...entries(3, 6, 'api-worker@1.service')])
    const all = await logsOf({ journal: 'api*' }, { inside: journal.inside })
    expect(messages(await all.read())).toEqual(numbers(0, 6))
    const nobody = await logsOf({ journal: 'none.service' }, { inside: journal.inside })
    expect(await nobody.read()).toMatchObject({ lines: [], stopped: 'end' })
  })

  it('says to whom it is closed, and what opens it', async () => {
    const journal = journalOf(entries(0, 3))
    const [program = '', ...first] = journal.inside
    const nobodysSession = {
      run: async (argv: readonly string[]) => {
        const as = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
        const { stdout, stderr } = await run(program, [...first, ...as, ...argv], { encoding: 'buffer' })
        return { code: 0, output: stdout, stdout: stdout.toString(), stderr: stderr.toString() }
      },
    }
    const errand = {
      session: nobodysSession,
      place: { hop: 'app (api.service)', on: 'target' as const },
      signal: NEVER,
      now: Date.now(),
      remainingMs: () => 10_000,
    }
    const reading = readJournal(errand, 'api.service', { direction: 'older', cursor: null, at: null })
    expect(await failureOf(reading.next())).toMatchObject({
      step: 'privilege',
      code: 'log-forbidden',
      params: { user: 'nobody', grant: 'sudo usermod -aG systemd-journal nobody' },
    })
  })
})
