/** Which services of a Compose file answer HTTP, where, and how many processes stand behind. */
import { type ComposeService, optionOf, type PublishedPort } from './compose-file.ts'
import type { ApplicationFound } from './environment.ts'
import { pathsOf, type Role } from './images.ts'
import { note, type ServiceFound, type Sketch } from './sketch.ts'
import { healthPaths } from './web-urls.ts'

/** A service that may be an application, with what its variables say of it. */
interface Application {
  readonly service: ComposeService
  readonly role: Role | null
  readonly application: ApplicationFound
}

const CHECKED =
  /(?:(https?):\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\$HOSTNAME|host\.docker\.internal)(?::(\d{1,5}))?(\/[^\s"'`|;)&,\]?]*)?/i
const ASKS = /curl|wget|http|urllib|fetch|requests/i
const USUAL_TARGETS = [8000, 8080, 80, 443, 8443, 5000, 3000, 4000, 9000, 8001, 8888]
/** Ports of protocols that are not HTTP. */
const NOT_WEB = new Set([22, 25, 53, 5432, 6379, 5672, 3306, 1883, 9092, 27017, 1025, 50051])

/** `null` where it serves no HTTP that can be reached, as far as the file tells. */
export function webOf(sketch: Sketch, { service, role, application }: Application): ServiceFound | null {
  const { name, line, healthcheck, command } = service
  const check = ASKS.test(healthcheck) ? CHECKED.exec(healthcheck) : null
  const [, scheme, checkedPort, checkedPath] = check ?? []
  const declared = optionOf(command, ['--port', '-p']) ?? boundPort(command) ?? application.port?.value
  const wanted = [checkedPort, declared].map(Number).filter((port) => port > 0)
  const web = service.ports.filter(({ target }) => !NOT_WEB.has(target))
  const port = portOf(web, wanted, service)
  if (port === null) {
    const inner =
      check === null ? service.inner.find((each) => USUAL_TARGETS.includes(each)) : Number(checkedPort ?? 80)
    if (inner === undefined) return null
    note(sketch, 'look', 'web-not-published', { service: name, port: inner }, line)
    return null
  }
  const tls = [443, 8443].includes(port.target) || (scheme === 'https' && Number(checkedPort) === port.target)
  const url = `${tls ? 'https' : 'http'}://${withPort(port, tls)}`
  const known = pathsOf(service.image)
  const told = checkedPath === undefined ? null : healthPaths(checkedPath)
  const plain = checkedPath === undefined || told !== null ? null : { live: checkedPath, ready: null }
  const paths = told ?? known ?? plain
  if (told !== null || plain !== null) {
    note(sketch, 'found', 'paths-from-healthcheck', { service: name, path: checkedPath ?? '' }, line)
  } else if (known === null) {
    note(sketch, 'assumed', 'paths-assumed', { from: name }, line)
  }
  if (told !== null && told.ready === null) note(sketch, 'assumed', 'no-ready-path', { service: name }, line)
  note(sketch, 'found', 'port-published', { service: name, address: withPort(port, false) }, line)
  const processes = workersOf(command) ?? application.processes
  if (processes !== undefined && processes > 1) {
    note(sketch, 'found', 'processes-found', { service: name, count: processes }, line)
  }
  if (service.replicas > 1) {
    note(sketch, 'found', 'replicas-found', { service: name, count: service.replicas }, line)
  }
  return {
    name,
    url,
    ...paths,
    ...(role === 'proxy' ? { metrics: null } : {}),
    ...(application.pool === undefined ? {} : { pool: application.pool }),
    ...(processes === undefined ? {} : { processes }),
    instances: service.replicas,
    line,
  }
}

function withPort({ host, published }: PublishedPort, tls: boolean): string {
  const shown = host.includes(':') ? `[${host}]` : host
  return published === (tls ? 443 : 80) ? shown : `${shown}:${published}`
}

function portOf(
  ports: readonly PublishedPort[],
  wanted: readonly number[],
  { onHostNetwork }: ComposeService,
): PublishedPort | null {
  for (const target of [...wanted, ...USUAL_TARGETS]) {
    const port = ports.find((one) => one.target === target)
    if (port !== undefined) return port
  }
  const [first] = wanted
  if (onHostNetwork && first !== undefined) return { host: 'localhost', published: first, target: first }
  return ports[0] ?? null
}

/** Of `--bind 0.0.0.0:8000` and `-b :8000`. */
function boundPort(command: string): string | undefined {
  return /:(\d{2,5})$/.exec(optionOf(command, ['--bind', '-b']) ?? '')?.[1]
}

function workersOf(command: string): number | undefined {
  if (!/gunicorn|uvicorn|hypercorn|granian|fastapi/.test(command)) return undefined
  const count = Number(optionOf(command, ['--workers', '-w']) ?? Number.NaN)
  return Number.isInteger(count) && count >= 1 ? count : undefined
}
