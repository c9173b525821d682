/** A tunnel of ours beside `ssh -L` over the same sshd, in turns: throughput and round trip. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { freePort } from '../../demo/servers/free-port.ts'
import { type SshServer, startSshd } from '../../demo/servers/sshd.ts'
import { systemClock } from '../../src/main/engine/clock.ts'
import { silentLog } from '../../src/main/engine/log.ts'
import { createHostKeys } from '../../src/main/engine/reach/host-keys.ts'
import { createLinks } from '../../src/main/engine/reach/links/links.ts'
import { thisMachine } from '../../src/main/engine/reach/machine.ts'
import { nobody } from '../../src/main/engine/reach/questions.ts'
import { openStore } from '../../src/main/engine/store/open-store.ts'
import { until } from '../support/until.ts'
import type { BenchLine } from './line.ts'
import { median } from './median.ts'

const ROUNDS = 7
const MEBIBYTES = 192
const PINGS = 300

/** Sends what it is asked for: a byte for an echo, or that many MiB. Runs apart, as a database does. */
const SOURCE = `
  const block = Buffer.alloc(1 << 20, 'row of a table ')
  const server = require('node:net').createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {})
    socket.on('data', async (asked) => {
      const text = asked.toString('latin1')
      if (!text.startsWith('send ')) return socket.write(asked)
      for (let left = Number(text.slice(5)); left > 0; left -= 1) {
        if (!socket.write(block)) await new Promise((resolve) => socket.once('drain', resolve))
      }
    })
  })
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
`

export async function benchTunnel(): Promise<BenchLine[]> {
  const directory = await mkdtemp(join(tmpdir(), 'vakhta-bench-tunnel-'))
  const sshd = await startSshd()
  const source = spawn(process.execPath, ['-e', SOURCE], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  let peer: ChildProcess | null = null
  try {
    const [sourcePort] = (await once(source, 'message')) as [number]
    const peerPort = await freePort()
    await mkdir(join(directory, '.ssh'))
    const knownHosts = join(directory, '.ssh', 'known_hosts')
    await writeFile(knownHosts, `${sshd.knownHostsLine}\n`)
    peer = startPeer(sshd, knownHosts, peerPort, sourcePort)
    const throughPeer = async (): Promise<Duplex> => {
      const socket = connect({ host: '127.0.0.1', port: peerPort, noDelay: true })
      await once(socket, 'connect')
      return socket
    }
    await until(async () => (await throughPeer()).destroy())
    return await withOurs(directory, sshd, sourcePort, (throughOurs) => compare(throughOurs, throughPeer))
  } finally {
    peer?.kill()
    source.kill()
    await sshd.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

/** As people run it: the defaults of the installed OpenSSH. */
function startPeer(sshd: SshServer, knownHosts: string, port: number, target: number): ChildProcess {
  const options = [
    'BatchMode=yes',
    'ExitOnForwardFailure=yes',
    'IdentitiesOnly=yes',
    `UserKnownHostsFile=${knownHosts}`,
  ]
  return spawn(
    'ssh',
    [
      ...['-F', 'none', '-N', '-L', `127.0.0.1:${port}:127.0.0.1:${target}`, '-i', sshd.clientKeyPath],
      ...['-p', String(sshd.port), ...options.flatMap((option) => ['-o', option]), `${sshd.user}@127.0.0.1`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
}

async function withOurs<T>(
  directory: string,
  sshd: SshServer,
  port: number,
  use: (dial: () => Promise<Duplex>) => Promise<T>,
): Promise<T> {
  const store = openStore({ dataDirectory: directory, log: silentLog })
  const links = createLinks({
    hostKeys: createHostKeys({ store, clock: systemClock, home: directory }),
    resolveSecret: (reference) => readFile(reference.slice('file:'.length), 'utf8'),
    clock: systemClock,
    random: Math.random,
    log: silentLog,
    questions: nobody,
    machine: thisMachine(),
  })
  const link = links.chain(
    [{ host: '127.0.0.1', port: sshd.port, user: sshd.user, key: `file:${sshd.clientKeyPath}` }],
    {},
  )
  const signal = new AbortController().signal
  const place = { hop: 'source', on: 'target' } as const
  try {
    return await use(() => link.dial({ host: '127.0.0.1', port }, place, { signal, timeoutMs: 10_000 }))
  } finally {
    await link.release()
    await links.close()
    await store.close()
  }
}

/** Both ways in turns, so that what else the machine does falls on both; the median of the pairs counts. */
async function compare(ours: () => Promise<Duplex>, peer: () => Promise<Duplex>): Promise<BenchLine[]> {
  await throughput(ours)
  await throughput(peer)
  const pairs: { ours: number; peer: number }[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round % 2 === 0 ? await throughput(ours) : null
    const theirs = await throughput(peer)
    pairs.push({ ours: first ?? (await throughput(ours)), peer: theirs })
  }
  const ratio = median(pairs.map((pair) => pair.ours / pair.peer))
  const [oursMs, peerMs] = [await roundTrip(ours), await roundTrip(peer)]
  return [
    {
      name: `tunnel throughput, ${MEBIBYTES} MiB, median of ${ROUNDS} pairs`,
      budget: '≥ 1.0 × ssh -L [1.2]',
      value: `${ratio.toFixed(2)} × (${median(pairs.map((pair) => pair.ours)).toFixed(0)} MiB/s)`,
      ok: ratio >= 1,
      peer: `ssh -L: ${median(pairs.map((pair) => pair.peer)).toFixed(0)} MiB/s`,
    },
    {
      name: `tunnel round trip, median of ${PINGS}`,
      budget: '≤ 1.5 × ssh -L, or ≤ 1 ms',
      value: `${oursMs.toFixed(3)} ms`,
      ok: oursMs <= Math.max(1, peerMs * 1.5),
      peer: `ssh -L: ${peerMs.toFixed(3)} ms`,
    },
  ]
}

/** MiB a second, from asking to the last byte. */
async function throughput(dial: () => Promise<Duplex>): Promise<number> {
  const wire = await dial()
  const expected = MEBIBYTES * 2 ** 20
  let received = 0
  const all = Promise.withResolvers<void>()
  wire.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (received >= expected) all.resolve()
  })
  wire.once('close', () => all.reject(new Error(`closed after ${received} of ${expected} bytes`)))
  const startedAt = performance.now()
  wire.write(`send ${MEBIBYTES}`)
  await all.promise
  const seconds = (performance.now() - startedAt) / 1_000
  wire.destroy()
  return MEBIBYTES / seconds
}

/** Milliseconds for 64 bytes there and back. */
async function roundTrip(dial: () => Promise<Duplex>): Promise<number> {
  const wire = await dial()
  const times: number[] = []
  for (let ping = 0; ping < PINGS; ping += 1) {
    const startedAt = performance.now()
    wire.write(Buffer.alloc(64, '.'))
    await once(wire, 'data')
    times.push(performance.now() - startedAt)
  }
  wire.destroy()
  return median(times)
}
