/**
 * What the variables of an application say: URLs of data stores by their scheme, whatever the variable is called; servers
 * in parts (`POSTGRES_HOST`, `PGUSER`, `DB_NAME`, `REDIS_PORT`); its own addresses, its pool, its processes, its name.
 */
import { isPostgresUrl, isRedisUrl, otherStoreOf, readPostgres, readRedis } from './data-urls.ts'
import type { Variables } from './dotenv.ts'
import { environmentNamed } from './environment-name.ts'
import { type Found, note, type PostgresFound, type RedisFound, type Sketch } from './sketch.ts'
import { isWebUrl, readWebUrl } from './web-urls.ts'

/** Of a test run or of a copy that only answers reads: not what is to be watched first. */
const ASIDE = /(^|_)(TEST|TESTING|SHADOW|REPLICA|READ|READER|READONLY|SLAVE|DEV)(_|$)/
const OWN_URL =
  /^(?:(?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|PUBLIC)_)?(APP|API|PUBLIC|SITE|BASE|BACKEND|FRONTEND|WEB|SERVER|SERVICE|APPLICATION)(?:_BASE)?_(?:URL|URI|ORIGIN)$/
const ENVIRONMENT = /^(?:(?:APP|NODE|RAILS|FLASK|DJANGO|DEPLOY(?:MENT)?|SENTRY)_)?ENV(?:IRONMENT)?$/
const NAME = /^(?:(?:COMPOSE_)?PROJECT|APP|APPLICATION|SERVICE|SITE|STACK)_NAME$/
const POOL_SIZE = /^(?:[A-Z0-9]+_)*POOL_SIZE$/
const POOL_OVERFLOW = /^(?:[A-Z0-9]+_)*(?:MAX_OVERFLOW|POOL_OVERFLOW)$/
const PROCESSES = /^(?:WEB_CONCURRENCY|(?:UVICORN|GUNICORN|WEB|API|HYPERCORN)_WORKERS|WORKERS)$/

const POSTGRES_PART =
  /^((?:[A-Z0-9]+_)*?)(POSTGRES(?:QL)?_?|PG|DB_|DATABASE_|SQL_)(HOST|HOSTNAME|SERVER|PORT|USER|USERNAME|PASSWORD|PASS|PASSWD|PASSWORD_FILE|DB|DBNAME|NAME|DATABASE|DB_NAME|SSLMODE|SSL_MODE)$/
const REDIS_PART =
  /^((?:[A-Z0-9]+_)*?)(REDIS_|VALKEY_|CACHE_REDIS_|REDIS_CACHE_)(HOST|HOSTNAME|SERVER|PORT|USER|USERNAME|PASSWORD|PASS|PASSWORD_FILE|DB|DATABASE|SSL|TLS)$/
const OTHER_ENGINE = /mysql|mariadb|sqlite|mssql|sqlserver|oracle|mongo/i

/** What of an application is said by its variables, besides what it talks to. */
export interface ApplicationFound {
  readonly pool?: { readonly size: number; readonly overflow: number }
  readonly processes?: number
  readonly port: Found | null
}

/** Puts what is found into the sketch. `own`: an application's own variables, whose login is therefore its role. */
export function readVariables(sketch: Sketch, variables: Variables): ApplicationFound {
  const postgres: PostgresFound[] = []
  const redis: RedisFound[] = []
  for (const [key, { value, line }] of variables) {
    const name = key.toUpperCase()
    if (isPostgresUrl(value)) {
      if (ASIDE.test(name)) note(sketch, 'assumed', 'database-left-aside', { from: key }, line)
      else push(postgres, readPostgres(sketch, value, { from: key, line }))
    } else if (isRedisUrl(value)) {
      if (ASIDE.test(name)) note(sketch, 'assumed', 'database-left-aside', { from: key }, line)
      else push(redis, readRedis(sketch, value, { from: key, line, name: redisNameOf(name) }))
    } else if (otherStoreOf(value) !== null && /URL|URI|DSN|BROKER/.test(name)) {
      note(sketch, 'look', 'other-store', { from: key, kind: otherStoreOf(value) ?? '' }, line)
    } else if (OWN_URL.test(name) && isWebUrl(value)) {
      push(sketch.services, readWebUrl(sketch, value, { name: serviceNameOf(name), from: key, line }))
    } else if (ENVIRONMENT.test(name)) {
      push(sketch.environments, environmentNamed(value))
    } else if (NAME.test(name)) {
      sketch.names.push(value)
    }
  }
  // `DATABASE_URL` is what everybody calls it; what is called otherwise comes after it.
  postgres.sort((a, b) => rankOf(a.from) - rankOf(b.from))
  const inParts = postgresInParts(sketch, variables)
  if (postgres.length === 0) push(postgres, inParts)
  sketch.postgres.push(
    ...postgres.map((one) => {
      const role = one.application.role ?? one.user
      return { ...one, application: role === null ? one.application : { ...one.application, role } }
    }),
  )
  if (redis.length === 0) push(redis, redisInParts(variables))
  sketch.redis.push(...redis)
  return applicationOf(variables)
}

/** Whether any of the variables says something that a profile has a place for. */
export function saysSomething(sketch: Sketch): boolean {
  return sketch.services.length + sketch.postgres.length + sketch.redis.length > 0
}

function push<T>(list: T[], item: T | null): void {
  if (item !== null) list.push(item)
}

