/** Much data through a tunnel: whole, in order, no faster than it is read, and over with the connection. */
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import type { Wire } from '../../../src/main/engine/reach/way.ts'
import { until } from '../../support/until.ts'
import { createKit, hopOf, soon } from './reach-kit.ts'

const target = { hop: 'far', on: 'target' } as const
const MEBIBYTE = 2 ** 20
const BYTES = 64 * MEBIBYTE
/** The keys change every 16 MiB: in the middle of everything here, and more than once. */
const REKEYED = { config: { RekeyLimit: '16M' } }
/** Pieces of this are sent, so that a piece too many, too few or in another's place shows. */
const RANDOM = randomBytes(4 * MEBIBYTE)

let bastion: SshServer
beforeAll(async () => {
  bastion = await startSshd(REKEYED)
})
afterAll(() => bastion?.stop())

describe('bulk data', () => {
  it.each([1, 2])(
    'comes through %d hops as it was sent, both ways at once, while keys change',
    async (hops) => {
      const far = await startFar(async (socket) => {
        const [sent, got] = await Promise.all([sendRandom(socket, BYTES), digest(socket, BYTES)])
        return { sent, got }
      })
      const inner = hops === 2 ? await startSshd(REKEYED) : null
      try {
        const wire = await dial(inner === null ? [bastion] : [bastion, inner], far.port)
        const [sent, got] = await Promise.all([sendRandom(wire, BYTES), digest(wire, BYTES)])
        expect({ sent: got, got: sent }).toEqual(await far.result)
        wire.destroy()
      } finally {
        await inner?.stop()
        far.close()
      }
    },
    60_000,
  )

  it('comes no faster than it is read', async () => {
    let given = 0
    const far = await startFar((socket) => sendRandom(socket, BYTES, (bytes) => (given = bytes)))
    try {
      const wire = await dial([bastion], far.port)
      await standsStill(() => given)
      // The windows of SSH, 2 MiB each, and what the kernel buffers.
      expect(given).toBeLessThan(32 * MEBIBYTE)
      expect(wire.readableLength).toBeLessThan(MEBIBYTE)
      const got = await digest(wire, BYTES)
      expect(got).toBe(await far.result)
      wire.destroy()
    } finally {
      far.close()
    }
  }, 60_000)

  it('goes no faster than it is taken', async () => {
    const taking = Promise.withResolvers<void>()
    const far = await startFar(async (socket) => {
      socket.pause()
      await taking.promise
      socket.resume()
      return digest(socket, BYTES)
    })
    try {
      const wire = await dial([bastion], far.port)
      let given = 0
      const sent = sendRandom(wire, BYTES, (bytes) => (given = bytes))
      await standsStill(() => given)
      expect(given).toBeLessThan(32 * MEBIBYTE)
      taking.resolve()
      expect(await far.result).toBe(await sent)
      wire.destroy()
    } finally {
      far.close()
    }
  }, 60_000)

  it('ends when the connection is cut in the middle, and the next one is whole', async () => {
    const far = await startFar((socket) => sendRandom(socket, BYTES))
    far.result.catch(() => {})
    try {
      const kit = await createKit()
      await kit.know(bastion)
      const link = kit.links.chain([hopOf(bastion)], {})
      const wire = await link.dial({ host: '127.0.0.1', port: far.port }, target, soon())
      let got = 0
      wire.on('data', (piece: Buffer) => {
        got += piece.length
      })
      void sendRandom(wire, BYTES).catch(() => {})
      const closed = new Promise((resolve) => wire.once('close', resolve))
      await until(() => got > MEBIBYTE)
      await bastion.cut()
      await closed
      expect(got).toBeLessThan(BYTES)
      // The first attempts may still meet the connection that was cut.
      const again = await until(() => link.dial({ host: '127.0.0.1', port: far.port }, target, soon()))
      expect(await digest(again, BYTES)).toBe(createHash('sha256').update(all(BYTES)).digest('hex'))
      again.destroy()
    } finally {
      far.close()
    }
  }, 60_000)

  it('that was changed on its way reaches nobody', async () => {
    const far = await startFar((socket) => sendRandom(socket, BYTES))
    far.result.catch(() => {})
    const relay = await startRelay(bastion.port)
    try {
      const kit = await createKit()
      const through = { ...bastion, port: relay.port }
      await kit.know({
        ...through,
        knownHostsLine: bastion.knownHostsLine.replace(`:${bastion.port}`, `:${relay.port}`),
      })
      const link = kit.links.chain([hopOf(through)], {})
      const wire = await link.dial({ host: '127.0.0.1', port: far.port }, target, soon())
      const got: Buffer[] = []
      wire.on('data', (piece: Buffer) => {
        got.push(piece)
        relay.change()
      })
      await new Promise((resolve) => wire.once('close', resolve))
      const bytes = Buffer.concat(got)
      expect(bytes.length).toBeLessThan(BYTES)
      expect(bytes.equals(all(bytes.length))).toBe(true)
    } finally {
      far.close()
      relay.close()
    }
  }, 60_000)
})

