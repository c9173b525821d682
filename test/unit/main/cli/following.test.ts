/** Following an operation of a console that is slow, restarted, or gone. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { parseArguments } from '../../../../src/main/cli/arguments.ts'
import { CommandFailure, EXIT } from '../../../../src/main/cli/exit-codes.ts'
import { follow } from '../../../../src/main/cli/following.ts'
import { run } from '../../../../src/main/cli/run.ts'
import { Interrupted } from '../../../../src/main/cli/terminal.ts'
import { NO_PROGRESS } from '../../../../src/shared/model/operation.ts'
import { gatheringTerminal } from '../../../support/gathering-terminal.ts'
import { startScriptedConsole } from '../../../support/scripted-console.ts'
import { toldOperation } from './told-operation.ts'

const NOT_TIMED = { endedAt: null, tookMs: null, error: null }
const NEWER = { mood: 'calm', progress: { ...NO_PROGRESS, heldSince: '2026-11-28T02:00:00.000Z' } }
const stopping: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop()
})

/** Begins what it is asked to, then answers looks by their number. */
async function consoleThat(look: (number: number, response: ServerResponse) => void) {
  let looks = 0
  const one = await startScriptedConsole((request, response) => {
    if (request.method === 'POST') return response.end(JSON.stringify(toldOperation()))
    looks += 1
    look(looks, response)
  })
  stopping.push(one.stop)
  return one
}

const tell = (response: ServerResponse, change: object) => response.end(JSON.stringify(toldOperation(change)))

