// The weather itself: what clients and servers see of it, on real sockets.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startWeather, type Weather } from '../../../../demo/servers/weather.ts'
import { until } from '../../../support/until.ts'

const releases: (() => unknown)[] = []
afterEach(async () => {
  for (let release = releases.pop(); release !== undefined; release = releases.pop()) await release()
})

/** A server that sends back what it hears, and a weather before it. */
async function start(options: { random?: () => number } = {}) {
  const served = new Set<Socket>()
  const listen = async (port: number) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      served.add(socket)
      socket.on('error', () => {}).once('close', () => served.delete(socket))
      socket.pipe(socket)
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return server
  }
  let server = await listen(0)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = async () => {
    for (const socket of served) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  const weather = await startWeather({ to: { host: '127.0.0.1', port }, ...options })
  releases.push(close, () => weather.stop())
  return {
    weather,
    served,
    close,
    async open() {
      server = await listen(port)
    },
  }
}

async function dial({ port }: Weather): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  releases.push(() => socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Milliseconds until as many bytes as were sent are back. */
async function echo(socket: Socket, bytes = 4): Promise<number> {
  const began = performance.now()
  let back = 0
  const all = Promise.withResolvers<void>()
  const count = (chunk: Buffer): void => {
    back += chunk.length
    if (back >= bytes) all.resolve()
  }
  socket.on('data', count).once('close', () => all.reject(new Error('closed')))
  socket.write(Buffer.alloc(bytes, 'x'))
  try {
    await all.promise
  } finally {
    socket.off('data', count)
  }
  return performance.now() - began
}

describe('fair weather', () => {
  it('passes everything on, in order and in whole, and ends with either side', async () => {
    const { weather, served } = await start()
    const socket = await dial(weather)
    expect(await echo(socket, 4 << 20)).toBeLessThan(5_000)
    socket.end()
    await once(socket, 'close')
    await until(() => served.size === 0 && weather.connections() === 0)
    expect(weather.taken()).toBe(1)
  })

  it('passes on that one side has no more to say, while the other goes on', async () => {
    const { weather } = await start()
    const socket = connect({ host: '127.0.0.1', port: weather.port, allowHalfOpen: true })
    let heard = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text
    })
    socket.end('last words')
    await once(socket, 'end')
    expect(heard).toBe('last words')
  })

  it('refuses where nothing listens behind it, and takes connections again once something does', async () => {
    const { weather, close, open } = await start()
    await close()
    const first = connect({ host: '127.0.0.1', port: weather.port })
    await once(first, 'error')
    const second = connect({ host: '127.0.0.1', port: weather.port })
    expect(await once(second, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }])
    await open()
    await until(async () => (await echo(await dial(weather))) > 0)
  })
})

describe('bad weather', () => {
  it('latency: each round trip takes it, and the first one also that of the connection', async () => {
    const { weather } = await start()
    weather.latency(100)
    const socket = await dial(weather)
    expect(await echo(socket)).toBeGreaterThanOrEqual(195)
    const second = await echo(socket)
    expect(second).toBeGreaterThanOrEqual(99)
    expect(second).toBeLessThan(180)
    await weather.fair()
    expect(await echo(socket)).toBeLessThan(80)
  })

  it('loss: what was lost comes after a retransmission, and nothing is missing', async () => {
    // Of each chunk: one draw for its jitter, one that loses it, and one that lets it through.
    const draws = [0.5, 0, 0.5]
    let draw = 0
    const { weather } = await start({ random: () => draws[draw++ % draws.length] ?? 0 })
    const socket = await dial(weather)
    await echo(socket)
    weather.loss(0.05)
    draw = 0
    expect(await echo(socket)).toBeGreaterThanOrEqual(399)
    expect(await echo(socket, 20_000)).toBeLessThan(5_000)
  })

  it('throttle: bytes take their time', async () => {
    const { weather } = await start()
    const socket = await dial(weather)
    weather.throttle(1_000_000)
    expect(await echo(socket, 200_000)).toBeGreaterThanOrEqual(190)
  })

  it('blackhole: neither side hears that the other is gone, and the server hears of no new one', async () => {
    const { weather, served } = await start()
    const stays = await dial(weather)
    await echo(stays)
    const goes = await dial(weather)
    await echo(goes)
    weather.blackhole()
    let heard = 0
    stays.on('data', (chunk: Buffer) => {
      heard += chunk.length
    })
    stays.write('in the void')
    goes.resetAndDestroy()
    const late = await dial(weather)
    const impatient = await dial(weather)
    impatient.destroy()
    const beside = await start()
    await echo(await dial(beside.weather))
    expect(heard).toBe(0)
    expect(served.size).toBe(2)

    await weather.fair()
    await until(() => heard === 'in the void'.length)
    // The one that went is heard of, the one that still waits gets in, and the one that gave up does not.
    await echo(late)
    await until(() => served.size === 2 && weather.connections() === 2)
  })

  it('abandon: the server is rid of its connections, their clients hear nothing, and new ones are taken', async () => {
    const { weather, served } = await start()
    const socket = await dial(weather)
    await echo(socket)
    expect(weather.abandon()).toBe(1)
    await until(() => served.size === 0)
    let isClosed = false
    socket.once('close', () => {
      isClosed = true
    })
    socket.write('anybody?')
    await echo(await dial(weather))
    expect(isClosed).toBe(false)
    socket.end()
    await until(() => weather.connections() === 1)
  })

  it('refuse: new connections are refused, those that stand are not', async () => {
    const { weather } = await start()
    const socket = await dial(weather)
    await echo(socket)
    await weather.refuse()
    expect(await once(connect({ host: '127.0.0.1', port: weather.port }), 'error')).toMatchObject([
      { code: 'ECONNREFUSED' },
    ])
    await echo(socket)
    await weather.fair()
    await echo(await dial(weather))
  })

  it('cut: both ends are reset, and new connections are taken', async () => {
    const { weather, served } = await start()
    const socket = await dial(weather)
    await echo(socket)
    const ended = new Promise((resolve) => socket.once('close', resolve))
    expect(weather.cut()).toBe(1)
    await ended
    await until(() => served.size === 0)
    await echo(await dial(weather))
  })
})
