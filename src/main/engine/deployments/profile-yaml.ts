/** Profiles as YAML: one or more documents in, with every fault's path and line; one document out. */

import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseAllDocuments,
  stringify,
  visit,
} from 'yaml'
import type { Backups } from '#shared/model/profile/backups.ts'
import type { DeploymentProfile, ProfileIssue } from '#shared/model/profile/deployment.ts'
import type { KeptMetric } from '#shared/model/profile/exposition.ts'
import {
  type LocatedIssue,
  MORE_ISSUES,
  MOST_ISSUES,
  moreIssues,
  parseProfile,
  profileIssue,
} from '#shared/model/profile/issues.ts'
import type { Redis } from '#shared/model/profile/redis.ts'
import type { Scrape } from '#shared/model/profile/scrape.ts'
import type { SshHop } from '#shared/model/profile/ssh.ts'
import type { Tls } from '#shared/model/profile/tls.ts'

export interface ReadProfiles {
  /** The profiles without fault, in the order of the text. */
  readonly profiles: DeploymentProfile[]
  readonly issues: ProfileIssue[]
}

/**
 * Reads every document of a text. Never throws for what stands in it, and takes time in proportion to its length: it
 * comes from whoever may look, and everything else waits meanwhile.
 */
export function readProfiles(text: string): ReadProfiles {
  const lines = new LineCounter()
  // The library compares each key of a mapping with all before it; `repeatedKeys` does not.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false }
  const documents = parseAllDocuments(text, options)
  if (!Array.isArray(documents)) return { profiles: [], issues: [noProfile()] }
  const profiles = new Map<string, DeploymentProfile>()
  const issues: ProfileIssue[] = []
  for (const document of documents) {
    if (issues.length > MOST_ISSUES) break
    const read = readDocument(document, lines)
    issues.push(...read.issues)
    if (read.profile === null) continue
    const { name } = read.profile
    if (profiles.has(name)) {
      const located = profileIssue(['name'], 'duplicate', { code: 'same-deployment', params: { name } })
      issues.push(withLine(located, document, lines))
    } else {
      profiles.set(name, read.profile)
    }
  }
  if (profiles.size === 0 && issues.length === 0) issues.push(noProfile())
  const faults = issues
    .filter(({ reason }) => reason.code !== MORE_ISSUES)
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .slice(0, MOST_ISSUES)
  const rest = issues.length > faults.length ? [moreIssues().issue] : []
  return { profiles: [...profiles.values()], issues: [...faults, ...rest] }
}

/** A profile as people write it: what equals the default is left out. */
export function writeProfile(profile: DeploymentProfile): string {
  const written = {
    ...profile,
    ssh: profile.ssh && { ...profile.ssh, hops: profile.ssh.hops.map(writeHop) },
    services: profile.services.map((service) => ({
      ...service,
      processes: service.processes === 1 ? undefined : service.processes,
      instances: service.instances === 1 ? undefined : service.instances,
      monitoring: service.monitoring ?? undefined,
      headers: isEmptyObject(service.headers) ? undefined : service.headers,
      redirects: service.redirects === 'none' ? undefined : service.redirects,
      requests: service.requests.length === 0 ? undefined : service.requests.map(writeEvery),
      tls: service.tls && writeTls(service.tls),
      oauth2: service.oauth2 && {
        ...service.oauth2,
        style: service.oauth2.style === 'form' ? undefined : service.oauth2.style,
      },
    })),
    redis: profile.redis.map(writeRedis),
    postgres: profile.postgres && {
      ...profile.postgres,
      application:
        Object.keys(profile.postgres.application).length === 0 ? undefined : profile.postgres.application,
      queries: profile.postgres.queries.length === 0 ? undefined : profile.postgres.queries.map(writeEvery),
    },
    hosts: profile.hosts.map((host) => ({
      ...host,
      hop: host.hop && writeHop(host.hop),
      exporter: host.exporter && writeScrape(host.exporter),
    })),
    expositions: profile.expositions.map((exposition) => ({
      ...writeScrape(exposition),
      keep: exposition.keep.map(writeKept),
    })),
    backups: profile.backups && writeBackups(profile.backups),
  }
  const filled = Object.fromEntries(
    Object.entries(written).filter(
      ([, value]) =>
        value !== undefined && !(Array.isArray(value) && value.length === 0) && !isEmptyObject(value),
    ),
  )
  return stringify(filled, { lineWidth: 0, keepUndefined: false })
}

function writeBackups(backups: Backups) {
  const { databases, schemas, tables, roles, recipients, run, compression } = backups
  const { recoveryPointHours, lockWaitSeconds, mostHeldMinutes } = backups
  return {
    ...backups,
    databases: databases.length === 0 ? undefined : databases,
    schemas: schemas.length === 0 ? undefined : schemas,
    tables: tables.length === 0 ? undefined : tables,
    roles: roles ? undefined : false,
    recipients: recipients.length === 0 ? undefined : recipients,
    run: run === 'auto' ? undefined : run,
    compression: compression.method === 'auto' ? undefined : compression,
    recoveryPointHours: recoveryPointHours === 24 ? undefined : recoveryPointHours,
    lockWaitSeconds: lockWaitSeconds === 30 ? undefined : lockWaitSeconds,
    mostHeldMinutes: mostHeldMinutes === 240 ? undefined : mostHeldMinutes,
  }
}

