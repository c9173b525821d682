/**
 * From a Compose file to what is to be watched. Addresses are those of the machine that the containers run on: published
 * ports, seen from there. What is not published cannot be reached from outside of the containers' network, and is noted.
 */
import { type ComposeFile, type ComposeService, optionOf } from './compose-file.ts'
import { webOf } from './compose-web.ts'
import type { Variables } from './dotenv.ts'
import { type ApplicationFound, readVariables } from './environment.ts'
import { type Role, roleOf } from './images.ts'
import { interpolate } from './interpolate.ts'
import {
  emptySketch,
  type Found,
  type LogFound,
  note,
  type PostgresFound,
  type RedisFound,
  type Sketch,
} from './sketch.ts'

const POSTGRES_PORT = 5432
const REDIS_PORT = 6379

interface Part {
  readonly service: ComposeService
  readonly role: Role | null
  /** What its own environment names; empty of servers' images. */
  readonly uses: Sketch
  readonly application: ApplicationFound
}

export function readCompose(sketch: Sketch, file: ComposeFile): void {
  const parts = file.services.map((service): Part => {
    const role = roleOf(service.image)
    const uses = emptySketch()
    const isServer = role !== null && role !== 'web' && role !== 'proxy'
    const application = isServer ? { port: null } : readVariables(uses, service.environment)
    return { service, role, uses, application }
  })
  if (file.name !== null && file.name !== '') sketch.names.push(file.name)
  for (const { uses } of parts) {
    sketch.environments.push(...uses.environments)
    sketch.names.push(...uses.names)
    for (const one of uses.notes) note(sketch, one.tone, one.code as never, one.params, one.line)
  }

  const named = new Map<string, Part>()
  for (const part of parts) {
    for (const name of [part.service.name, ...part.service.aliases]) named.set(name, part)
  }
  const used = parts.flatMap(({ uses }) => uses.postgres)
  const databases = parts.filter(({ role }) => role === 'postgres')
  for (const { service } of databases) {
    const clients = used.filter(({ servers }) => leadsTo(servers[0]?.host, service, named))
    sketch.postgres.push(postgresOf(sketch, service, clients))
  }
  sketch.postgres.push(...used.filter(({ servers }) => !named.has(servers[0]?.host ?? '')))

  const clients = parts.flatMap(({ uses }) => uses.redis)
  for (const { service, role } of parts) {
    if (role === 'redis') {
      const own = clients.filter(({ servers }) => leadsTo(servers[0]?.host, service, named))
      sketch.redis.push(redisOf(sketch, service, own))
    }
    if (role === 'pgbouncer' && databases.length > 0) {
      note(sketch, 'found', 'pooler-left-out', { service: service.name }, service.line)
    }
    if (role === 'sentinel')
      note(sketch, 'look', 'sentinel-in-compose', { service: service.name }, service.line)
    if (role === 'other-store') {
      note(sketch, 'look', 'other-store', { from: service.name, kind: imageName(service) }, service.line)
    }
  }
  sketch.redis.push(...clients.filter(({ servers }) => !named.has(servers[0]?.host ?? '')))

  sketch.logs.push(
    ...parts.filter(({ role }) => role !== 'tool').flatMap((part) => logOf(part.service, file)),
  )

  const quiet: string[] = []
  for (const part of parts) {
    if (part.role !== null && part.role !== 'web' && part.role !== 'proxy') {
      if (part.role === 'tool') quiet.push(part.service.name)
      continue
    }
    const found = webOf(sketch, part)
    if (found === null) quiet.push(part.service.name)
    else sketch.services.push(found)
  }
  if (quiet.length > 0) {
    note(sketch, 'found', 'services-left-out', { names: quiet.slice(0, 20).join(', ') })
  }
}

/** What a service prints, where its containers can be named: by their own name, or by that of the project. */
function logOf({ name, container }: ComposeService, { name: project }: ComposeFile): LogFound[] {
  if (container !== null && container !== '') return [{ name, container }]
  return project === null || project === '' ? [] : [{ name, compose: { project, service: name } }]
}

