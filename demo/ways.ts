/** The ways from the console into a demo deployment: its ports as the profile names them, each with weather before it. */
import { connect } from 'node:net'
import { CLIENT_ADDRESS } from './servers/redis.ts'
import type { SshServer } from './servers/sshd.ts'
import { startWeather, type Weather } from './servers/weather.ts'

/** What a TCP server is asked so that it says something; a server that speaks first is asked nothing. */
const GREETINGS = {
  service: 'GET /health HTTP/1.0\r\n\r\n',
  // SSLRequest: PostgreSQL's documentation, "Message Formats".
  postgres: Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]),
  redis: 'PING\r\n',
  ssh: null,
} as const
type Kind = keyof typeof GREETINGS

export interface DemoWays {
  /** Ports on 127.0.0.1, as seen from the end of the chain. */
  readonly service: number
  readonly postgres: number
  readonly redis: number
  /** Of the hops, the bastion first. */
  readonly hops: readonly number[]
  /** What the console enters by: the bastion, else each of the servers. */
  readonly weathers: readonly Weather[]
  /** Milliseconds from dialling to the first word, over each way in whose server says one. */
  firstWords(): Promise<number[]>
  stop(): Promise<void>
}

export async function startWays(ports: {
  readonly service: number
  readonly postgres: number
  readonly redis: number
  readonly chain: readonly SshServer[]
}): Promise<DemoWays> {
  const { chain, ...servers } = ports
  const weathers = new Map<Kind, Weather>()
  const enter = async (kind: Kind, port: number): Promise<void> => {
    weathers.set(kind, await startWeather({ to: { host: '127.0.0.1', port } }))
  }
  const [bastion, ...further] = chain
  if (bastion === undefined) {
    for (const kind of ['service', 'postgres', 'redis'] as const) await enter(kind, servers[kind])
  } else {
    await enter('ssh', bastion.port)
  }
  const portOf = (kind: Kind, otherwise: number): number => weathers.get(kind)?.port ?? otherwise
  return {
    service: portOf('service', servers.service),
    postgres: portOf('postgres', servers.postgres),
    redis: portOf('redis', servers.redis),
    hops: bastion === undefined ? [] : [portOf('ssh', bastion.port), ...further.map(({ port }) => port)],
    weathers: [...weathers.values()],
    async firstWords() {
      const asked = await Promise.allSettled(
        [...weathers].map(([kind, { port }]) => firstWordMs(port, GREETINGS[kind])),
      )
      return asked.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    },
    async stop() {
      await Promise.all([...weathers.values()].map((weather) => weather.stop()))
    },
  }
}

/** A connection that loses its first packet five times is made after 31 s. */
const PATIENCE_MS = 40_000

/** Rejects where nothing is said in time. */
function firstWordMs(port: number, greeting: string | Buffer | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    // From the address of the demo's own clients: whoever counts the console's connections does not count this one.
    const socket = connect({ host: '127.0.0.1', port, localAddress: CLIENT_ADDRESS, noDelay: true })
    socket.setTimeout(PATIENCE_MS, () =>
      socket.destroy(new Error(`port ${port} said nothing within ${PATIENCE_MS / 1_000} s`)),
    )
    if (greeting !== null) socket.write(greeting)
    socket.once('data', () => {
      resolve(performance.now() - began)
      socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`port ${port} closed without a word`)))
  })
}