async function dial(hops: readonly SshServer[], port: number): Promise<Wire> {
  const kit = await createKit()
  await kit.know(...hops)
  return kit.links.chain(hops.map(hopOf), {}).dial({ host: '127.0.0.1', port }, target, soon())
}

/** A server at the far end, for one connection after the other; what became of the first. */
async function startFar<T>(serve: (socket: Socket) => Promise<T>) {
  const result = Promise.withResolvers<T>()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    serve(socket).then(result.resolve, result.reject)
  })
  return { port: await listening(server), result: result.promise, close: () => server.close() }
}

/** Between us and an sshd; `change()` has it turn one bit of what the server sends next. */
async function startRelay(port: number) {
  let isChanging = false
  const server = createServer((socket) => {
    const behind = connect({ host: '127.0.0.1', port })
    for (const end of [socket, behind]) end.on('error', () => {})
    behind.on('data', (chunk: Buffer) => {
      if (isChanging && chunk.length > 1_000) {
        isChanging = false
        chunk[700] = (chunk[700] ?? 0) ^ 1
      }
      if (!socket.write(chunk)) behind.pause()
    })
    socket.on('drain', () => behind.resume())
    socket.pipe(behind)
    socket.on('close', () => behind.destroy())
    behind.on('close', () => socket.destroy())
  })
  const own = await listening(server)
  return { port: own, change: () => (isChanging = true), close: () => server.close() }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Sends so many bytes in pieces of any size; resolves with their digest. */
async function sendRandom(
  wire: Socket | Wire,
  bytes: number,
  onGiven: (bytes: number) => void = () => {},
): Promise<string> {
  const hash = createHash('sha256')
  for (let sent = 0; sent < bytes; ) {
    const from = sent % RANDOM.length
    const size = Math.min(randomInt(2) === 0 ? randomInt(1, 2_000) : randomInt(1, 300_000), bytes - sent)
    const piece = RANDOM.subarray(from, from + size)
    hash.update(piece)
    sent += piece.length
    onGiven(sent)
    if (!wire.write(piece)) await once(wire, 'drain', { signal: closing(wire) })
  }
  return hash.digest('hex')
}

const signals = new WeakMap<object, AbortSignal>()

/** Aborted when the wire closes: nothing drains then. */
function closing(wire: Socket | Wire): AbortSignal {
  let signal = signals.get(wire)
  if (signal === undefined) {
    const controller = new AbortController()
    signal = controller.signal
    signals.set(wire, signal)
    if (wire.destroyed) controller.abort()
    wire.once('close', () => controller.abort())
  }
  return signal
}

/** What is sent, up to so many bytes. */
function all(bytes: number): Buffer {
  return Buffer.alloc(bytes, RANDOM)
}

/** The digest of the next so many bytes. */
function digest(wire: Socket | Wire, bytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256')
    let got = 0
    wire.on('data', (piece: Buffer) => {
      hash.update(piece)
      got += piece.length
      if (got >= bytes) resolve(`${hash.copy().digest('hex')}${got > bytes ? ' and more' : ''}`)
    })
    wire.once('close', () => reject(new Error(`closed after ${got} of ${bytes} bytes`)))
  })
}

/** Resolves when a figure has begun to grow and grows no more. */
async function standsStill(figure: () => number): Promise<void> {
  let before = -1
  await until(
    () => {
      const now = figure()
      const stands = now > 0 && now === before
      before = now
      return stands
    },
    { everyMs: 500, timeoutMs: 20_000 },
  )
}
