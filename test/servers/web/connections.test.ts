/** What one connection may cost the host, also that of a client that asks and never reads. */
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MOST_REQUESTS_AT_ONCE } from '../../../src/main/web/pipelining.ts'
import { ask } from '../../support/http-request.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'

let running: TestConsole
beforeAll(async () => {
  running = await startTestConsole()
})
afterAll(() => running?.stop())

async function open(): Promise<{ socket: Socket; ended: Promise<unknown> }> {
  const socket = connect(Number(new URL(running.url).port), '127.0.0.1')
  socket.on('error', () => {})
  const ended = new Promise((resolve) => socket.once('close', resolve))
  await new Promise((resolve) => socket.once('connect', resolve))
  return { socket, ended }
}

function request(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${running.tokens.READONLY}\r\n\r\n`
}

it('answers a client that asks for several things at once, in their order', async () => {
  const { socket, ended } = await open()
  const paths = Array.from({ length: MOST_REQUESTS_AT_ONCE }, (_, index) => `/api/v1/nothing-${index}`)
  let text = ''
  const answered = new Promise<void>((resolve) => {
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.includes(`"name":"${paths.at(-1)}"`)) resolve()
    })
  })
  socket.write(paths.map(request).join(''))
  await answered
  expect([...text.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name)).toEqual(paths)
  socket.destroy()
  await ended
})

it('ends the connection of a client that asks on and on, and never reads', async () => {
  const { socket, ended } = await open()
  socket.pause()
  const before = process.memoryUsage().rss
  const many = request('/docs/swagger-ui-bundle.js').repeat(100)
  // 20,000 answers of 1.4 MB.
  for (let sent = 0; sent < 200 && !socket.destroyed; sent += 1) socket.write(many)
  socket.resume()
  await ended
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(128)
  expect((await ask(`${running.url}/health`)).status).toBe(200)
})

it('reads no body of somebody who is not let in', async () => {
  const { socket, ended } = await open()
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  socket.write('PUT /api/v1/deployments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n')
  socket.write(`Content-Length: 10000000000\r\n\r\n${'a'.repeat(100_000)}`)
  await new Promise<void>((resolve) => {
    socket.on('data', () => text.includes('UNAUTHORIZED') && resolve())
  })
  socket.destroy()
  await ended
  expect(text).toContain('HTTP/1.1 401')
})
