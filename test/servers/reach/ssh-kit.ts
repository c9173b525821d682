/** What the tests of SSH logins share: stops in all their detail, keys of every kind, agents, and the server's own log. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { SshServer } from '../../../demo/servers/sshd.ts'
import { createDirectWay } from '../../../src/main/engine/reach/direct.ts'
import { openHop } from '../../../src/main/engine/reach/links/hop.ts'
import { routeOf } from '../../../src/main/engine/reach/links/routes.ts'
import type { SshConnection } from '../../../src/main/engine/reach/links/ssh-connection.ts'
import type { SshStop } from '../../../src/main/engine/reach/links/stop.ts'
import { thisMachine } from '../../../src/main/engine/reach/machine.ts'
import type { Asked, Questions } from '../../../src/main/engine/reach/questions.ts'
import { until } from '../../support/until.ts'
import { hopOf, type Kit } from './reach-kit.ts'

/** A stop at a test's sshd; `overrides` say what is special about it. */
export function stopOf(server: SshServer, overrides: Partial<SshStop> = {}): SshStop {
  const [stop] = routeOf([hopOf(server)], {}, thisMachine())
  if (stop === undefined) throw new Error('a hop leads to a stop')
  return { ...stop, ...overrides }
}

/** Logs in once and logs out again; the steps that were told. */
export async function logIn(
  kit: Kit,
  stop: SshStop,
  use: (connection: SshConnection) => unknown = () => {},
): Promise<string[]> {
  const steps: string[] = []
  const way = createDirectWay({ clock: kit.clock })
  const signal = AbortSignal.timeout(60_000)
  const connection = await openHop({ stop, way, dependencies: kit }, signal, (step, detail) =>
    steps.push(`${step} ${typeof detail === 'string' ? detail : ''}`.trim()),
  )
  try {
    await use(connection)
  } finally {
    await connection.close()
  }
  return steps
}

export type KeyKind = 'ed25519' | 'ecdsa' | 'rsa'

/** Makes a key pair with ssh-keygen; gives the path of the private half. */
export function makeKeyPair(
  directory: string,
  name: string,
  { kind = 'ed25519' as KeyKind, bits = null as number | null, form = 'RFC4716', passphrase = '' } = {},
): string {
  const path = join(directory, name)
  const size = bits ?? (kind === 'rsa' ? 2_048 : null)
  execFileSync('ssh-keygen', [
    ...['-q', '-t', kind, '-N', passphrase, '-C', name, '-f', path],
    ...(size === null ? [] : ['-b', String(size)]),
    ...(form === 'RFC4716' ? [] : ['-m', form]),
  ])
  return path
}

/** Signs `KEY.pub` as an authority; the certificate is `KEY-cert.pub`. */
export function certify(authority: string, key: string, options: readonly string[]): string {
  execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'a test', ...options, `${key}.pub`], {
    stdio: 'pipe',
  })
  return `${key}-cert.pub`
}

export const publicLine = (key: string): string => readFileSync(`${key}.pub`, 'utf8').trim()

export interface TestAgent {
  readonly path: string
  add(...keys: string[]): void
  lock(): void
  stop(): Promise<void>
}

/** A real ssh-agent. */
export async function startAgent(directory: string): Promise<TestAgent> {
  const path = join(directory, `agent-${Math.random().toString(36).slice(2, 8)}`)
  const child = spawn('ssh-agent', ['-D', '-a', path], { stdio: 'ignore' })
  await until(() => existsSync(path))
  const env = { ...process.env, SSH_AUTH_SOCK: path }
  return {
    path,
    add(...keys) {
      for (const key of keys) execFileSync('ssh-add', ['-q', key], { env, stdio: 'pipe' })
    },
    lock() {
      // ssh-add asks for the passphrase on a terminal; a locked agent is one that was sent this message.
      const passphrase = Buffer.from('locked by a test')
      const message = Buffer.concat([
        Buffer.of(0, 0, 0, 5 + passphrase.length, 22, 0, 0, 0, passphrase.length),
        passphrase,
      ])
      const script = `require('node:net').connect(${JSON.stringify(path)}).end(Buffer.from('${message.toString('hex')}','hex')).resume()`
      execFileSync(process.execPath, ['-e', script])
    },
    async stop() {
      if (child.exitCode !== null) return
      child.kill()
      await once(child, 'exit')
    },
  }
}

/** How often something stands in a server's log. */
export function logged(server: Pick<SshServer, 'logFile'>, pattern: RegExp): number {
  return readFileSync(server.logFile, 'utf8').match(new RegExp(pattern, 'g'))?.length ?? 0
}

/** Answers questions as a person would, and notes them. */
export function answering(
  answer: (asked: Asked) => readonly string[] | Promise<readonly string[]>,
): Pick<Questions, 'ask'> & { readonly asked: Asked[] } {
  const asked: Asked[] = []
  return {
    asked,
    async ask(question) {
      asked.push(question)
      return answer(question)
    },
  }
}

/** Whether something listens there. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
