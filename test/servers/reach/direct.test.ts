import type { LookupAddress } from 'node:dns'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { createDirectWay } from '../../../src/main/engine/reach/direct.ts'
import { createNames } from '../../../src/main/engine/reach/names.ts'
import { openFirewalledPort } from '../../support/firewalled-port.ts'
import { closedPort } from '../../support/ports.ts'
import { failureOf, soon } from './reach-kit.ts'

const place = { hop: 'HTTP shop', on: 'target' } as const
const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
})

/** Listens on one address of the loopback; every one in 127/8 is this machine on Linux. */
async function listen(address: string, port = 0): Promise<number> {
  const server = createServer((socket) => socket.destroy())
  servers.push(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, resolve)
  })
  return (server.address() as { port: number }).port
}

const v4 = (...addresses: string[]): LookupAddress[] => addresses.map((address) => ({ address, family: 4 }))

function wayOf(answer: () => LookupAddress[] | Promise<LookupAddress[]>) {
  const names = createNames({ find: async () => answer(), clock: systemClock })
  return createDirectWay({ clock: systemClock, names })
}

async function dialled(way: ReturnType<typeof wayOf>, port: number): Promise<string> {
  let reached = ''
  const wire = await way.dial({ host: 'shop.example', port }, place, soon(8_000), (step, detail) => {
    if (step === 'tcp') reached = String(detail)
  })
  wire.destroy()
  return reached
}

describe.skipIf(process.platform !== 'linux')('a name (needs Linux for its many loopback addresses)', () => {
  it('that changes its address is followed at the next connection', async () => {
    const port = await listen('127.0.0.1')
    await listen('127.0.0.2', port)
    let current = '127.0.0.1'
    const way = wayOf(() => v4(current))
    expect(await dialled(way, port)).toBe(`127.0.0.1:${port}`)
    current = '127.0.0.2'
    expect(await dialled(way, port)).toBe(`127.0.0.2:${port}`)
  })

  it('with several addresses is reached at the one that is alive', async () => {
    const port = await listen('127.0.0.3')
    expect(
      await dialled(
        wayOf(() => v4('127.0.0.1', '127.0.0.2', '127.0.0.3')),
        port,
      ),
    ).toBe(`127.0.0.3:${port}`)
  })

  it('with an address that drops packets is reached at the next, soon', async () => {
    const silent = await openFirewalledPort()
    try {
      await listen('127.0.0.2', silent.port)
      const before = performance.now()
      expect(
        await dialled(
          wayOf(() => v4('127.0.0.1', '127.0.0.2')),
          silent.port,
        ),
      ).toBe(`127.0.0.2:${silent.port}`)
      expect(performance.now() - before).toBeLessThan(4_000)
    } finally {
      await silent.close()
    }
  })

  it('whose addresses all refuse, or whose servers are silent, is told so', async () => {
    const port = await closedPort()
    const refusing = wayOf(() => v4('127.0.0.1', '127.0.0.2'))
    expect(await failureOf(dialled(refusing, port))).toMatchObject({ step: 'tcp', code: 'tcp-refused' })
    const hanging = wayOf(() => new Promise(() => {}))
    const dial = hanging.dial({ host: 'shop.example', port }, place, soon(100))
    expect(await failureOf(dial)).toMatchObject({ step: 'resolve', code: 'resolver-silent' })
  })
})
