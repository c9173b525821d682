/** What was found in a text before it is a profile: servers and services with where they stood, and notes on the way. */
import type { Environment } from '#shared/model/profile/deployment.ts'
import type { SshHop } from '#shared/model/profile/ssh.ts'
import type { PastedKind, ProposalCode, ProposalNote } from '#shared/model/proposal.ts'

/** A value that stood in the text or in a variable of it. */
export interface Found {
  readonly value: string
  /** 1-based; `null` where it came from beside the text. */
  readonly line: number | null
}

export interface ServerFound {
  readonly host: string
  /** `null`: the usual one. */
  readonly port: number | null
}

export interface PostgresFound {
  readonly servers: readonly ServerFound[]
  readonly user: string | null
  readonly database: string | null
  /** `null`: none is needed, as far as the text tells; `value: ''`: one is needed, and the text does not have it. */
  readonly password: Found | null
  /** Terms of the URL by libpq's names. */
  readonly terms: readonly (readonly [string, string])[]
  /** Who the application logs in as, and calls itself, where the text is the application's own. */
  readonly application: { readonly role?: string; readonly name?: string }
  /** Where it was found: a variable, a service of Compose. */
  readonly from: string
  readonly line: number | null
}

export interface RedisFound {
  readonly name: string
  /** Several for sentinels and clusters. */
  readonly servers: readonly ServerFound[]
  readonly socket: string | null
  readonly user: string | null
  readonly database: number
  readonly password: Found | null
  readonly tls: boolean
  /** Encrypted, but the certificate is not checked. */
  readonly unchecked: boolean
  /** Name of the primary, where the servers are sentinels. */
  readonly sentinel: string | null
  readonly cluster: boolean
  readonly from: string
  readonly line: number | null
}

export interface ServiceFound {
  readonly name: string
  readonly url: string
  readonly live?: string
  readonly ready?: string | null
  readonly metrics?: string | null
  readonly basic?: { readonly user: string; readonly password: Found }
  readonly pool?: { readonly size: number; readonly overflow: number }
  readonly processes?: number
  readonly instances?: number
  readonly line: number | null
}

export interface NodeExporterFound {
  /** Of the host. */
  readonly name: string
  readonly url: string
  readonly basic?: { readonly user: string; readonly password: Found }
}

/** What containers print. */
export type LogFound = { readonly name: string } & (
  | { readonly container: string }
  | { readonly compose: { readonly project: string; readonly service: string } }
)

export interface Sketch {
  readonly kinds: Set<PastedKind>
  /** What the deployment may be called; the first that can be a name is taken. */
  readonly names: string[]
  readonly environments: Environment[]
  readonly hops: SshHop[]
  sshConfig: string | null
  readonly services: ServiceFound[]
  readonly nodeExporters: NodeExporterFound[]
  readonly postgres: PostgresFound[]
  readonly redis: RedisFound[]
  readonly logs: LogFound[]
  readonly notes: ProposalNote[]
}

/** A text from a machine could bring a note for each of its lines. */
const MOST_NOTES = 60

export function emptySketch(): Sketch {
  return {
    kinds: new Set(),
    names: [],
    environments: [],
    hops: [],
    sshConfig: null,
    services: [],
    nodeExporters: [],
    postgres: [],
    redis: [],
    logs: [],
    notes: [],
  }
}

/** Adds a note, once. What stands in `params` is shown: it must not be a value that could be a secret. */
export function note(
  sketch: Pick<Sketch, 'notes'>,
  tone: ProposalNote['tone'],
  code: ProposalCode,
  params: ProposalNote['params'] = {},
  line: number | null = null,
): void {
  if (sketch.notes.length >= MOST_NOTES) return
  const shown = Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.slice(0, 200) : value,
    ]),
  )
  const added = { code, params: shown, line, tone }
  const text = JSON.stringify(added)
  if (sketch.notes.every((one) => JSON.stringify(one) !== text)) sketch.notes.push(added)
}
