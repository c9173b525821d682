/** A real sshd on a free loopback port, with keys of its own, for the demo and for tests. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { childrenOf, descendantsOf } from './process-tree.ts'
import { requireProgram } from './programs.ts'
import { onFreePort, type ServerProcess, startServerProcess, untilItAnswers } from './server-process.ts'
import { createTemporaryDirectory } from './temporary-directory.ts'

const run = promisify(execFile)

export interface SshdOptions {
  /** Who may log in; this process' user otherwise. An sshd that is not root's lets in nobody else. */
  readonly users?: readonly string[]
  /** Public keys let in besides the client key that is made here. */
  readonly authorizedKeys?: readonly string[]
  /** `MaxStartups`: connections that may be before authentication at once. */
  readonly maxStartups?: string
  /** `MaxSessions` on one connection. */
  readonly maxSessions?: number
  /** Further lines of `sshd_config`. */
  readonly config?: Readonly<Record<string, string | number>>
  /** As `config`, of what is known only once the server has its keys; asked anew whenever it is started. */
  readonly configure?: (files: {
    readonly directory: string
    readonly hostKeyPath: string
  }) => Promise<Readonly<Record<string, string | number>>>
  /** A command that sshd is run by: into a mount namespace with accounts of its own, for example. */
  readonly inside?: readonly string[]
}

export interface SshServer {
  readonly port: number
  /** Whom to log in as. */
  readonly user: string
  readonly hostKeyPath: string
  /** `SHA256:…`, as OpenSSH prints it. */
  readonly hostFingerprint: string
  /** A line for a `known_hosts` file; without a newline. */
  readonly knownHostsLine: string
  /** A private Ed25519 key that is let in; without a passphrase. */
  readonly clientKeyPath: string
  readonly clientPublicKey: string
  readonly directory: string
  readonly logFile: string
  /** Of the listener that runs now. */
  readonly pid: number
  running(): boolean
  /** How many connections are open at the server. */
  sessions(): number
  /** Kills every connection; the server goes on listening. Gives how many there were. */
  cut(): Promise<number>
  /** Ends the server and its connections; nothing listens until `restart()`. */
  halt(): Promise<void>
  /** Starts it again on the same port, ending it and its connections first where it runs. */
  restart(options?: { newHostKey?: boolean }): Promise<void>
  /** SIGKILL to the listener and its connections. */
  kill(): Promise<void>
  /** Stops it for good and removes its directory. */
  stop(): Promise<void>
}

