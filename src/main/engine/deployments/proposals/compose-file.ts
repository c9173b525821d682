/** The services of a Compose file (compose-spec), in the one form that the rest of this room reads. */
import { type ComposeDocument, fieldsOf, isMapping, type Mapping } from './compose-document.ts'
import type { Variables } from './dotenv.ts'
import { interpolate } from './interpolate.ts'
import { shellWords } from './shell-words.ts'
import { type Found, note, type Sketch } from './sketch.ts'

export interface PublishedPort {
  /** `localhost` where it is every address of the machine, or its loopback. */
  readonly host: string
  readonly published: number
  readonly target: number
}

export interface ComposeService {
  readonly name: string
  /** The name of its one container, where it is given. */
  readonly container: string | null
  /** Its other names within the network of containers. */
  readonly aliases: readonly string[]
  readonly image: string | null
  readonly builds: boolean
  readonly environment: Variables
  readonly ports: readonly PublishedPort[]
  /** Ports that are named and not published, or published on one that is chosen anew each time. */
  readonly inner: readonly number[]
  readonly command: string
  readonly healthcheck: string
  readonly replicas: number
  /** It shares the network of the machine: its own ports are the machine's. */
  readonly onHostNetwork: boolean
  readonly line: number | null
}

export interface ComposeFile {
  readonly name: string | null
  readonly services: readonly ComposeService[]
}

const MOST_SERVICES = 200

/**
 * @param variables what stands in the `.env` beside it: it goes into `${…}`, and into the services that name an `env_file`
 * @returns `null` where it has no services
 */
export function readComposeFile(
  sketch: Sketch,
  { root, lineOf }: ComposeDocument,
  variables: Variables,
): ComposeFile | null {
  const all = Object.entries(fieldsOf(root.services)).filter(([, service]) => isMapping(service))
  if (all.length === 0) return null
  if (all.length > MOST_SERVICES) {
    note(sketch, 'look', 'too-many-services', { limit: MOST_SERVICES, count: all.length })
  }
  const services = all.slice(0, MOST_SERVICES).map(([name, service]) => {
    const line = lineOf(['services', name])
    const text = (value: unknown) => expand(value, line)
    return serviceOf(name, fieldsOf(service), line, text)
  })
  const included = ['include', 'extends'].find((key) => Object.hasOwn(root, key))
  if (included !== undefined) note(sketch, 'look', 'compose-elsewhere', { key: included }, lineOf([included]))
  return { name: typeof root.name === 'string' ? expand(root.name, null) : null, services }

  function expand(value: unknown, line: number | null): string {
    if (typeof value !== 'string') {
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
    }
    const read = interpolate(value, (name) => variables.get(name)?.value, 'empty')
    for (const name of read.missing) note(sketch, 'look', 'variable-missing', { name }, line)
    return read.text
  }

  function serviceOf(
    name: string,
    fields: Mapping,
    line: number | null,
    text: (value: unknown) => string,
  ): ComposeService {
    const at = (key: string) => lineOf(['services', name, key]) ?? line
    if (fields.extends !== undefined) {
      note(sketch, 'look', 'compose-elsewhere', { key: 'extends' }, at('extends'))
    }
    const files = envFiles(fields.env_file)
    if (files.length > 0 && variables.size === 0) {
      note(sketch, 'look', 'env-file-not-read', { service: name, files: files.join(', ') }, at('env_file'))
    }
    const { published, inner } = portsOf(fields.ports, text)
    const deploy = fieldsOf(fields.deploy)
    const replicas = Number(text(deploy.replicas ?? fields.scale ?? 1))
    return {
      name,
      container: typeof fields.container_name === 'string' ? text(fields.container_name) : null,
      aliases: [fields.container_name, fields.hostname, ...networkAliases(fields.networks)]
        .filter((alias) => typeof alias === 'string')
        .map(text),
      image: typeof fields.image === 'string' ? text(fields.image) : null,
      builds: fields.build !== undefined && fields.build !== null,
      environment: new Map([
        ...(files.length > 0 ? variables : []),
        ...environmentOf(
          fields.environment,
          (key) => lineOf(['services', name, 'environment', key]) ?? at('environment'),
        ),
      ]),
      ports: published,
      inner: [...inner, ...listOf(fields.expose).map((port) => Number.parseInt(text(port), 10))].filter(
        isPort,
      ),
      command: [fields.entrypoint, fields.command]
        .map((each) => commandText(each, text))
        .join(' ')
        .trim(),
      healthcheck: healthcheckText(fieldsOf(fields.healthcheck), text),
      replicas: Number.isInteger(replicas) && replicas > 1 ? replicas : 1,
      onHostNetwork: fields.network_mode === 'host',
      line,
    }
  }

  /** As a mapping or as a list of `NAME=VALUE`; a name alone is passed on from the shell's, or the `.env`. */
  function environmentOf(value: unknown, lineAt: (key: string) => number | null): [string, Found][] {
    const pairs: [string, unknown][] = isMapping(value)
      ? Object.entries(fieldsOf(value))
      : listOf(value).map((entry) => {
          const [, key = '', given] = /^([^=]+)(?:=(.*))?$/s.exec(String(entry)) ?? []
          return [key.trim(), given]
        })
    return pairs.flatMap(([key, given]): [string, Found][] => {
      const line = lineAt(key)
      if (given === undefined || given === null) {
        const passed = variables.get(key)
        return passed === undefined ? [] : [[key, passed]]
      }
      return [[key, { value: expand(given, line), line }]]
    })
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, 2_000) : []
}

