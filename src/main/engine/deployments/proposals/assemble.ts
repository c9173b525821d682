/** From what was found to a profile that is valid as far as it goes, with names for its secrets and what was assumed. */
import { SECRET_MAX_LENGTH } from '#shared/model/access.ts'
import type { DeploymentProfileInput, Environment, ProfileIssue } from '#shared/model/profile/deployment.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { parseProfile } from '#shared/model/profile/issues.ts'
import type { ProposedSecret } from '#shared/model/proposal.ts'
import { databaseOf, redisServersOf, samePlace } from './data-parts.ts'
import { environmentOfHost } from './environment-name.ts'
import type { Proposed, Taken } from './propose.ts'
import { type Found, note, type ServiceFound, type Sketch } from './sketch.ts'

const MOST_SERVICES = 100
const MOST_LOGS = 50
/** Logs alone are nothing to watch, and are judged beside something that is. */
const ANY_HOST = [{ name: 'any', over: 'local' as const }]

export function assemble(sketch: Sketch, taken: Taken): Proposed {
  const name = freeName(nameFor(sketch), taken.deployments)
  const secrets = createNaming(taken.secrets)
  const environment = environmentFor(sketch)
  const ssh =
    sketch.hops.length === 0
      ? undefined
      : { hops: sketch.hops.slice(0, 8), ...(sketch.sshConfig === null ? {} : { config: sketch.sshConfig }) }
  const issues: ProfileIssue[] = []
  const base = { name, environment, ...(ssh === undefined ? {} : { ssh }) }

  /** Only what is valid by itself: what is not is told with its fault, and the rest can still be used. */
  function valid<K extends 'services' | 'postgres' | 'redis' | 'hosts'>(
    key: K,
    part: DeploymentProfileInput[K],
  ): boolean {
    const parsed = parseProfile({ ...base, [key]: part })
    if (!parsed.ok) issues.push(...parsed.issues.map(({ issue }) => issue))
    return parsed.ok
  }

  const refer = (what: string, password: Found | null) =>
    password === null ? {} : { password: secrets.refer(`${name}-${what}`, password) }

  const services = uniqueNames(distinctServices(sketch))
    .map(({ basic, line: _, ...service }) => ({
      ...service,
      ...(basic === undefined
        ? {}
        : {
            basic: { user: basic.user, password: secrets.refer(`${name}-${service.name}`, basic.password) },
          }),
    }))
    .filter((service) => valid('services', [service]))
  const database = databaseOf(sketch, refer)
  const postgres = database !== null && valid('postgres', database) ? database : undefined
  const redis = uniqueNames(redisServersOf(sketch, refer)).filter((one) => valid('redis', [one]))
  const last = sketch.hops.at(-1)
  const entered =
    last === undefined
      ? []
      : [{ name: safeName(last.alias?.split('.')[0] ?? '') ?? 'host', over: 'ssh' as const }]
  const told = sketch.nodeExporters.map(({ name: host, url, basic }) => ({
    name: safeName(host) ?? 'host',
    over: 'node-exporter' as const,
    exporter: {
      url,
      ...(basic && {
        basic: { user: basic.user, password: secrets.refer(`${name}-${host}-exporter`, basic.password) },
      }),
    },
  }))
  const hosts = uniqueNames([...entered, ...told]).filter((host) => valid('hosts', [host]))
  const over = sketch.hops.length === 0 ? 'local' : 'ssh'
  const logs = uniqueNames(sketch.logs.slice(0, MOST_LOGS))
    .map((log) => ({ ...log, over }))
    .filter((log) => parseProfile({ ...base, hosts: ANY_HOST, logs: [log] }).ok)
  if (logs.length > 0)
    note(sketch, 'found', 'logs-of-containers', { names: logs.map((log) => log.name).join(', ') })
  noteWhereFrom(sketch)

  const parsed = parseProfile({ ...base, services, ...(postgres && { postgres }), redis, hosts, logs })
  const nothing = services.length + redis.length + hosts.length === 0 && postgres === undefined
  if (nothing) note(sketch, 'look', sketch.kinds.size === 0 ? 'not-recognised' : 'nothing-to-watch')
  else if (!parsed.ok) issues.push(...parsed.issues.map(({ issue }) => issue))
  const profile = nothing || !parsed.ok ? null : parsed.profile
  const text = JSON.stringify(profile)
  const referred = secrets.all().filter((one) => text.includes(`"secret:${one.name}"`))
  for (const { name: secret, found } of referred) {
    note(sketch, found ? 'found' : 'look', found ? 'secret-found' : 'secret-missing', { name: secret })
  }
  const values = new Map([...secrets.values].filter(([key]) => referred.some((one) => one.name === key)))
  return { kinds: [...sketch.kinds], profile, secrets: referred, notes: sketch.notes, issues, values }
}