function writeRedis(redis: Redis) {
  const { sentinel } = redis
  return {
    ...redis,
    cluster: redis.cluster ? true : undefined,
    tls: redis.tls && writeTls(redis.tls),
    sentinel: sentinel && { ...sentinel, tls: sentinel.tls && writeTls(sentinel.tls) },
  }
}

function writeEvery<T extends { readonly every: number }>(item: T) {
  return { ...item, every: item.every === 60 ? undefined : item.every }
}

function writeScrape<T extends Scrape>(source: T) {
  return {
    ...source,
    headers: isEmptyObject(source.headers) ? undefined : source.headers,
    tls: source.tls && writeTls(source.tls),
  }
}

function writeKept({ by, where, fold, most, ...kept }: KeptMetric) {
  return {
    ...kept,
    by: by.length === 0 ? undefined : by,
    where: isEmptyObject(where) ? undefined : where,
    fold: fold === 'sum' ? undefined : fold,
    most: most === 10 ? undefined : most,
  }
}

function writeTls(tls: Tls) {
  return { ...tls, check: tls.check === 'full' ? undefined : tls.check }
}

function writeHop(hop: SshHop): SshHop {
  // An alias takes its port from the configuration: 22 is a statement there.
  const { port, ...rest } = hop
  return port === undefined || (port === 22 && hop.alias === undefined) ? rest : hop
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function readDocument(
  document: Document.Parsed,
  lines: LineCounter,
): { profile: DeploymentProfile | null; issues: ProfileIssue[] } {
  const faults = document.errors.length > 0 ? document.errors.map(syntaxFault) : repeatedKeys(document)
  if (faults.length > 0) {
    return {
      profile: null,
      issues: faults
        .slice(0, MOST_ISSUES + 1)
        .map(
          ({ detail, at }) =>
            profileIssue([], 'syntax', { code: 'syntax', params: { detail } }, lines.linePos(at).line).issue,
        ),
    }
  }
  let value: unknown
  try {
    value = document.toJS()
  } catch (error) {
    const detail = withoutQuotation(error instanceof Error ? error.message : String(error))
    return {
      profile: null,
      issues: [profileIssue([], 'syntax', { code: 'syntax', params: { detail } }).issue],
    }
  }
  if (value === null || value === undefined) return { profile: null, issues: [] }
  if (typeof value !== 'object' || Array.isArray(value)) {
    const found = Array.isArray(value) ? 'list' : typeof value
    const located = profileIssue([], 'invalid', { code: 'not-a-mapping', params: { found } })
    return { profile: null, issues: [withLine(located, document, lines)] }
  }
  const parsed = parseProfile(value)
  if (parsed.ok) return { profile: parsed.profile, issues: [] }
  return { profile: null, issues: parsed.issues.map((located) => withLine(located, document, lines)) }
}

interface SyntaxFault {
  readonly detail: string
  /** Offset in the text. */
  readonly at: number
}

function syntaxFault({ message, pos }: Document.Parsed['errors'][number]): SyntaxFault {
  return { detail: withoutQuotation(message), at: pos[0] }
}

/** What follows a colon and a space in the library's words is quoted from the text: a secret may stand there by mistake. */
function withoutQuotation(message: string): string {
  return message.split(': ', 1)[0] ?? message
}

function repeatedKeys(document: Document.Parsed): SyntaxFault[] {
  const faults: SyntaxFault[] = []
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) faults.push({ detail: 'Map keys must be unique', at: key.range?.[0] ?? 0 })
        seen.add(key.value)
      }
    },
  })
  return faults
}

/** The issue with the line of its key, or of the nearest thing above it that is there. */
function withLine(
  { issue, keys }: LocatedIssue,
  document: Document.Parsed,
  lines: LineCounter,
): ProfileIssue {
  for (let depth = keys.length; depth >= 0; depth -= 1) {
    const offset = offsetOf(document, keys.slice(0, depth))
    if (offset !== null) return { ...issue, line: lines.linePos(offset).line }
  }
  return issue
}

/** Where the key of a path (or the node itself) begins in the text. */
function offsetOf(document: Document.Parsed, keys: readonly (string | number)[]): number | null {
  const node = keys.length === 0 ? document.contents : document.getIn(keys, true)
  const parent = keys.length < 2 ? document.contents : document.getIn(keys.slice(0, -1), true)
  if (keys.length > 0 && isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === keys.at(-1))
    if (isScalar(pair?.key)) return pair.key.range?.[0] ?? null
  }
  return isNode(node) ? (node.range?.[0] ?? null) : null
}

function noProfile(): ProfileIssue {
  return profileIssue([], 'missing', { code: 'no-profile', params: {} }).issue
}