/** Starts one; it goes with this process. It takes keys only, and forwards anything. */
export async function startSshd(options: SshdOptions = {}): Promise<SshServer> {
  // sshd re-executes itself for each connection, and insists on an absolute path for that.
  const command = requireProgram('sshd')
  const home = createTemporaryDirectory('sshd')
  const inHome = (name: string) => join(home.path, name)
  const logFile = inHome('sshd.log')
  const users = options.users ?? [userInfo().username]
  const user = users[0] ?? userInfo().username
  // The privilege separation directory; Debian's service makes it, and it is gone after a boot.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })

  try {
    await makeKey(inHome('host_key'))
    await makeKey(inHome('client_key'))
    const clientPublicKey = (await readFile(inHome('client_key.pub'), 'utf8')).trim()
    await writeFile(
      inHome('authorized_keys'),
      `${[clientPublicKey, ...(options.authorizedKeys ?? [])].join('\n')}\n`,
      { mode: 0o600 },
    )

    const launch = async (port: number): Promise<ServerProcess> => {
      const settings = {
        Port: port,
        ListenAddress: '127.0.0.1',
        HostKey: inHome('host_key'),
        AuthorizedKeysFile: inHome('authorized_keys'),
        PidFile: inHome('sshd.pid'),
        AllowUsers: users.join(' '),
        StrictModes: 'no',
        UsePAM: needsPam() ? 'yes' : 'no',
        PermitRootLogin: 'prohibit-password',
        PubkeyAuthentication: 'yes',
        PasswordAuthentication: 'no',
        KbdInteractiveAuthentication: 'no',
        AllowTcpForwarding: 'yes',
        UseDNS: 'no',
        PrintMotd: 'no',
        PrintLastLog: 'no',
        LogLevel: 'INFO',
        Subsystem: 'sftp internal-sftp',
        // Whoever logs in is somebody with a shell's start-up files of their own, which are no part of this: one that
        // waits for a lock would hold up every session.
        SetEnv: `HOME=${home.path}`,
        ...(options.maxStartups === undefined ? {} : { MaxStartups: options.maxStartups }),
        ...(options.maxSessions === undefined ? {} : { MaxSessions: options.maxSessions }),
        ...options.config,
        ...(await options.configure?.({ directory: home.path, hostKeyPath: inHome('host_key') })),
      }
      const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`)
      await writeFile(inHome('sshd_config'), lines.join(''), { mode: 0o600 })
      const [program, ...args] = [...(options.inside ?? []), command, '-D', '-e', '-f', inHome('sshd_config')]
      const server = startServerProcess({
        name: 'sshd',
        command: program ?? command,
        args,
        logFile,
        stopSignal: 'TERM',
      })
      await untilItAnswers(server, { name: 'sshd', logFile }, () => readBanner(port))
      return server
    }

    const started = await onFreePort(freePort, async (port) => ({ port, server: await launch(port) }))
    const { port } = started
    let current = started.server
    let hostKey = readHostKey(inHome('host_key.pub'))

    const cut = async () => {
      const connections = childrenOf(current.pid)
      killAll(descendantsOf(current.pid))
      while (connections.some((pid) => isRunning(pid))) await new Promise((resolve) => setTimeout(resolve, 5))
      return connections.length
    }
    const halt = async () => {
      if (!current.running()) return
      // The listener first, or it takes a connection that is made while the others are killed.
      const below = descendantsOf(current.pid)
      await current.stop()
      killAll(below)
      while (below.some((pid) => isRunning(pid))) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return {
      port,
      user,
      hostKeyPath: inHome('host_key'),
      get hostFingerprint() {
        return hostKey.fingerprint
      },
      get knownHostsLine() {
        return `[127.0.0.1]:${port} ${hostKey.line}`
      },
      clientKeyPath: inHome('client_key'),
      clientPublicKey,
      directory: home.path,
      logFile,
      get pid() {
        return current.pid
      },
      running: () => current.running(),
      sessions: () => (current.running() ? childrenOf(current.pid).length : 0),
      cut,
      halt,
      async restart({ newHostKey = false } = {}) {
        await halt()
        if (newHostKey) await makeKey(inHome('host_key'))
        // Somebody may have put another one there.
        hostKey = readHostKey(inHome('host_key.pub'))
        current = await launch(port)
      },
      async kill() {
        const below = descendantsOf(current.pid)
        await current.kill()
        killAll(below)
      },
      async stop() {
        await halt()
        await home.remove()
      },
    }
  } catch (error) {
    await home.remove()
    throw error
  }
}

/** Makes an Ed25519 key pair without a passphrase at `path` and `path.pub`, in place of one that is there. */
export async function makeKey(path: string): Promise<void> {
  await Promise.all([rm(path, { force: true }), rm(`${path}.pub`, { force: true })])
  await run(requireProgram('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-C', 'vakhta-demo', '-f', path])
}

/** Without PAM, sshd refuses an account whose password is locked, as root's is on some machines. */
function needsPam(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    return /^root:!/m.test(readFileSync('/etc/shadow', 'utf8'))
  } catch {
    return false
  }
}

function readHostKey(path: string): { line: string; fingerprint: string } {
  const [type = '', blob = ''] = readFileSync(path, 'utf8').trim().split(' ')
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64')
  return { line: `${type} ${blob}`, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` }
}

/** Resolves when the server says who it is. */
function readBanner(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.setTimeout(2_000, () => socket.destroy(new Error('no banner within 2 s')))
    socket.once('data', (data) => {
      if (data.toString('latin1').startsWith('SSH-')) resolve()
      else reject(new Error('that is no SSH server'))
      socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed without a banner')))
  })
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {} // ended by itself
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(
      process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : '',
    )
  } catch {
    return false
  }
}
