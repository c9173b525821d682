import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { listenWith } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { ask, closeAfterwards, serve, service } from './http-kit.ts'
import { createKit, failureOf, soon } from './reach-kit.ts'

const MIB = 2 ** 20
const text = 'http_requests_total 1\n'.repeat(1_000)
const COMPRESSIONS = {
  gzip: gzipSync(text),
  br: brotliCompressSync(text),
  zstd: zstdCompressSync(text),
  deflate: deflateSync(text),
} as const

/** What it says is sent as it is, to whatever is asked. */
async function saying(words: string) {
  const server = await listenWith(() => words)
  closeAfterwards(server.close)
  return { ...server, url: `http://127.0.0.1:${server.port}` }
}

describe('a compressed answer', () => {
  it.each(Object.entries(COMPRESSIONS))(
    'by %s is read, and counted as it was on the wire',
    async (encoding, body) => {
      const kit = await createKit()
      let accepted = ''
      const { port } = await serve((request, response) => {
        accepted = String(request.headers['accept-encoding'])
        response.writeHead(200, { 'content-encoding': encoding }).end(body)
      })
      const answer = await ask(kit, service(`http://127.0.0.1:${port}`), { maxBytes: MIB })
      expect(answer.body.toString()).toBe(text)
      expect(answer.truncated).toBe(false)
      expect(accepted.split(', ')).toContain(encoding)
      expect(answer.wireBytes).toBeGreaterThan(body.length)
      expect(answer.wireBytes).toBeLessThan(body.length + 400)
    },
  )

  it('may leave the frame of zlib out, or be compressed twice', async () => {
    const kit = await createKit()
    const bodies = { deflate: deflateRawSync(text), 'gzip, br': brotliCompressSync(gzipSync(text)) }
    for (const [encoding, body] of Object.entries(bodies)) {
      const { port } = await serve(
        (_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(body),
      )
      const answer = await ask(kit, service(`http://127.0.0.1:${port}`), { maxBytes: MIB })
      expect(answer.body.toString()).toBe(text)
    }
  })

  it.each(['gzip', 'br', 'zstd', 'deflate'])('by %s may be empty', async (encoding) => {
    const kit = await createKit()
    const { port } = await serve((request, response) => {
      response.writeHead(request.url === '/none' ? 204 : 200, { 'content-encoding': encoding }).end()
    })
    for (const path of ['/none', '/empty']) {
      const answer = await ask(kit, service(`http://127.0.0.1:${port}`), { path })
      expect(answer.body.length).toBe(0)
    }
  })

  it.each(['gzip', 'br', 'zstd', 'deflate'] as const)(
    'that is no %s, or ends too early, is named',
    async (encoding) => {
      const kit = await createKit()
      for (const body of [
        Buffer.from('<html>not compressed</html>'.repeat(9)),
        COMPRESSIONS[encoding].subarray(0, 20),
      ]) {
        const { port } = await serve(
          (_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(body),
        )
        expect(await failureOf(ask(kit, service(`http://127.0.0.1:${port}`)))).toMatchObject({
          step: 'protocol',
          code: 'http-encoding-broken',
          params: { encoding },
        })
      }
    },
  )

  it.each(['compress', 'gzip, gzip, gzip'])('by %s is not known here', async (encoding) => {
    const kit = await createKit()
    const { port } = await serve(
      (_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end('x'),
    )
    expect(await failureOf(ask(kit, service(`http://127.0.0.1:${port}`)))).toMatchObject({
      code: 'http-encoding-unknown',
    })
  })

  it.each([
    ['gzip', () => gzipSync(Buffer.alloc(128 * MIB))],
    ['br', () => brotliCompressSync(Buffer.alloc(32 * MIB))],
    ['zstd', () => zstdCompressSync(Buffer.alloc(128 * MIB))],
  ])('that is a bomb of %s is cut at the bound, and memory stays flat', async (encoding, make) => {
    const kit = await createKit()
    const body = make()
    const { port } = await serve((_, response) => {
      response.on('error', () => {})
      response.writeHead(200, { 'content-encoding': encoding }).end(body)
    })
    const before = process.memoryUsage().rss
    const answer = await ask(kit, service(`http://127.0.0.1:${port}`), { maxBytes: MIB })
    expect(answer).toMatchObject({ truncated: true, status: 200 })
    expect(answer.body.length).toBe(MIB)
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * MIB)
  })

  it('that never decompresses to anything is cut as well', async () => {
    const kit = await createKit()
    const nothing = gzipSync('')
    const { port, sockets } = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const write = () => {
        while (response.write(nothing)) {}
      }
      response.on('drain', write)
      response.on('error', () => {})
      write()
    })
    expect(await ask(kit, service(`http://127.0.0.1:${port}`))).toMatchObject({ truncated: true })
    await until(() => sockets() === 0)
  })
})

