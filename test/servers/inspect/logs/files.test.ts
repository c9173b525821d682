/** Logs in files: on this machine, and over a real sshd. */
import { execFile } from 'node:child_process'
import { appendFile, chmod, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { plantSecrets } from '../../../support/planted-secrets.ts'
import { failureOf } from '../../reach/reach-kit.ts'
import { askedOf, logDirectory, logsOf, messages, NEVER, READER, STRANGER } from './log-kit.ts'

const run = promisify(execFile)
const START = Date.parse('2026-11-28T00:00:00Z')
const lineAt = (index: number, level = 'info') =>
  JSON.stringify({ timestamp: new Date(START + index * 1_000).toISOString(), level, event: `line ${index}` })
const linesOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${lineAt(from + index)}\n`).join('')
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`)

describe.each(['local', 'ssh'] as const)('a log in a file, %s', (over) => {
  it('reads its end, goes on in both directions, and follows it', async () => {
    const file = join(logDirectory(), 'app.log')
    await writeFile(file, linesOf(0, 5_000))
    const logs = await logsOf({ file }, over)
    const newest = await logs.read({ limit: 10 })
    expect(messages(newest)).toEqual(numbers(4_990, 5_000))
    expect(newest.stopped).toBe('lines')
    const before = await logs.read({ limit: 10, cursor: newest.older })
    expect(messages(before)).toEqual(numbers(4_980, 4_990))
    const forth = await logs.read({ limit: 11, cursor: before.newer, direction: 'newer' })
    expect(messages(forth)).toEqual(numbers(4_990, 5_000))
    expect(forth.stopped).toBe('end')

    await appendFile(file, `${linesOf(5_000, 5_002)}{"event":"half`)
    const followed = await logs.read({ cursor: forth.newer, direction: 'newer' })
    // It begins with the last one again: what belongs to that may have come meanwhile.
    expect(messages(followed)).toEqual(numbers(4_999, 5_002))
    await appendFile(file, ' a line"}\n')
    const whole = await logs.read({ cursor: followed.newer, direction: 'newer' })
    expect(messages(whole)).toEqual(['line 5001', 'half a line'])
  })

  it('finds a moment in rotated and packed parts as in one', async () => {
    const directory = logDirectory()
    const file = join(directory, 'app.log')
    for (const [name, from, to] of [
      ['app.log.2', 0, 3_000],
      ['app.log.1', 3_000, 6_000],
      ['app.log', 6_000, 9_000],
    ] as const) {
      await writeFile(join(directory, name), linesOf(from, to))
      await run('touch', ['-d', new Date(START + to * 1_000 - 500).toISOString(), join(directory, name)])
    }
    await run('gzip', [join(directory, 'app.log.2')])
    const logs = await logsOf({ file }, over)
    for (const index of [2_000, 4_500, 7_000]) {
      const at = START + index * 1_000
      const [older, newer] = [
        await logs.read({ at, limit: 5 }),
        await logs.read({ at, limit: 5, direction: 'newer' }),
      ]
      expect([...messages(older), ...messages(newer)]).toEqual(numbers(index - 5, index + 5))
    }
    // Across the seam, from the packed part on.
    const seam = await logs.read({ at: START + 2_998_000, limit: 5, direction: 'newer' })
    expect(messages(seam)).toEqual(numbers(2_998, 3_003))
    const back = await logs.read({ at: START + 3_002_000, limit: 5 })
    expect(messages(back)).toEqual(numbers(2_997, 3_002))
    const window = await logs.read({
      from: START + 100_000,
      to: START + 104_000,
      at: START + 104_001,
      limit: 50,
    })
    expect(messages(window)).toEqual(numbers(100, 105))
    expect(window.stopped).toBe('window')
  })
})

