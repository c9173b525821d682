/** What is measured of a tunnel, given how to open a connection through it. */
import { once } from 'node:events'
import type { Duplex } from 'node:stream'

export type Dial = () => Promise<Duplex>

const MEBIBYTE = 2 ** 20
const BLOCK = Buffer.alloc(MEBIBYTE, 'row of a table ')
const PING = Buffer.alloc(64, '.')

/** MiB a second towards us, from asking to the last byte. */
export async function download(dial: Dial, mebibytes: number): Promise<number> {
  const wire = await dial()
  const seconds = await timed(() => {
    const received = bytes(wire, mebibytes * MEBIBYTE)
    wire.write(`send ${mebibytes}`)
    return received
  })
  wire.destroy()
  return mebibytes / seconds
}

/** MiB a second towards the server, from the first byte until it has said that it has the last one. */
export async function upload(dial: Dial, mebibytes: number): Promise<number> {
  const wire = await dial()
  const answered = bytes(wire, 1)
  wire.write(`take ${mebibytes} `.padEnd(16))
  const seconds = await timed(async () => {
    for (let sent = 0; sent < mebibytes; sent += 1) {
      if (!wire.write(BLOCK)) await once(wire, 'drain')
    }
    await answered
  })
  wire.destroy()
  return mebibytes / seconds
}

/** Milliseconds of each of some round trips of 64 bytes, one after the other. */
export async function roundTrips(dial: Dial, count: number): Promise<number[]> {
  const wire = await dial()
  const times: number[] = []
  for (let ping = 0; ping < count; ping += 1) times.push(1_000 * (await timed(() => ask(wire))))
  wire.destroy()
  return times
}

export interface Together {
  /** Milliseconds until all of them have had one answer, asked at once. */
  readonly answersMs: number
  /** MiB a second of all of them together. */
  readonly throughput: number
}

/** Many connections at once over the same tunnel. */
export async function together(dial: Dial, connections: number, mebibytesEach: number): Promise<Together> {
  const wires = await Promise.all(Array.from({ length: connections }, dial))
  const answersMs = 1_000 * (await timed(() => Promise.all(wires.map(ask))))
  const seconds = await timed(() =>
    Promise.all(
      wires.map((wire) => {
        const received = bytes(wire, mebibytesEach * MEBIBYTE)
        wire.write(`send ${mebibytesEach}`)
        return received
      }),
    ),
  )
  for (const wire of wires) wire.destroy()
  return { answersMs, throughput: (connections * mebibytesEach) / seconds }
}

function ask(wire: Duplex): Promise<void> {
  const answered = bytes(wire, PING.length)
  wire.write(PING)
  return answered
}

/** Resolves when so many bytes have come. */
function bytes(wire: Duplex, expected: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0
    const onClose = (): void => reject(new Error(`closed after ${received} of ${expected} bytes`))
    const onData = (chunk: Buffer): void => {
      received += chunk.length
      if (received < expected) return
      wire.off('data', onData).off('close', onClose)
      resolve()
    }
    wire.on('data', onData).once('close', onClose)
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1_000
}
