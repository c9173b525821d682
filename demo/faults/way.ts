/** Faults on the way from the console to a deployment. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { DemoDeployment } from '../deployment.ts'
import { type FaultName, FaultRefused } from '../fault-names.ts'
import { requireProgram } from '../servers/programs.ts'
import type { SshServer } from '../servers/sshd.ts'
import { waitUntil } from '../wait-until.ts'
import type { Fault } from './fault.ts'

const run = promisify(execFile)

const ROUND_TRIP_MS = 300
const LOSS = 0.1
/** What was lost is sent again after this at the earliest. */
const RETRANSMISSION_MS = 200

export const tunnelCut: Fault = {
  async begin(deployment) {
    const last = lastHop(deployment, 'tunnel-cut')
    await last.halt()
    await waitUntil('the hop closed', () => !last.running() && last.sessions() === 0)
  },
  async end(deployment) {
    const last = lastHop(deployment, 'tunnel-cut')
    if (!last.running()) await last.restart()
  },
}

export function createHostKeyChanged(): Fault {
  /** The first keys, by deployment: they come back when the fault ends. */
  const firsts = new Map<string, { path: string; secret: string; open: string }>()
  return {
    async begin(deployment) {
      const last = lastHop(deployment, 'host-key-changed')
      if (firsts.has(deployment.name)) return
      if (!last.running()) {
        throw new FaultRefused(
          `the last hop of ${deployment.name} is stopped, which tunnel-cut does: end that fault first`,
        )
      }
      const path = last.hostKeyPath
      const [secret, open] = await Promise.all([readFile(path, 'utf8'), readFile(`${path}.pub`, 'utf8')])
      firsts.set(deployment.name, { path, secret, open })
      await last.restart({ newHostKey: true })
      await waitUntil('another host key', async () => (await offeredKey(last)) !== keyIn(open))
    },
    async end(deployment) {
      const last = lastHop(deployment, 'host-key-changed')
      const first = firsts.get(deployment.name)
      if (first === undefined) return
      await writeFile(first.path, first.secret, { mode: 0o600 })
      await writeFile(`${first.path}.pub`, first.open)
      firsts.delete(deployment.name)
      // Where another fault has stopped it, it comes back with this key.
      if (!last.running()) return
      await last.restart()
      await waitUntil('the first host key again', async () => (await offeredKey(last)) === keyIn(first.open))
    },
  }
}

export const latency: Fault = {
  async begin(deployment) {
    await fastestWord(deployment)
    const { weathers, firstWords } = deployment.ways
    for (const weather of weathers) weather.latency(ROUND_TRIP_MS)
    await waitUntil('every way in slow', async () => (await firstWords()).every((ms) => ms >= ROUND_TRIP_MS))
  },
  async end({ ways }) {
    for (const weather of ways.weathers) weather.latency(0)
    await waitUntil('no way in slow', async () => (await ways.firstWords()).every((ms) => ms < ROUND_TRIP_MS))
  },
}

export const packetLoss: Fault = {
  async begin(deployment) {
    const fastest = await fastestWord(deployment)
    const { weathers, firstWords } = deployment.ways
    for (const weather of weathers) weather.loss(LOSS)
    // By chance most words come in time; of many some do not.
    await waitUntil(
      'a packet that was sent again',
      async () => (await firstWords()).some((ms) => ms >= fastest + RETRANSMISSION_MS),
      60_000,
    )
  },
  async end({ ways }) {
    for (const weather of ways.weathers) weather.loss(0)
  },
}

/** Over the fastest way in. What is closed altogether can be neither slow nor lossy. */
async function fastestWord({ name, ways }: DemoDeployment): Promise<number> {
  const words = await ways.firstWords()
  if (words.length > 0) return Math.min(...words)
  throw new FaultRefused(
    `nothing of ${name} answers, because its way is cut (tunnel-cut): end that fault first`,
  )
}

/** Those that only a deployment behind SSH can have. */
function lastHop({ name, chain }: DemoDeployment, fault: FaultName): SshServer {
  const last = chain.at(-1)
  if (last !== undefined) return last
  const missing = fault === 'tunnel-cut' ? 'no tunnel to cut' : 'no SSH hop whose host key could change'
  throw new FaultRefused(`${name} is reached directly: it has ${missing}; billing and ledger have one`)
}

/** The key that the server shows to whoever asks. */
async function offeredKey({ port }: SshServer): Promise<string> {
  const { stdout } = await run(requireProgram('ssh-keyscan'), [
    '-t',
    'ed25519',
    '-p',
    String(port),
    '127.0.0.1',
  ])
  return keyIn(stdout.replace(/^\S+ /m, ''))
}

/** Of a public key's line. */
function keyIn(line: string): string {
  return /ssh-ed25519 (\S+)/.exec(line)?.[1] ?? ''
}
