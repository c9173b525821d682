/** A text of lines, each of its own kind: URLs, a way over SSH, commands of clients, and assignments of a `.env`. */
import { isPostgresUrl, isRedisUrl, otherStoreOf, readPostgres, readRedis } from './data-urls.ts'
import { isAssignment, readEnv, type Variables } from './dotenv.ts'
import { readVariables } from './environment.ts'
import { commandOptions, shellWords } from './shell-words.ts'
import { note, type Sketch } from './sketch.ts'
import { isSshLine, readSshLine } from './ssh-line.ts'
import { isWebUrl, readNodeExporter, readWebUrl } from './web-urls.ts'

const COMMAND =
  /^(?:\$\s+|PGPASSWORD=(?:"[^"]*"|'[^']*'|\S+)\s+)*(psql|pg_isready|redis-cli|valkey-cli|curl|wget|http)\s/
const KEYWORDS = /^(?:\w+\s*=\s*(?:'[^']*'|\S+)\s+)+\w+\s*=/
const MOST_URLS = 500

/** @param given variables from beside the text */
export function readLines(sketch: Sketch, text: string, given: Variables): void {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  const isAlone = lines.filter((line) => line.trim() !== '').length === 1
  const rest: string[] = []
  let urls = 0
  for (const [index, source] of lines.entries()) {
    const line = source.trim().replace(/^[-*•]\s+/, '')
    const read = urls < MOST_URLS && readOne(line, index + 1)
    rest.push(read ? '' : source)
    if (read) urls += 1
  }
  const env = readEnv(rest.join('\n'), given)
  if (env.variables.size > 0) {
    sketch.kinds.add('env')
    const before = sketch.services.length
    const application = readVariables(sketch, env.variables)
    const { port, pool, processes } = application
    if (sketch.services.length === before && port !== null && /^\d{1,5}$/.test(port.value)) {
      note(sketch, 'assumed', 'port-is-http', { port: port.value }, port.line)
      sketch.services.push({ name: 'api', url: `http://localhost:${port.value}`, line: port.line })
    }
    const index = sketch.services.findIndex(({ name }) => name === 'api')
    const api = sketch.services[index]
    if (api !== undefined) {
      sketch.services[index] = { ...api, ...(pool && { pool }), ...(processes && { processes }) }
    }
  }
  const hasEnv = env.variables.size > 0
  for (const line of env.badLines) note(sketch, 'look', hasEnv ? 'env-line' : 'line-unknown', {}, line)
  for (const line of env.openQuotes) note(sketch, 'look', 'env-quote', {}, line)
  for (const { name, line } of env.missing) note(sketch, 'look', 'variable-missing', { name }, line)

  /** Whether it was a line of one of the kinds that are no assignment. */
  function readOne(line: string, at: number): boolean {
    if (line === '' || line.startsWith('#')) return false
    if (isSshLine(line)) readSshLine(sketch, line, at)
    else if (COMMAND.test(line)) readCommand(sketch, line, at)
    else if (isUrl(line)) readUrl(sketch, unquoted(line), at)
    else if (KEYWORDS.test(line) && /\b(dbname|host)\s*=/.test(line)) readKeywords(sketch, line, at)
    else if (!isAssignment(line) && isAlone) return readBareHost(sketch, line, at)
    else return false
    return true
  }
}

function isUrl(line: string): boolean {
  return /^["'`<]?[a-z][a-z0-9+.:-]*:\/\/\S/i.test(line) || otherStoreOf(line) !== null
}

function unquoted(text: string): string {
  return text.replace(/^["'`<]/, '').replace(/[,;]?["'`>]?[,;]?$/, '')
}

function readUrl(sketch: Sketch, url: string, line: number | null): void {
  const from = 'URL'
  if (isWebUrl(url)) {
    const exporter = readNodeExporter(url, line)
    if (exporter !== null) {
      sketch.nodeExporters.push(exporter)
      note(sketch, 'assumed', 'node-exporter', { url: exporter.url }, line)
      return
    }
    const found = readWebUrl(sketch, url, { name: null, from, line })
    if (found === null) return
    sketch.services.push(found)
    sketch.names.push(found.name)
  } else if (isPostgresUrl(url)) {
    const found = readPostgres(sketch, url, { from, line })
    if (found !== null) sketch.postgres.push(found)
  } else if (isRedisUrl(url)) {
    const found = readRedis(sketch, url, { from, line, name: 'redis' })
    if (found !== null) sketch.redis.push(found)
  } else {
    const kind = otherStoreOf(url)
    const scheme = /^[a-z0-9+.-]{1,30}/i.exec(url)?.[0] ?? ''
    note(
      sketch,
      'look',
      kind === null ? 'scheme-unknown' : 'other-store',
      { from, kind: kind ?? scheme },
      line,
    )
    return
  }
  sketch.kinds.add('urls')
}

/** Options that take a value, of each client; what is not among them is a switch. */
const WITH_VALUE: Readonly<Record<string, ReadonlySet<string>>> = {
  psql: new Set([...'hpUdcfFLoPRTv', 'host', 'port', 'username', 'dbname', 'command', 'file']),
  redis: new Set([...'hpsanurid', 'user', 'pass', 'cacert', 'cert', 'key', 'sni']),
  web: new Set([...'HXdouTAebcmwKCDrx', 'header', 'request', 'data', 'user', 'output', 'max-time', 'cacert']),
}

/** `psql -h … -U …`, `redis-cli -h … -a …`, `curl …`: as their clients read them. */
function readCommand(sketch: Sketch, line: string, at: number): void {
  const words = shellWords(line.replace(/^\$\s+/, ''))
  const assigned = words[0]?.startsWith('PGPASSWORD=')
    ? words.shift()?.slice('PGPASSWORD='.length)
    : undefined
  const program = words.shift() ?? ''
  const kind = program.startsWith('p') ? 'psql' : program.endsWith('-cli') ? 'redis' : 'web'
  const { options, operands } = commandOptions(words, WITH_VALUE[kind] ?? new Set())
  const given = new Map(options)
  const of = (...names: string[]) =>
    names.map((name) => given.get(name)).find((value) => value !== undefined) ?? null
  const url = operands.find((operand) => operand.includes('://')) ?? of('u')
  if (kind === 'web') {
    const address = operands.find(isWebUrl) ?? `http://${operands[0] ?? ''}`
    readUrl(sketch, address, at)
    if (of('H', 'header', 'u', 'user') !== null) note(sketch, 'look', 'credentials-by-hand', {}, at)
    return
  }
  if (url?.includes('://')) {
    readUrl(sketch, url, at)
    return
  }
  sketch.kinds.add('urls')
  const port = Number(of('p', 'port') ?? Number.NaN)
  const server = {
    host: of('h', 'host') ?? 'localhost',
    port: Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null,
  }
  if (kind === 'psql') {
    const keywords = of('d', 'dbname') ?? operands[0] ?? null
    if (keywords?.includes('=')) {
      readKeywords(sketch, keywords, at)
      return
    }
    sketch.postgres.push({
      servers: [server],
      user: of('U', 'username') ?? operands[1] ?? null,
      database: keywords,
      password: assigned === undefined ? null : { value: assigned, line: at },
      terms: [],
      application: {},
      from: program,
      line: at,
    })
    return
  }
  const password = of('a', 'pass')
  const socket = of('s')
  sketch.redis.push({
    name: 'redis',
    servers: socket === null ? [server] : [],
    socket,
    user: of('user'),
    database: Number(of('n') ?? '0') || 0,
    password: password === null ? null : { value: password, line: at },
    tls: given.has('tls'),
    unchecked: given.has('insecure'),
    sentinel: null,
    cluster: given.has('c'),
    from: program,
    line: at,
  })
}

/** libpq's keywords: `host=db user=app dbname=shop password=…` (section 34.1.1.1 of its manual). */
function readKeywords(sketch: Sketch, line: string, at: number): void {
  const given = new Map<string, string>()
  for (const [, key = '', quoted, plain = ''] of line.matchAll(
    /(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S*))/g,
  )) {
    given.set(key.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain)
  }
  sketch.kinds.add('urls')
  const ports = (given.get('port') ?? '').split(',').map(Number)
  const password = given.get('password') ?? null
  const sslmode = given.get('sslmode')
  sketch.postgres.push({
    servers: (given.get('host') ?? given.get('hostaddr') ?? 'localhost').split(',').map((host, index) => {
      const port = ports[index] ?? ports[0] ?? 0
      return { host, port: port >= 1 && port <= 65_535 ? port : null }
    }),
    user: given.get('user') ?? null,
    database: given.get('dbname') ?? null,
    password: password === null || password === '' ? null : { value: password, line: at },
    terms: sslmode === undefined ? [] : [['sslmode', sslmode]],
    application: {},
    from: 'libpq',
    line: at,
  })
}

/** One word alone: an alias of the SSH configuration, or a host whose port or whose dots tell what it is. */
function readBareHost(sketch: Sketch, line: string, at: number): boolean {
  const [, host, port] = /^([A-Za-z0-9][A-Za-z0-9._-]{0,252})(?::(\d{1,5}))?\/?$/.exec(line) ?? []
  if (host === undefined) return false
  if (port === '22' || (port === undefined && !host.includes('.'))) {
    readSshLine(sketch, line, at)
    return true
  }
  const scheme =
    port === '5432'
      ? 'postgresql'
      : port === '6379'
        ? 'redis'
        : port === undefined || port === '443'
          ? 'https'
          : 'http'
  const url = `${scheme}://${host}${port === undefined || port === '443' ? '' : `:${port}`}`
  note(sketch, 'assumed', 'taken-for-url', { url }, at)
  readUrl(sketch, url, at)
  return true
}
