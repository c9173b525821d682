import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../../demo/servers/redis.ts'
import { type ConnectionCounter, createConnectionCounter, uncounted } from '../support/connection-counter.ts'
import { until } from '../support/until.ts'

let server: RedisServer
let replica: RedisServer
let counter: ConnectionCounter

beforeAll(async () => {
  server = await startRedis()
  replica = await startRedis({
    config: {
      replicaof: `127.0.0.1 ${server.port}`,
      masterauth: server.password,
      'repl-diskless-sync-delay': 0,
    },
  })
  counter = createConnectionCounter()
})
afterAll(async () => {
  await counter.stop()
  await Promise.all([replica?.stop(), server?.stop()])
})

it.skipIf(uncounted !== null)(
  `sees two connections that stood for a moment, and neither clients of tests nor servers${uncounted ?? ''}`,
  async () => {
    const client = await server.connect()
    await until(async () => (await client.info('replication')).includes('state=online'))
    counter.watch(server.port)
    const [quiet] = await counter.taken()
    expect(quiet).toMatchObject({ port: server.port, most: 0 })

    counter.watch(server.port)
    server.freeze()
    const sockets = [0, 1].map(() => createConnection({ host: '127.0.0.1', port: server.port }))
    await Promise.all(
      sockets.map((socket) => new Promise<void>((resolve) => socket.once('connect', () => resolve()))),
    )
    // Between two samples there is this long at the most, whatever this thread does meanwhile.
    const busyUntil = performance.now() + 60
    while (performance.now() < busyUntil) Math.sqrt(busyUntil)
    for (const socket of sockets) socket.destroy()
    server.thaw()
    const [loud] = await counter.taken()
    expect(loud).toMatchObject({ most: 2 })
    expect(loud?.samples).toBeGreaterThan(2)
    client.disconnect()
  },
)

it.skipIf(uncounted !== null)(
  `counts at the port itself what other processes hold there${uncounted ?? ''}`,
  async () => {
    const script = `require('net').connect(${server.port}, '127.0.0.1').on('connect', () => console.log('there'))`
    counter.watch(server.port, 'anybody')
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(child.stdout, 'data')
      await until(async () => {
        const [counted] = await counter.taken()
        counter.watch(server.port, 'anybody')
        // The replica's own is one of them.
        return counted?.most === 2
      })
      counter.watch(server.port)
      expect(await counter.taken()).toMatchObject([{ most: 0 }])
    } finally {
      child.kill()
    }
  },
)