function rankOf(name: string): number {
  const upper = name.toUpperCase()
  return ['DATABASE_URL', 'SQLALCHEMY_DATABASE_URL', 'POSTGRES_URL'].includes(upper) ? 0 : 1
}

/** `redis` of REDIS_URL, `celery-broker` of CELERY_BROKER_URL, `cache` of CACHE_URL. */
function redisNameOf(variable: string): string {
  const name = variable.replace(/_?(URL|URI|DSN)$/, '')
  return name === '' ? 'redis' : name
}

function serviceNameOf(variable: string): string {
  const what = OWN_URL.exec(variable)?.[1] ?? 'API'
  return ['FRONTEND', 'WEB', 'SITE', 'PUBLIC'].includes(what) ? 'web' : 'api'
}

function applicationOf(variables: Variables): ApplicationFound {
  const numberOf = (pattern: RegExp) => {
    for (const [key, { value }] of variables) {
      if (pattern.test(key.toUpperCase()) && /^\d{1,5}$/.test(value)) return Number(value)
    }
    return null
  }
  const size = numberOf(POOL_SIZE)
  const processes = numberOf(PROCESSES)
  return {
    ...(size !== null && size > 0 ? { pool: { size, overflow: numberOf(POOL_OVERFLOW) ?? 0 } } : {}),
    ...(processes !== null && processes > 0 ? { processes } : {}),
    port: variables.get('PORT') ?? variables.get('APP_PORT') ?? variables.get('API_PORT') ?? null,
  }
}

type Part = 'host' | 'port' | 'user' | 'password' | 'password_file' | 'database' | 'sslmode'
const PART: Readonly<Record<string, Part>> = {
  HOST: 'host',
  HOSTNAME: 'host',
  SERVER: 'host',
  PORT: 'port',
  USER: 'user',
  USERNAME: 'user',
  PASSWORD: 'password',
  PASS: 'password',
  PASSWD: 'password',
  PASSWORD_FILE: 'password_file',
  DB: 'database',
  DBNAME: 'database',
  NAME: 'database',
  DATABASE: 'database',
  DB_NAME: 'database',
  SSLMODE: 'sslmode',
  SSL_MODE: 'sslmode',
  SSL: 'sslmode',
  TLS: 'sslmode',
}

/** The parts of a server that several variables name; of those that name the same part the first counts. */
function partsOf(variables: Variables, pattern: RegExp): Map<Part, Found & { key: string }> {
  const parts = new Map<Part, Found & { key: string }>()
  for (const [key, found] of variables) {
    const [, before = '', , word = ''] = pattern.exec(key.toUpperCase()) ?? []
    const part = PART[word]
    if (part === undefined || ASIDE.test(before.replace(/_$/, '')) || found.value === '') continue
    if (!parts.has(part)) parts.set(part, { ...found, key })
  }
  return parts
}

function postgresInParts(sketch: Sketch, variables: Variables): PostgresFound | null {
  const parts = partsOf(variables, POSTGRES_PART)
  const engine = ['DB_ENGINE', 'DB_TYPE', 'DB_CONNECTION', 'DB_DRIVER', 'DATABASE_ENGINE', 'SQL_ENGINE'].find(
    (name) => OTHER_ENGINE.test(variables.get(name)?.value ?? ''),
  )
  if (engine !== undefined) {
    const line = variables.get(engine)?.line ?? null
    note(
      sketch,
      'look',
      'other-store',
      { from: engine, kind: OTHER_ENGINE.exec(variables.get(engine)?.value ?? '')?.[0] ?? '' },
      line,
    )
    return null
  }
  const [first] = parts.values()
  // A port or a name alone may be of anything.
  const host = parts.get('host')
  if (first === undefined || (host === undefined && !(parts.has('user') || parts.has('database'))))
    return null
  if (host === undefined) note(sketch, 'assumed', 'host-assumed', { what: 'PostgreSQL' }, first.line)
  const sslmode = parts.get('sslmode')
  return {
    servers: (host?.value ?? 'localhost')
      .split(',')
      .map((name) => ({ host: name.trim(), port: portOf(parts) })),
    user: parts.get('user')?.value ?? null,
    database: parts.get('database')?.value ?? null,
    password: passwordOf(parts),
    terms: sslmode === undefined ? [] : [['sslmode', sslmode.value]],
    application: {},
    from: (host ?? first).key,
    line: (host ?? first).line,
  }
}

function redisInParts(variables: Variables): RedisFound | null {
  const parts = partsOf(variables, REDIS_PART)
  const host = parts.get('host')
  if (host === undefined) return null
  const database = Number(parts.get('database')?.value ?? '0')
  const tls = parts.get('sslmode')?.value ?? ''
  return {
    name: 'redis',
    servers: [{ host: host.value, port: portOf(parts) }],
    socket: null,
    user: parts.get('user')?.value ?? null,
    database: Number.isInteger(database) && database >= 0 ? database : 0,
    password: passwordOf(parts),
    tls: /^(1|true|yes|on|required)$/i.test(tls),
    unchecked: false,
    sentinel: null,
    cluster: false,
    from: host.key,
    line: host.line,
  }
}

function portOf(parts: ReadonlyMap<Part, Found>): number | null {
  const port = Number(parts.get('port')?.value ?? Number.NaN)
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null
}

/** One that lies in a file of the application is needed, and not known. */
function passwordOf(parts: ReadonlyMap<Part, Found>): Found | null {
  const file = parts.get('password_file')
  return parts.get('password') ?? (file === undefined ? null : { value: '', line: file.line })
}