/** Whether a name within the network leads to a service, perhaps through a pooler that stands before it. */
function leadsTo(
  host: string | undefined,
  service: ComposeService,
  named: ReadonlyMap<string, Part>,
): boolean {
  const part = named.get(host ?? '')
  if (part === undefined) return false
  if (part.service === service) return true
  if (part.role !== 'pgbouncer') return false
  const behind = [...part.service.environment.values()].map(({ value }) => value)
  const isNamed = (text: string) => new RegExp(`(^|[@/=\\s])${escaped(service.name)}([:/\\s]|$)`).test(text)
  return behind.some(isNamed) || [...named.values()].filter(({ role }) => role === 'postgres').length >= 1
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function imageName({ image }: ComposeService): string {
  return image?.split('/').at(-1)?.split(':', 1)[0] ?? ''
}

/** Where a port of a service is reached from the machine; `null` where it is not. */
function addressOf(service: ComposeService, target: number): { host: string; port: number } | null {
  const port = service.ports.find((one) => one.target === target)
  if (port !== undefined) return { host: port.host, port: port.published }
  return service.onHostNetwork ? { host: 'localhost', port: target } : null
}

function reached(sketch: Sketch, service: ComposeService, target: number): { host: string; port: number } {
  const address = addressOf(service, target)
  if (address !== null) {
    note(
      sketch,
      'found',
      'port-published',
      { service: service.name, address: `${address.host}:${address.port}` },
      service.line,
    )
    return address
  }
  note(sketch, 'look', 'port-not-published', { service: service.name, port: target }, service.line)
  return { host: service.name, port: target }
}

/** The first that is set. */
function firstSet(environment: Variables, ...names: string[]): Found | null {
  for (const name of names) {
    const found = environment.get(name)
    if (found !== undefined && found.value !== '') return found
  }
  return null
}

/** One that lies in a file within the container is needed, and not known. */
function passwordOf(environment: Variables, ...names: string[]): Found | null {
  const given = firstSet(environment, ...names)
  if (given !== null) return given
  const empty = names.flatMap((name) => environment.get(name) ?? environment.get(`${name}_FILE`) ?? [])[0]
  return empty === undefined ? null : { value: '', line: empty.line }
}

function postgresOf(
  sketch: Sketch,
  service: ComposeService,
  clients: readonly PostgresFound[],
): PostgresFound {
  const { environment, name, line } = service
  const [client] = clients
  const port = Number(optionOf(service.command, ['-p', '--port']) ?? POSTGRES_PORT)
  const address = reached(sketch, service, port)
  const own = firstSet(environment, 'POSTGRES_USER', 'POSTGRESQL_USERNAME', 'POSTGRESQL_USER')
  const password = passwordOf(environment, 'POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD')
  const trusts = environment.get('POSTGRES_HOST_AUTH_METHOD')?.value === 'trust'
  const user = own?.value ?? (password === null && client !== undefined ? client.user : 'postgres')
  const database =
    firstSet(environment, 'POSTGRES_DB', 'POSTGRESQL_DATABASE')?.value ?? client?.database ?? user
  const others = new Set(
    clients.map((one) => one.database).filter((each) => each !== null && each !== database),
  )
  if (others.size > 0) {
    note(sketch, 'look', 'other-databases', { service: name, names: [...others].join(', ') }, line)
  }
  return {
    servers: [address],
    user,
    database: client?.database ?? database,
    password: password ?? client?.password ?? (trusts ? null : { value: '', line }),
    terms: [],
    application: client?.application ?? {},
    from: name,
    line,
  }
}

function redisOf(sketch: Sketch, service: ComposeService, clients: readonly RedisFound[]): RedisFound {
  const { environment, name, line, command } = service
  const [client] = clients
  const flags = firstSet(environment, 'REDIS_ARGS', 'VALKEY_EXTRA_FLAGS', 'REDIS_EXTRA_FLAGS')?.value ?? ''
  const started = `${command} ${flags}`
  const tlsPort = Number(optionOf(started, ['--tls-port']) ?? 0)
  const port = Number(optionOf(started, ['--port']) ?? REDIS_PORT)
  const tls = tlsPort > 0 && (port === 0 || addressOf(service, port) === null)
  const required = optionOf(started, ['--requirepass'])
  const password =
    required !== null
      ? { value: withinContainer(required, environment), line }
      : passwordOf(environment, 'REDIS_PASSWORD', 'VALKEY_PASSWORD')
  return {
    name,
    servers: [reached(sketch, service, tls ? tlsPort : port)],
    socket: null,
    user: client?.user ?? null,
    database: client?.database ?? 0,
    password: password ?? client?.password ?? null,
    tls,
    unchecked: false,
    sentinel: null,
    cluster: optionOf(started, ['--cluster-enabled']) === 'yes',
    from: name,
    line,
  }
}

/** `$$NAME` is left to the container's shell. */
function withinContainer(text: string, environment: Variables): string {
  return interpolate(text, (name) => environment.get(name)?.value, 'as-it-stands').text
}
