/** What WebSockets may cost: bounded frames, calls, memory and time, whatever the other side does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { MOST_CALLS, MOST_WAITING_BYTES } from '../../../src/main/web/admission.ts'
import { MOST_SOCKETS } from '../../../src/main/web/sockets.ts'
import type { RangeQuery } from '../../../src/shared/model/range.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'
import { until } from '../../support/until.ts'

let running: TestConsole
/** Calls of `history.range` that are under way, and the most there ever were at once. */
const ranges = { running: 0, most: 0, total: 0 }

beforeAll(async () => {
  running = await startTestConsole({ pingMs: 300 })
  await running.engine.deployments.importYaml(
    'name: shop\nenvironment: staging\nhosts:\n  - {name: here, over: local}\n',
  )
  // A long history, made up, so that answers are large from the first moment; all else is real.
  const at = Array.from({ length: 2000 }, (_, index) => 1_700_000_000_000 + index * 1000)
  Object.assign(running.engine.history, {
    range: async ({ from, to, metrics }: RangeQuery) => {
      ranges.running += 1
      ranges.total += 1
      ranges.most = Math.max(ranges.most, ranges.running)
      await new Promise((resolve) => setImmediate(resolve))
      ranges.running -= 1
      const values = at.map((moment) => moment / 7)
      const series = metrics.map((metric) => ({
        metric,
        target: 'here',
        at,
        min: values,
        mean: values,
        max: values,
      }))
      return { from, to, stepMs: 1000, source: 'raw', series, unobserved: [] }
    },
  })
})
afterAll(() => running?.stop())

async function open(): Promise<WebSocket> {
  const socket = new WebSocket(`${running.url.replace('http', 'ws')}/rpc`, {
    headers: { authorization: `Bearer ${running.tokens.READONLY}` },
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return socket
}

function call(id: number, path: string, json: unknown): string {
  return JSON.stringify({ i: String(id), p: { u: `/${path}`, b: { json } } })
}

function range(id: number): string {
  const metrics = ['system_cpu_percent', 'system_memory_percent', 'system_load1']
  return call(id, 'history/range', { deployment: 'shop', metrics, from: 1, to: 2, points: 2000 })
}

describe('a client that asks and asks, and never reads', () => {
  it('costs bounded memory, is not heard, and is cut off in the end', async () => {
    const socket = await open()
    const { _socket: tcp } = socket as unknown as { _socket: import('node:net').Socket }
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    const before = process.memoryUsage()
    // Nothing is read from here on: about 300 kB for each of two thousand questions, 600 MB in all.
    tcp.pause()
    for (let id = 0; id < 2000; id += 1) socket.send(range(id))
    let most = 0
    let grown = 0
    await until(
      () => {
        most = Math.max(most, running.host.sockets.waitingBytes())
        const now = process.memoryUsage()
        grown = Math.max(grown, now.rss - before.rss)
        return running.host.sockets.count() === 0
      },
      { timeoutMs: 20_000, everyMs: 5, what: 'the end of the stuck connection' },
    )
    const oneAnswer = 400_000
    expect(most).toBeGreaterThan(MOST_WAITING_BYTES)
    expect(most).toBeLessThan(MOST_WAITING_BYTES + (MOST_CALLS + 1) * oneAnswer)
    expect(grown).toBeLessThan(256 * 1024 * 1024)
    expect(ranges.most).toBeLessThanOrEqual(MOST_CALLS)
    expect(ranges.total).toBeLessThan(100)
    console.info({ most, grownMiB: Math.round(grown / 2 ** 20), answered: ranges.total })
    tcp.resume()
    await closed
  }, 40_000)
})

describe('a client that reads slowly', () => {
  it('gets every answer all the same', async () => {
    const socket = await open()
    const { _socket: tcp } = socket as unknown as { _socket: import('node:net').Socket }
    const answered = new Set<string>()
    socket.on('message', (data) => answered.add(JSON.parse(String(data)).i))
    tcp.pause()
    for (let id = 0; id < 60; id += 1) socket.send(range(id))
    await until(() => running.host.sockets.waitingBytes() > MOST_WAITING_BYTES, { what: 'answers that wait' })
    tcp.resume()
    await until(() => answered.size === 60, { timeoutMs: 20_000, what: 'all answers' })
    socket.close()
    await until(() => running.host.sockets.count() === 0)
  })
})

it('keeps a client that answers to pings, and cuts off one that does not', async () => {
  const lively = await open()
  const dead = await open()
  // A client whose process stopped: its kernel still takes what comes, and nobody says pong.
  dead.pong = () => {}
  const pings: number[] = []
  lively.on('ping', () => pings.push(1))
  ;(dead as unknown as { _autoPong: boolean })._autoPong = false
  const closed = new Promise((resolve) => dead.once('close', resolve))
  await closed
  await until(() => pings.length >= 3)
  expect(lively.readyState).toBe(WebSocket.OPEN)
  lively.close()
  await until(() => running.host.sockets.count() === 0)
})

it.each([
  ['no JSON', 'nonsense', 1007],
  ['no call', '{"i":"1","p":{"u":"http://elsewhere/"}}', 1007],
  ['a frame that is too large', JSON.stringify({ i: '1', p: { u: '/x', b: 'x'.repeat(1_100_000) } }), 1006],
  ['a binary frame', Buffer.from('{}'), 1007],
])('closes the socket on %s, and logs nothing of it', async (_what, frame, code) => {
  const socket = await open()
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  socket.on('error', () => {})
  const lines = running.logged.length
  socket.send(frame)
  // A frame that breaks the protocol ends the connection at once; whether its reason still arrives is up to the network.
  expect([code, ...(code === 1006 ? [1009] : [])]).toContain(await closed)
  expect(running.logged.slice(lines)).toEqual([])
})

it('answers an unknown procedure with an error, and goes on', async () => {
  const socket = await open()
  const answers: { i: string; p: { s?: number } }[] = []
  socket.on('message', (data) => answers.push(JSON.parse(String(data))))
  socket.send(call(1, 'nothing/here', {}))
  socket.send(call(2, 'session/get', undefined))
  await until(() => answers.length === 2)
  expect(answers.map(({ i, p }) => [i, p.s])).toEqual([
    ['1', 404],
    ['2', undefined],
  ])
  socket.close()
})

it('holds only so many sockets', async () => {
  await until(() => running.host.sockets.count() === 0)
  const sockets = await Promise.all(Array.from({ length: MOST_SOCKETS }, open))
  await expect(open()).rejects.toThrow('503')
  for (const socket of sockets) socket.terminate()
  await until(() => running.host.sockets.count() === 0)
  const again = await open()
  again.terminate()
})