describe('rubbish for an answer', () => {
  const head = 'HTTP/1.1 200 OK\r\n'
  it.each([
    ['headers without end', `${head}X-Long: ${'x'.repeat(40_000)}`, 'http-headers-too-long'],
    [
      'many headers',
      `${head}${'X-Many: xxxxxxxxxxxxxxxxxxxxxxxx\r\n'.repeat(2_000)}\r\n`,
      'http-headers-too-long',
    ],
    ['a broken chunk', `${head}transfer-encoding: chunked\r\n\r\nzz\r\n`, 'http-not-spoken'],
    ['two lengths', `${head}content-length: 1\r\ncontent-length: 2\r\n\r\nx`, 'http-not-spoken'],
    ['something binary', '\u0000\u0001\u0002\u0003', 'http-not-spoken'],
    [
      'another protocol',
      'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      'http-not-spoken',
    ],
  ])('is named: %s', async (_, words, code) => {
    const kit = await createKit()
    const { url, connections } = await saying(words)
    expect(await failureOf(ask(kit, service(url)))).toMatchObject({ step: 'protocol', on: 'target', code })
    await until(() => connections() === 0)
  })

  it.each([
    ['a length that is not reached', 'content-length: 100\r\n\r\nshort'],
    ['chunks that break off', 'transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'],
  ])('is not taken for an answer: %s', async (_, rest) => {
    const kit = await createKit()
    const { port } = await serve((request) => {
      request.socket.end(`${head}${rest}`)
    })
    expect(await failureOf(ask(kit, service(`http://127.0.0.1:${port}`)))).toMatchObject({ code: 'http-cut' })
  })

  it.each([
    ['headers that drip', `${head}X-Slow: `],
    ['hints without end', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'],
  ])('ends at the time limit: %s', async (_, words) => {
    const kit = await createKit()
    const { port, sockets } = await serve((request) => {
      const timer = setInterval(() => request.socket.write(words.endsWith('\n') ? words : 'x'), 20)
      request.socket.write(words)
      request.socket.once('close', () => clearInterval(timer))
    })
    expect(await failureOf(ask(kit, service(`http://127.0.0.1:${port}`), { timeoutMs: 400 }))).toMatchObject({
      code: 'http-silent',
    })
    await until(() => sockets() === 0)
  })

  it('does not spoil the next question: what follows an answer unasked is dropped', async () => {
    const kit = await createKit()
    const { url } = await saying(
      `${head}content-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfake`,
    )
    const http = kit.reach(service(url)).http('api')
    for (let round = 0; round < 3; round += 1) {
      const answer = await http.get('/', { ...soon(), maxBytes: 100 })
      expect(answer.body.toString()).toBe('ok')
    }
  })

  it('may come from a server that speaks HTTP/2 alone: it is named', async () => {
    const kit = await createKit()
    const server = createHttp2Server()
    server.on('sessionError', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closeAfterwards(() => new Promise((resolve) => server.close(() => resolve())))
    const { port } = server.address() as AddressInfo
    expect(await failureOf(ask(kit, service(`http://127.0.0.1:${port}`)))).toMatchObject({
      code: 'http-two-only',
    })
  })
})