describe('following', () => {
  it('goes on after looks that nobody answered, and says so once', async () => {
    const { directory } = await consoleThat((look, response) => {
      if (look === 2 || look === 3) response.destroy()
      else tell(response, { state: look < 5 ? 'running' : 'succeeded', ...NEWER })
    })
    const { given, said, out } = gatheringTerminal()
    expect(await run(['backup', 'shop', '--data', directory, '--json'], given)).toBe(0)
    // As the console told it, with what it alone knows of.
    expect(JSON.parse(out())).toEqual(toldOperation({ state: 'succeeded', ...NEWER }))
    expect(said().match(/The console does not answer\. It is asked again for 2 min/g)).toHaveLength(1)
  })

  it('finds the console at its new address once it was started again', async () => {
    const anew = await consoleThat((_look, response) => tell(response, { state: 'interrupted' }))
    const before = await consoleThat((_look, response) => {
      const note = readFileSync(join(anew.directory, 'console.json'))
      writeFileSync(join(before.directory, 'console.json'), note)
      response.destroy()
    })
    const { given, out } = gatheringTerminal()
    expect(await run(['backup', 'shop', '--data', before.directory], given)).toBe(4)
    expect(out()).toContain('op-1')
  })

  it.each([
    ['en', 'rows of 12 tables, 1 sequence, 41 large objects, 230 objects'],
    ['ru', 'строки 12 таблиц, 1 последовательность, 41 большой объект, 230 объектов'],
  ])('says at the end what a drill compared (%s)', async (lang, words) => {
    const counts = { tables: 12, rows: 406, sequences: 1, largeObjects: 41, objects: 230 }
    const result = { backup: 'b', recoveryMs: 3, ...counts }
    const one = await consoleThat((_look, response) =>
      tell(response, { kind: 'drill', state: 'succeeded', result }),
    )
    const { given, out } = gatheringTerminal()
    expect(await run(['drill', 'shop', '--data', one.directory, '--lang', lang], given)).toBe(0)
    expect(out()).toContain(words)
  })

  it('says nothing of what was compared of a backup that was read back alone', async () => {
    const one = await consoleThat((_look, response) => tell(response, { kind: 'drill', state: 'succeeded' }))
    const { given, out } = gatheringTerminal()
    expect(await run(['backup', 'verify', 'shop', '--data', one.directory], given)).toBe(0)
    expect(out().trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([
    ['en', /did not answer for 0 s\. The operation op-1 goes on in it .*vakhta operations show op-1/],
    ['ru', /не отвечает уже 0 с\. Операция op-1 продолжается в ней.*vakhta operations show op-1/],
  ])('ends with 4, the operation and where it goes on, where nobody answers (%s)', async (lang, words) => {
    const { given, out, said } = gatheringTerminal()
    const invocation = parseArguments(['backup', 'shop', '--json', '--lang', lang])
    if (invocation.kind !== 'run') throw new Error('not a command')
    let looks = 0
    const silent = async () => {
      looks += 1
      throw new CommandFailure(EXIT.consoleUnreachable, 'nobody')
    }
    const patience = { everyMs: 1, againEveryMs: 10, againForMs: 60 }
    const ended = await follow(toldOperation(), () => false, silent, invocation.options, given, patience)
    expect(ended).toBe(4)
    expect(looks).toBeGreaterThan(2)
    expect(JSON.parse(out())).toMatchObject({ id: 'op-1', state: 'running' })
    expect(said()).toMatch(words)
  })

  it.each([
    ['while it is followed', 'GET', /goes on in the console\. .*vakhta operations show op-1\n$/],
    [
      'while it is begun',
      'POST',
      /^The console was asked already, and may have begun\. .*operations list\n$/,
    ],
  ])('says where it goes on when it is interrupted %s', async (_, method, words) => {
    const interrupting = new AbortController()
    const one = await startScriptedConsole((request, response) => {
      if (request.method === method) interrupting.abort(new Interrupted('SIGINT'))
      else response.end(JSON.stringify(toldOperation()))
    })
    stopping.push(one.stop)
    const { given, said } = gatheringTerminal({ signal: interrupting.signal })
    expect(await run(['backup', 'shop', '--data', one.directory], given)).toBe(130)
    expect(said()).toMatch(words)
  })

  it('ends at once with what the console answered', async () => {
    const { directory } = await consoleThat((_look, response) =>
      response
        .writeHead(401)
        .end(JSON.stringify({ code: 'UNAUTHORIZED', message: 'Who are you?', data: null })),
    )
    const { given, said } = gatheringTerminal()
    expect(await run(['backup', 'shop', '--data', directory], given)).toBe(77)
    expect(said()).toContain('Who are you?')
  })

  const writing = {
    steps: [{ ...{ id: 'dump', title: 'Write the backup', state: 'running' }, ...NOT_TIMED }],
    progress: {
      ...{ phase: 'dump', bytes: 3 * 2 ** 20, totalBytes: 8 * 2 ** 20, rate: 2 ** 20, secondsLeft: 125 },
    },
  }
  const twoLooks = (look: number, response: ServerResponse) =>
    tell(response, { ...writing, state: look < 2 ? 'running' : 'succeeded' })

  it('tells on a terminal how far it is, in a line that is written over', async () => {
    const { directory } = await consoleThat(twoLooks)
    const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 60 })
    const { given } = gatheringTerminal({ stderr })
    expect(await run(['backup', 'shop', '--data', directory], given)).toBe(0)
    const far = '  Write the backup  3 MiB of 8 MiB · 1 MiB/s · 2 min left'
    const said = String(stderr.read()).replaceAll('\u00a0', ' ')
    expect(said).toContain(`Write the backup\n${far}\r\u001b[K`)
    // Nothing of it stays.
    expect(said.slice(said.lastIndexOf('\u001b[K') + 3)).toBe('')

    const narrow = Object.assign(new PassThrough(), { isTTY: true, columns: 20 })
    const again = await consoleThat(twoLooks)
    await run(['backup', 'shop', '--data', again.directory], gatheringTerminal({ stderr: narrow }).given)
    expect(String(narrow.read())).toContain(`\n${far.slice(0, 19)}\r\u001b[K`)
  })

  it('says in words of the language what steps have come to', async () => {
    const { directory } = await consoleThat(twoLooks)
    const { given, said } = gatheringTerminal()
    await run(['backup', 'shop', '--data', directory, '--lang', 'ru'], given)
    expect(said()).toMatch(/^op-1 {2}выполняется {2}.*\n {2}выполняется {2}Write the backup\n$/)
  })

  it('tells that nowhere but on a terminal', async () => {
    const { directory } = await consoleThat(twoLooks)
    const { given, said } = gatheringTerminal()
    expect(await run(['backup', 'shop', '--data', directory], given)).toBe(0)
    expect(said()).not.toContain('MiB')
  })
})
