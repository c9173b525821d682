/** Profiles as YAML: one or more documents in, with every fault's path and line; one document out. */

import { type Document, isNode, isPair, LineCounter, parseAllDocuments, stringify, visit } from 'yaml'
import type { DeploymentProfile, ProfileIssue } from '#shared/model/deployment.ts'
import { type LocatedIssue, parseProfile, profileIssue } from '#shared/model/profile-issues.ts'

export interface ReadProfiles {
  /** The profiles without fault, in the order of the text. */
  readonly profiles: DeploymentProfile[]
  readonly issues: ProfileIssue[]
}

/** Reads every document of a text. Never throws for what stands in it. */
export function readProfiles(text: string): ReadProfiles {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
  if (!Array.isArray(documents)) return { profiles: [], issues: [noProfile()] }
  const profiles: DeploymentProfile[] = []
  const issues: ProfileIssue[] = []
  for (const document of documents) {
    const read = readDocument(document, lines)
    issues.push(...read.issues)
    if (read.profile === null) continue
    if (profiles.some(({ name }) => name === read.profile?.name)) {
      const located = profileIssue(['name'], 'duplicate', {
        code: 'same-deployment',
        params: { name: read.profile.name },
      })
      issues.push(withLine(located, document, lines))
    } else {
      profiles.push(read.profile)
    }
  }
  if (profiles.length === 0 && issues.length === 0) issues.push(noProfile())
  return { profiles, issues: issues.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) }
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
    })),
    postgres: profile.postgres && {
      ...profile.postgres,
      application:
        Object.keys(profile.postgres.application).length === 0 ? undefined : profile.postgres.application,
    },
    hosts: profile.hosts.map((host) => ({ ...host, hop: host.hop && writeHop(host.hop) })),
  }
  const filled = Object.fromEntries(
    Object.entries(written).filter(
      ([, value]) =>
        value !== undefined && !(Array.isArray(value) && value.length === 0) && !isEmptyObject(value),
    ),
  )
  return stringify(filled, { lineWidth: 0, keepUndefined: false })
}

function writeHop<T extends { port: number }>(hop: T) {
  return { ...hop, port: hop.port === 22 ? undefined : hop.port }
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function readDocument(
  document: Document.Parsed,
  lines: LineCounter,
): { profile: DeploymentProfile | null; issues: ProfileIssue[] } {
  if (document.errors.length > 0) {
    return {
      profile: null,
      issues: document.errors.map(
        ({ message, pos }) =>
          profileIssue(
            [],
            'syntax',
            { code: 'syntax', params: { detail: message } },
            lines.linePos(pos[0]).line,
          ).issue,
      ),
    }
  }
  let value: unknown
  try {
    value = document.toJS()
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
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
  if (keys.length === 0) return isNode(document.contents) ? (document.contents.range?.[0] ?? null) : null
  const last = keys.at(-1)
  const parent = keys.length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true)
  let offset: number | null = null
  if (isNode(parent)) {
    visit(parent, {
      Pair(_, pair, path) {
        if (path.at(-1) !== parent) return visit.SKIP
        if (isPair(pair) && isNode(pair.key) && 'value' in pair.key && pair.key.value === last)
          offset = pair.key.range?.[0] ?? null
        return undefined
      },
    })
  }
  if (offset !== null) return offset
  const node = document.getIn(keys, true)
  return isNode(node) ? (node.range?.[0] ?? null) : null
}

function noProfile(): ProfileIssue {
  return profileIssue([], 'missing', { code: 'no-profile', params: {} }).issue
}