it('survives rotation between two questions, and says what is gone', async () => {
  const directory = logDirectory()
  const file = join(directory, 'app.log')
  await writeFile(file, linesOf(0, 10))
  const logs = await logsOf({ file })
  const { newer } = await logs.read()
  await rename(file, `${file}.1`)
  await writeFile(file, linesOf(10, 12))
  const followed = await logs.read({ cursor: newer, direction: 'newer' })
  expect(messages(followed)).toEqual(numbers(9, 12))
  expect(followed.gap).toBe(false)
  await truncate(file, 0)
  await appendFile(file, linesOf(20, 21))
  const cut = await logs.read({ cursor: followed.newer, direction: 'newer' })
  expect(cut.gap).toBe(true)
  expect(messages(cut)).toEqual(['line 20'])
})

it('searches by words, fields and level within bounds, and says how far it came', async () => {
  const file = join(logDirectory(), 'app.log')
  const filler = 'x'.repeat(400)
  const rows = Array.from({ length: 40_000 }, (_, index) =>
    JSON.stringify({
      timestamp: new Date(START + index * 1_000).toISOString(),
      level: index === 39_990 || index === 5 ? 'error' : 'info',
      event: `line ${index}`,
      status: index === 39_990 ? 503 : 200,
      filler,
    }),
  )
  await writeFile(file, `${rows.join('\n')}\n`)
  const logs = await logsOf({ file })
  expect(messages(await logs.read({ search: 'status:503', limit: 1 }))).toEqual(['line 39990'])
  const errors = await logs.read({ level: 'error' })
  expect(messages(errors)).toEqual(['line 39990'])
  // Whichever bound is met first, on a machine that is as busy as it is.
  const isCut = (stopped: string) => stopped === 'bytes' || stopped === 'time'
  expect(errors.stopped).toSatisfy(isCut)
  expect(errors.looked.from).toBeGreaterThan(START)
  expect(errors.cost.bytes).toBeLessThan(10_000_000)
  let answer = errors
  for (let asked = 0; isCut(answer.stopped) && asked < 20; asked += 1) {
    answer = await logs.read({ level: 'error', cursor: answer.older })
  }
  expect(messages(answer)).toEqual(['line 5'])
  expect(answer.stopped).toBe('end')
})

it('keeps a traceback with its error, also over the seam of two batches', async () => {
  const file = join(logDirectory(), 'app.log')
  const trace = Array.from({ length: 40 }, (_, index) => `  File "/app/a.py", line ${index}, in f`).join('\n')
  const rows = Array.from(
    { length: 500 },
    (_, index) =>
      `${lineAt(index, 'error')}\nTraceback (most recent call last):\n${trace}\nValueError: bad ${index}\n`,
  )
  await writeFile(file, rows.join(''))
  const { lines } = await (await logsOf({ file })).read({ limit: 500 })
  expect(lines.map(({ message }) => message)).toEqual(numbers(0, 500))
  for (const [index, { detail }] of lines.entries())
    expect(detail).toMatch(new RegExp(`^Trace[^]*bad ${index}$`))
})

it('bears lines that are no text, endless, or full of colours', async () => {
  const file = join(logDirectory(), 'app.log')
  await writeFile(
    file,
    Buffer.concat([
      Buffer.from('2026-11-28T00:00:00Z INFO \u001b[31mred\u001b[0m\n'),
      Buffer.from([0xff, 0xfe, 0x00, 0x0a]),
      Buffer.from(`${'y'.repeat(3_000_000)}\n`),
      Buffer.from('2026-11-28T00:00:02Z INFO after\n'),
    ]),
  )
  const logs = await logsOf({ file })
  const back = await logs.read({ limit: 100 })
  expect(messages(back).at(-1)).toBe('after')
  expect(messages(back)[0]).toBe('red')
  expect(back.lines.some(({ cut }) => cut)).toBe(true)
  const forth = await logs.read({ limit: 100, direction: 'newer', at: START })
  expect(messages(forth)[0]).toBe('red')
  expect(messages(forth).at(-1)).toBe('after')
})

