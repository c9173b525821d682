/** An SSH server that does not keep to the rules: ssh2's own, whose messages are sent when and as a test likes. */
import { createServer, type Socket } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ServerConfig } from 'ssh2'
import { fingerprintOf } from '../../../src/main/engine/reach/known-hosts.ts'
import { uint32, wireString } from '../../../src/main/engine/reach/links/ssh-wire.ts'
import { type Ssh2Protocol, sendPayload } from '../../../src/main/engine/reach/links/ssh2-insides.ts'

/** Numbers of RFC 4250, section 4.1.2. */
export const MESSAGE = {
  disconnect: 1,
  serviceAccept: 6,
  loginFailure: 51,
  loginSuccess: 52,
  banner: 53,
  infoRequest: 60,
  globalRequest: 80,
  channelOpen: 90,
  channelOpenFailure: 92,
} as const

export const message = (kind: keyof typeof MESSAGE, ...fields: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.of(MESSAGE[kind]), ...fields])
export const text = wireString
export const number = uint32
export const flag = (value: boolean): Buffer => Buffer.of(value ? 1 : 0)

export interface Visit {
  readonly connection: Connection
  readonly socket: Socket
  /** Sends one message, in whatever state the connection is. */
  send(...payloads: readonly Buffer[]): void
}

export interface HostileServer {
  readonly port: number
  readonly fingerprint: string
  readonly knownHostsLine: string
  /** All that was received, as it came over the wire. */
  readonly received: () => Buffer
  /** The messages of what was received once keys were exchanged. */
  readonly heard: () => readonly Buffer[]
  readonly open: () => number
  /** How many there were, those included that are over. */
  readonly connections: () => number
  /** Ends all that are open. */
  cut(): void
  stop(): Promise<void>
}

export interface Hostility extends Partial<ServerConfig> {
  /** Right after our answer in the key exchange, before the client said that it takes our key. */
  readonly beforeHostKeyIsTaken?: (visit: Visit) => void
  /** For each attempt to log in. */
  readonly onLogin?: (context: AuthContext, visit: Visit) => void
  /** Once a client is in. */
  readonly onReady?: (visit: Visit) => void
}

interface Exchange {
  finish(): unknown
}

/** ssh2 leaves leading zeros out of one key in some hundred, and cannot read that again. */
function hostKey(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair
  }
}

export async function startHostileSshd({
  beforeHostKeyIsTaken,
  onLogin = (context) => context.accept(),
  onReady = () => {},
  ...config
}: Hostility = {}): Promise<HostileServer> {
  const pair = hostKey()
  const [type, encoded = ''] = pair.public.split(' ')
  const blob = Buffer.from(encoded, 'base64')
  const sockets = new Set<Socket>()
  const received: Buffer[] = []
  const heard: Buffer[] = []
  let connections = 0
  const sshd = new ssh2.Server({ hostKeys: [pair.private], ...config }, (connection) => {
    const socket = Reflect.get(connection, '_sock') as Socket
    const protocol = Reflect.get(connection, '_protocol') as Ssh2Protocol
    const visit: Visit = {
      connection,
      socket,
      send(...payloads) {
        socket.cork()
        for (const payload of payloads) sendPayload(protocol, payload)
        socket.uncork()
      },
    }
    const { _onPayload } = protocol
    protocol._onPayload = (payload) => {
      heard.push(Buffer.from(payload))
      return _onPayload(payload)
    }
    if (beforeHostKeyIsTaken !== undefined) hurry(protocol, socket, () => beforeHostKeyIsTaken(visit))
    connection.on('error', () => {})
    connection.on('authentication', (context) => onLogin(context, visit))
    connection.on('ready', () => onReady(visit))
  })
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    connections += 1
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    sshd.injectSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port,
    fingerprint: fingerprintOf(blob),
    knownHostsLine: `[127.0.0.1]:${port} ${type} ${encoded}`,
    received: () => Buffer.concat(received),
    heard: () => heard,
    open: () => sockets.size,
    connections: () => connections,
    cut,
    async stop() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Goes on as if the client had said already that it takes our key, all in one piece with our answer. */
function hurry(protocol: Ssh2Protocol, socket: Socket, then: () => void): void {
  let current: unknown
  Object.defineProperty(protocol, '_kex', {
    get: () => current,
    set(exchange: Exchange | undefined) {
      current = exchange
      if (exchange === undefined || Object.hasOwn(exchange, 'finish')) return
      const answer = exchange.finish.bind(exchange)
      exchange.finish = () => {
        socket.cork()
        answer()
        // What stands there now completes the exchange.
        exchange.finish()
        then()
        socket.uncork()
        // What the client says meanwhile is no longer understood, and need not be.
      }
    },
  })
}
