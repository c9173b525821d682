import { rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { needConsole } from '../../../../src/main/cli/console-client.ts'
import { startScriptedConsole } from '../../../support/scripted-console.ts'

const stopping: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop()
})

/** A console on a directory, that breaks the connection of so many requests before it answers, with `refusal` where it refuses. */
async function consoleThatBreaks(times: number, refusal: object | null = null) {
  const asked: IncomingMessage['headers'][] = []
  const { directory, stop } = await startScriptedConsole((request, response) => {
    asked.push(request.headers)
    if (asked.length <= times) request.socket.destroy()
    else if (refusal !== null) response.writeHead(409).end(JSON.stringify(refusal))
    else response.end('{"id":"one"}')
  })
  stopping.push(stop)
  return { asked, ...(await needConsole(directory, new AbortController().signal)) }
}

it('asks once more, by the same name, where the answer to what was named was lost', async () => {
  const { call, asked } = await consoleThatBreaks(1)
  expect(await call('POST', '/operations', {}, 'key-1')).toEqual({ id: 'one' })
  expect(asked.map((headers) => headers['idempotency-key'])).toEqual(['key-1', 'key-1'])
})

it('does not ask twice for what has no name', async () => {
  const { call, asked } = await consoleThatBreaks(1)
  await expect(call('POST', '/operations/x/undo', {})).rejects.toMatchObject({ exitCode: 69 })
  expect(asked).toHaveLength(1)
})

it.each([
  ['One is wanted.', 'missing', 'One is wanted.'],
  ['It is held.', 'It is held.', 'It is held.'],
  ['It cannot be.', 'the note is of anna', 'It cannot be. the note is of anna'],
])('says “%s” with the reason “%s” as a person reads it', async (message, reason, said) => {
  const { call } = await consoleThatBreaks(0, { code: 'WRONG_STATE', message, data: { reason } })
  await expect(call('GET', '/operations')).rejects.toMatchObject({ message: said })
})

it('says of a directory that the desktop app has that it answers no commands', async () => {
  const { directory, stop } = await startScriptedConsole(() => {})
  stopping.push(stop)
  rmSync(join(directory, 'console.json'))
  const { signal } = new AbortController()
  await expect(needConsole(directory, signal)).rejects.toThrow(/^The console of .* answers no commands/)
  await expect(needConsole(join(directory, 'none'), signal)).rejects.toThrow(/^No console runs on/)
})
