import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { needConsole } from '../../../../src/main/cli/console-client.ts'
import { claimDataDirectory } from '../../../../src/main/engine/store/data-directory.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** A console on a directory, that breaks the connection of so many requests before it answers, with `refusal` where it refuses. */
async function consoleThatBreaks(times: number, refusal: object | null = null) {
  const asked: IncomingMessage['headers'][] = []
  const server = createServer((request, response) => {
    asked.push(request.headers)
    if (asked.length <= times) request.socket.destroy()
    else if (refusal !== null) response.writeHead(409).end(JSON.stringify(refusal))
    else response.end('{"id":"one"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-client-'))
  closing.push(() => rmSync(directory, { recursive: true, force: true }))
  const lock = claimDataDirectory(directory)
  closing.push(() => lock.release())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : null
  const note = { pid: process.pid, url: `http://127.0.0.1:${port}`, version: '0.1.0' }
  writeFileSync(join(directory, 'console.json'), JSON.stringify(note))
  writeFileSync(join(directory, 'token'), 'token')
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