function envFiles(value: unknown): string[] {
  const entries = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return entries
    .map((entry) => (isMapping(entry) ? entry.path : entry))
    .filter((path) => typeof path === 'string')
    .slice(0, 10)
}

function networkAliases(networks: unknown): unknown[] {
  return Object.values(fieldsOf(networks)).flatMap((network) => listOf(fieldsOf(network).aliases))
}

function commandText(value: unknown, text: (value: unknown) => string): string {
  return Array.isArray(value) ? value.slice(0, 500).map(text).join(' ') : text(value)
}

function healthcheckText(fields: Mapping, text: (value: unknown) => string): string {
  if (fields.disable === true) return ''
  const test = commandText(fields.test, text)
  return /^NONE\b/.test(test) ? '' : test.replace(/^CMD(-SHELL)?\s+/, '')
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535
}

const SHORT =
  /^(?:(\[[0-9a-fA-F:.]*\]|\d+(?:\.\d+){3}|localhost):)?(?:(\d+)(?:-\d+)?:|(:))?(\d+)(?:-\d+)?(?:\/(tcp|udp|sctp))?$/

/** Short and long syntax; of a range the first; only TCP. */
function portsOf(value: unknown, text: (value: unknown) => string) {
  const published: PublishedPort[] = []
  const inner: number[] = []
  for (const entry of listOf(value)) {
    const port = isMapping(entry) ? longPort(fieldsOf(entry), text) : shortPort(text(entry))
    if (port === null || !isPort(port.target)) continue
    if (port.published === null) inner.push(port.target)
    else if (isPort(port.published)) {
      published.push({ host: addressOf(port.host), published: port.published, target: port.target })
    }
  }
  return { published, inner }
}

function shortPort(entry: string) {
  const [, host = '', publishedPort, , target = '', protocol = 'tcp'] = SHORT.exec(entry.trim()) ?? []
  if (target === '' || protocol !== 'tcp') return null
  const published = publishedPort === undefined ? null : Number(publishedPort)
  return { host, published, target: Number(target) }
}

function longPort(fields: Mapping, text: (value: unknown) => string) {
  if (fields.protocol !== undefined && fields.protocol !== 'tcp') return null
  const published = Number.parseInt(text(fields.published), 10)
  const target = Number.parseInt(text(fields.target), 10)
  return { host: text(fields.host_ip), published: Number.isNaN(published) ? null : published, target }
}

function addressOf(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '')
  return ['', '0.0.0.0', '127.0.0.1', '::', '::1', 'localhost'].includes(bare) ? 'localhost' : bare
}

/** Of the text of a command, the value of one of its options. */
export function optionOf(command: string, names: readonly string[]): string | null {
  const words = shellWords(command)
  for (const [index, word] of words.entries()) {
    for (const name of names) {
      if (word === name) return valueAfter(words[index + 1])
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1)
      if (/^-\w$/.test(name) && word.startsWith(name) && word.length > 2) return word.slice(2)
    }
  }
  return null
}

/** Of a variable that had no value nothing is left, and the next option stands there. */
function valueAfter(word: string | undefined): string {
  return word === undefined || word.startsWith('--') ? '' : word
}
