/** A real Redis on a free loopback port, in a directory of its own, for the demo and for tests. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { AbstractConnector, Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import { requireProgram } from './programs.ts'
import { onFreePort, type ServerProcess, startServerProcess, untilItAnswers } from './server-process.ts'
import { createTemporaryDirectory } from './temporary-directory.ts'

export interface RedisOptions {
  /** A random one where it is left out; `null` for a Redis that asks for none. */
  readonly password?: string | null
  /** Lines of `redis.conf`: `{ maxmemory: '16mb' }`. */
  readonly config?: Readonly<Record<string, string | number>>
  /** Whether it is a sentinel. */
  readonly sentinel?: boolean
  /** The path of the server's program; the system's where it is left out. */
  readonly program?: string | undefined
  /** Where it keeps its data; its own directory where it is left out. */
  readonly dataDirectory?: string
}

export interface RedisServer {
  readonly port: number
  /** Empty where none is asked for. */
  readonly password: string
  readonly directory: string
  readonly logFile: string
  /** Of the server that runs now. */
  readonly pid: number
  /** Stops it as a machine that hangs: connections stand, and nothing answers. */
  freeze(): void
  thaw(): void
  running(): boolean
  /** A client of its own connection that does not reconnect; the caller disconnects it. */
  connect(): Promise<Redis>
  /** Starts it again on the same port, stopping it first where it runs. */
  restart(): Promise<void>
  /** SIGKILL; `restart()` brings it back. */
  kill(): Promise<void>
  /** Stops it without removing anything; `restart()` brings it back. */
  halt(): Promise<void>
  /** Stops it for good and removes its directory. */
  stop(): Promise<void>
}

/** Starts one; it goes with this process. It saves nothing to disk unless `config.save` says so. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const command = options.program ?? requireProgram('redis-server')
  const home = createTemporaryDirectory('redis')
  const logFile = join(home.path, 'redis.log')
  const configFile = join(home.path, 'redis.conf')
  const password =
    options.password === null ? '' : (options.password ?? randomBytes(18).toString('base64url'))

  const connect = async (port: number): Promise<Redis> => {
    const client = new Redis({
      Connector: connectorTo(port),
      ...(password === '' ? {} : { password }),
      lazyConnect: true,
      // It would ask for INFO, which a server need not know.
      enableReadyCheck: false,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    })
    client.on('error', () => {})
    await client.connect()
    return client
  }

  const launch = async (port: number): Promise<ServerProcess> => {
    const settings = {
      bind: '127.0.0.1',
      port,
      dir: `"${options.dataDirectory ?? home.path}"`,
      save: '""',
      ...(password === '' ? { 'protected-mode': 'no' } : { requirepass: password }),
      ...options.config,
    }
    // In a file that only its owner reads: a password has no place in an argument list.
    const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`)
    await writeFile(configFile, lines.join(''), { mode: 0o600 })
    const server = startServerProcess({
      name: 'Redis',
      command,
      args: [configFile, ...(options.sentinel === true ? ['--sentinel'] : [])],
      logFile,
      stopSignal: 'TERM',
    })
    await untilItAnswers(server, { name: 'Redis', logFile }, async () => {
      const client = await connect(port)
      try {
        await client.ping()
      } finally {
        client.disconnect()
      }
    })
    return server
  }

  try {
    const started = await onFreePort(freePort, async (port) => ({ port, server: await launch(port) }))
    const { port } = started
    let current = started.server
    return {
      port,
      password,
      directory: home.path,
      logFile,
      get pid() {
        return current.pid
      },
      running: () => current.running(),
      freeze: () => void process.kill(current.pid, 'SIGSTOP'),
      thaw: () => void process.kill(current.pid, 'SIGCONT'),
      connect: () => connect(port),
      async restart() {
        await current.stop()
        current = await launch(port)
      },
      kill: () => current.kill(),
      halt: () => current.stop(),
      async stop() {
        await current.stop()
        await home.remove()
      },
    }
  } catch (error) {
    await home.remove()
    throw error
  }
}

/** Another loopback address than anybody else's: so the clients of tests are told from what is tested. */
export const CLIENT_ADDRESS = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1'

function connectorTo(port: number) {
  return class FromClientAddress extends AbstractConnector {
    constructor() {
      super(2_000)
    }
    connect() {
      this.connecting = true
      const stream = createConnection({ host: '127.0.0.1', port, localAddress: CLIENT_ADDRESS })
      this.stream = stream
      stream.once('error', (error) => {
        this.firstError = error
      })
      return Promise.resolve(stream)
    }
  }
}
