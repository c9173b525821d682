/** A tunnel of ours beside `ssh -L` over the same sshd, in turns: throughput, round trip, many connections at once. */
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
import { type Dial, download, roundTrips, together, upload } from './tunnel-measures.ts'
import { startSource } from './tunnel-source.ts'

const ROUNDS = 7
const MEBIBYTES = 128
const PINGS = 300
const CONNECTIONS = 200
const MEBIBYTES_EACH = 1

export async function benchTunnel(): Promise<BenchLine[]> {
  const directory = await mkdtemp(join(tmpdir(), 'vakhta-bench-tunnel-'))
  const sshd = await startSshd()
  const source = await startSource()
  let peer: ChildProcess | null = null
  try {
    const peerPort = await freePort()
    await mkdir(join(directory, '.ssh'))
    const knownHosts = join(directory, '.ssh', 'known_hosts')
    await writeFile(knownHosts, `${sshd.knownHostsLine}\n`)
    peer = startPeer(sshd, knownHosts, peerPort, source.port)
    const throughPeer = async (): Promise<Duplex> => {
      const socket = connect({ host: '127.0.0.1', port: peerPort, noDelay: true })
      await once(socket, 'connect')
      return socket
    }
    await until(async () => (await throughPeer()).destroy())
    return await withOurs(directory, sshd, source.port, (throughOurs) => compare(throughOurs, throughPeer))
  } finally {
    peer?.kill()
    source.child.kill()
    await sshd.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

/** As people run it: the defaults of the installed OpenSSH. */
export function startPeer(sshd: SshServer, knownHosts: string, port: number, target: number): ChildProcess {
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

/** Both in turns, so that what else the machine does falls on both; the median of the pairs' ratios counts. */
async function compare(ours: Dial, peer: Dial): Promise<BenchLine[]> {
  const inMiB = (value: number): string => `${value.toFixed(0)} MiB/s`
  const inMs = (value: number): string => `${value.toFixed(value < 10 ? 3 : 0)} ms`
  const down = await paired(ours, peer, (dial) => download(dial, MEBIBYTES))
  const up = await paired(ours, peer, (dial) => upload(dial, MEBIBYTES))
  const trip = await paired(ours, peer, async (dial) => median(await roundTrips(dial, PINGS)))
  const many = await rounds(ours, peer, (dial) => together(dial, CONNECTIONS, MEBIBYTES_EACH))
  const answers = pairOf(many, ({ answersMs }) => answersMs)
  const wide = pairOf(many, ({ throughput }) => throughput)
  const line = (
    name: string,
    budget: string,
    { ratio, of, peer: theirs }: Pair,
    ok: boolean,
    show: (value: number) => string,
  ): BenchLine => ({
    name: `${name}, median of ${ROUNDS} pairs`,
    budget,
    value: `${ratio.toFixed(2)} × (${show(of)})`,
    ok,
    peer: `ssh -L: ${show(theirs)}`,
  })
  const fast = '≥ 1.0 × ssh -L [1.2]'
  const soon = '≤ 1.5 × ssh -L, or ≤ 1 ms'
  return [
    line(`tunnel throughput towards us, ${MEBIBYTES} MiB`, fast, down, down.ratio >= 1, inMiB),
    line(`tunnel throughput from us, ${MEBIBYTES} MiB`, fast, up, up.ratio >= 1, inMiB),
    line(`tunnel round trip, ${PINGS} of them`, soon, trip, trip.of <= 1 || trip.ratio <= 1.5, inMs),
    line(`tunnel, ${CONNECTIONS} answers at once`, '≤ 1.5 × ssh -L', answers, answers.ratio <= 1.5, inMs),
    line(`tunnel throughput of ${CONNECTIONS} connections together`, fast, wide, wide.ratio >= 1, inMiB),
  ]
}

interface Pair {
  /** Ours to the peer's, the median of the pairs. */
  readonly ratio: number
  readonly of: number
  readonly peer: number
}

async function paired(ours: Dial, peer: Dial, measure: (dial: Dial) => Promise<number>): Promise<Pair> {
  return pairOf(await rounds(ours, peer, measure), (value) => value)
}

interface Round<T> {
  readonly ours: T
  readonly peer: T
}

/** One round to warm up, then each of them first in turn. */
async function rounds<T>(ours: Dial, peer: Dial, measure: (dial: Dial) => Promise<T>): Promise<Round<T>[]> {
  await measure(ours)
  await measure(peer)
  const measured: Round<T>[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round % 2 === 0 ? { ours: await measure(ours) } : null
    const theirs = await measure(peer)
    measured.push({ ours: first === null ? await measure(ours) : first.ours, peer: theirs })
  }
  return measured
}

function pairOf<T>(measured: readonly Round<T>[], figure: (of: T) => number): Pair {
  const figures = measured.map(({ ours, peer }) => ({ ours: figure(ours), peer: figure(peer) }))
  return {
    ratio: median(figures.map(({ ours, peer }) => ours / peer)),
    of: median(figures.map(({ ours }) => ours)),
    peer: median(figures.map(({ peer }) => peer)),
  }
}