/** Names for secrets, and the values that go under them. */
function createNaming(taken: ReadonlySet<string>) {
  const known: ProposedSecret[] = []
  const values = new Map<string, string>()
  return {
    values,
    all: () => known,
    /** A reference by a name that is free. */
    refer(wanted: string, { value }: Found): `secret:${string}` {
      const safe = wanted.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 120)
      const used = new Set([...taken, ...known.map(({ name }) => name)])
      const name = freeName(safe, used)
      const found = value !== '' && value.length <= SECRET_MAX_LENGTH && !isPlaceholder(value)
      known.push({ name, found })
      if (found) values.set(name, value)
      return `secret:${name}`
    },
  }
}

/** What stands in examples where a secret would. */
function isPlaceholder(value: string): boolean {
  return /^(<[^>]*>|\*{3,}|x{4,}|\.{3}|…|\[[^\]]*\]|\{\{.*\}\}|\$\{?\w+\}?)$/i.test(value)
}

/** `shop`, or `shop-2` where that is taken. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted
  let number = 2
  while (taken.has(`${wanted}-${number}`)) number += 1
  return `${wanted}-${number}`
}

function nameFor(sketch: Sketch): string {
  const [database] = sketch.postgres
  const alias = sketch.hops.at(-1)?.alias
  const host = alias !== undefined && !/^[\d.:]+$/.test(alias) ? alias.split('.')[0] : undefined
  for (const candidate of [...sketch.names, database?.database, host, 'deployment']) {
    const safe = safeName(candidate ?? '')
    if (safe !== null && !['postgres', 'localhost', 'api'].includes(safe)) return safe.slice(0, 50)
  }
  return 'deployment'
}

/** `null` where nothing of it could be a name. */
export function safeName(text: string): string | null {
  const safe = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .replace(/[^a-z0-9]+$/, '')
    .slice(0, 60)
  return Name.safeParse(safe).success ? safe : null
}

function environmentFor(sketch: Sketch): Environment {
  const [said] = sketch.environments
  if (said !== undefined) {
    note(sketch, 'found', 'environment-found', { environment: said })
    return said
  }
  const hosts = [
    ...sketch.services.flatMap(({ url }) => (URL.canParse(url) ? [new URL(url).hostname] : [])),
    ...sketch.hops.flatMap(({ alias }) => alias ?? []),
    ...sketch.postgres.flatMap(({ servers }) => servers.map(({ host }) => host)),
    ...sketch.names,
  ]
  const named = hosts.map(environmentOfHost).find((one) => one !== null)
  if (named !== undefined && named !== null) {
    note(sketch, 'assumed', 'environment-by-name', { environment: named })
    return named
  }
  note(sketch, 'assumed', 'environment-assumed')
  return 'production'
}

/** One for each address; what several say of the same is put together. */
function distinctServices({ services }: Sketch): ServiceFound[] {
  const byUrl = new Map<string, ServiceFound>()
  for (const service of services.slice(0, 1_000)) {
    byUrl.set(service.url, { ...service, ...byUrl.get(service.url) })
  }
  return [...byUrl.values()].slice(0, MOST_SERVICES)
}

function uniqueNames<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const used = new Set<string>()
  return items.map((item) => {
    const name = freeName(safeName(item.name) ?? 'service', used)
    used.add(name)
    return { ...item, name }
  })
}

/** `localhost` is another machine to everybody: it is said whose it is. */
function noteWhereFrom(sketch: Sketch): void {
  const servers = [...sketch.postgres, ...sketch.redis].flatMap((one) => one.servers.map(({ host }) => host))
  const sites = sketch.services.flatMap(({ url }) => (URL.canParse(url) ? [new URL(url).hostname] : []))
  if (![...servers, ...sites].some(samePlace)) return
  const last = sketch.hops.at(-1)?.alias
  if (last === undefined) note(sketch, 'assumed', 'seen-from-here')
  else note(sketch, 'found', 'seen-from-there', { host: last })
}