it('shows no secret to anybody, values only to whom they were revealed, and finds only what is shown', async () => {
  const planted = plantSecrets()
  const [known, typed, url] = [planted.plant('known'), planted.plant('typed'), 'hunter2hunter2']
  planted.plantValue('url', url)
  const file = join(logDirectory(), 'app.log')
  const object = {
    timestamp: new Date(START).toISOString(),
    event: `said ${known}`,
    password: typed,
    customer: 'anna',
  }
  await writeFile(
    file,
    `${JSON.stringify(object)}\n2026-11-28T00:00:01Z INFO to postgresql://app:${url}@db/shop for anna@example.com\n`,
  )
  const { inspection, read } = await logsOf({ file }, 'local', [known])
  const revealed = await read()
  expect(planted.findIn({ revealed: JSON.stringify(revealed) })).toEqual([])
  expect(JSON.stringify(revealed)).toContain('anna@example.com')

  const asStranger = async (search: string) => {
    const answer = await inspection.read(askedOf({ search }), STRANGER, NEVER)
    if (answer === 'hidden') throw new Error('hidden')
    return answer
  }
  const masked = await asStranger('')
  expect(masked.lines).toHaveLength(2)
  expect(JSON.stringify(masked)).not.toContain('anna')
  expect(planted.findIn({ masked: JSON.stringify(masked) })).toEqual([])
  // Nobody finds by what is not shown.
  for (const search of ['anna', 'customer:anna', 'example.com', '-anna missing'])
    expect((await asStranger(search)).lines).toEqual([])
  expect((await asStranger('-anna')).lines).toHaveLength(2)
  for (const search of [url, 'hunter2']) expect((await read({ search })).lines).toEqual([])
  expect(await inspection.read(askedOf({}), { ...STRANGER, revealed: true }, NEVER)).toBe('hidden')
  // Whose role was taken away.
  expect(await inspection.read(askedOf({}), { ...READER, mayReveal: false }, NEVER)).toBe('hidden')
})

it('says what is missing', async () => {
  const directory = logDirectory()
  const missing = await failureOf((await logsOf({ file: join(directory, 'none.log') })).read())
  expect(missing).toMatchObject({ code: 'log-missing', params: { path: join(directory, 'none.log') } })
  const foreign = (await logsOf({ file: join(directory, 'none.log') })).read({
    cursor: 'j:s=0123456789abcdef',
  })
  await expect(foreign).rejects.toThrow()
})

describe('whoever may not read', () => {
  const isRoot = process.getuid?.() === 0
  it.skipIf(!isRoot)('is told who may, and how to become one (needs root, to be somebody else)', async () => {
    const directory = logDirectory()
    const file = join(directory, 'app.log')
    await writeFile(file, linesOf(0, 1))
    await run('chgrp', ['adm', file])
    await chmod(file, 0o640)
    await chmod(directory, 0o755)
    const script = await import('../../../../src/main/engine/inspect/logs/files/script.ts')
    const copied = await script.copy(
      {
        session: {
          run: async (argv) => {
            const { stdout, stderr } = await run('setpriv', ['--reuid=65534', '--clear-groups', ...argv], {
              encoding: 'buffer',
            })
            return { code: 0, output: stdout, stdout: stdout.toString(), stderr: stderr.toString() }
          },
        },
        place: { hop: 'box', on: 'target' },
        signal: NEVER,
        now: Date.now(),
        remainingMs: () => 5_000,
      },
      file,
      null,
    )
    expect(copied.parts).toMatchObject([{ path: file, readable: false, group: 'adm' }])
    expect(copied.user).toBe('nobody')
  })
})

it('leaves nothing running on the machine when it is cut', async () => {
  const file = join(logDirectory(), 'app.log')
  await writeFile(file, linesOf(0, 200_000))
  await run('gzip', ['-k', file])
  await run('mv', [`${file}.gz`, `${file}.1.gz`])
  const { inspection } = await logsOf({ file }, 'ssh')
  const controller = new AbortController()
  const asked = inspection.read(
    askedOf({ at: START, search: 'nothing', limit: 1_000 }),
    READER,
    controller.signal,
  )
  controller.abort(new Error('cut'))
  await expect(asked).rejects.toThrow('cut')
  const { until } = await import('../../../support/until.ts')
  await until(async () => {
    const { stdout } = await run('ps', ['-eo', 'args'])
    return !stdout.includes(file)
  })
})
