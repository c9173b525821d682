/** An HTTP proxy of tests: `CONNECT` for TLS, whole addresses for the rest, with or without a login. */
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface HttpProxyServer {
  readonly port: number
  /** What it was asked for: `CONNECT host:port`, `GET http://…`. */
  readonly asked: string[]
  /** The `Authorization` headers that it got to see of requests in the clear. */
  readonly seen: (string | undefined)[]
  /** What it answers instead of doing its work; `null`: it works. */
  refuse: number | null
  /** It takes requests and never answers. */
  hangs: boolean
  sockets(): number
  close(): Promise<void>
}

export async function startHttpProxy({
  login,
  tls,
}: {
  login?: string
  tls?: { key: string; cert: string }
} = {}): Promise<HttpProxyServer> {
  const open = new Set<Duplex>()
  const keep = (socket: Duplex): void => {
    open.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => open.delete(socket))
  }
  const wanted = login === undefined ? null : `Basic ${Buffer.from(login).toString('base64')}`

  /** The status that it refuses with; `null` where it does its work. */
  function judge(asked: IncomingMessage): number | null {
    proxy.asked.push(`${asked.method} ${asked.url}`)
    if (wanted !== null && asked.headers['proxy-authorization'] !== wanted) return 407
    return proxy.refuse
  }

  const server: Server = tls === undefined ? createServer() : (createTlsServer(tls) as unknown as Server)
  server.on('connection', keep)
  server.on('request', (asked, answer) => {
    if (proxy.hangs) return
    const refused = judge(asked)
    if (refused !== null) return void answer.writeHead(refused, { 'proxy-authenticate': 'Basic' }).end()
    proxy.seen.push(asked.headers.authorization)
    const onward = request(
      asked.url ?? '',
      { method: asked.method ?? 'GET', headers: asked.headers },
      (came) => {
        answer.writeHead(came.statusCode ?? 0, came.headers)
        came.pipe(answer)
      },
    )
    onward.on('error', () => answer.writeHead(502).end())
    asked.pipe(onward)
  })
  server.on('connect', (asked: IncomingMessage, socket: Socket, head: Buffer) => {
    if (proxy.hangs) return
    const refused = judge(asked)
    if (refused !== null) return void socket.end(`HTTP/1.1 ${refused} No\r\ncontent-length: 0\r\n\r\n`)
    const [host = '', port = ''] = (asked.url ?? '').split(':')
    const onward = connect({ host, port: Number(port) })
    keep(onward)
    onward.once('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
    onward.once('connect', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n')
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    socket.once('close', () => onward.destroy())
    onward.once('close', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: HttpProxyServer = {
    port: (server.address() as AddressInfo).port,
    asked: [],
    seen: [],
    refuse: null,
    hangs: false,
    sockets: () => open.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
  return proxy
}
