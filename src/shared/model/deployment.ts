/**
 * The deployment profile: what a deployment is and how it is reached. Imported and exported as YAML; unknown keys are
 * refused. It never holds a secret's value, only references: `secret:NAME` (the vault), `env:NAME`, `file:PATH`.
 */
import { z } from 'zod'
import { ENVIRONMENTS } from '#shared/catalogue/environments.ts'
import { LIMITS } from '#shared/catalogue/limits.ts'
import { Reason } from './reason.ts'

export const Environment = z.enum(ENVIRONMENTS)
export type Environment = z.infer<typeof Environment>

/**
 * A name that is safe in a URL, a label and a file name. The messages of this schema are keys of
 * `locales/<language>/profile.ts`; `profile-issues.ts` turns them into words.
 */
export const Name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'bad-name')

export const SecretReference = z
  .string()
  .regex(/^(secret:[A-Za-z0-9._-]+|env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'bad-secret-reference')
export type SecretReference = z.infer<typeof SecretReference>

const Port = z.number().int().min(1).max(65_535)
const Path = z.string().startsWith('/', 'bad-path')

interface UrlRules {
  readonly schemes: readonly string[]
  readonly example: string
  /** Refuses what this kind of URL lacks or cannot carry; answers with a message key and its parameters. */
  readonly refuse?: (url: URL) => { message: string; params?: Record<string, string> } | null
}

/** A URL of one of some schemes, without a password in it. */
function url({ schemes, example, refuse }: UrlRules) {
  return z.string().superRefine((text, context) => {
    const parsed = URL.canParse(text) ? new URL(text) : null
    const fault =
      parsed === null || !schemes.includes(parsed.protocol) || parsed.hostname === ''
        ? { message: 'bad-url' }
        : parsed.password !== ''
          ? { message: 'password-in-url' }
          : (refuse?.(parsed) ?? null)
    if (fault !== null) context.addIssue({ code: 'custom', params: { example }, ...fault })
  })
}

export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-full'] as const
const POSTGRES_EXAMPLE = 'postgresql://vakhta@db.internal:5432/shop'

function refusePostgresUrl(parsed: URL) {
  const params = { example: POSTGRES_EXAMPLE }
  if (parsed.username === '') return { message: 'missing-user', params }
  if (parsed.pathname.length < 2) return { message: 'missing-database', params }
  for (const [key, value] of parsed.searchParams) {
    if (key !== 'sslmode')
      return { message: 'unknown-url-parameter', params: { found: key, known: 'sslmode' } }
    if (!SSL_MODES.some((mode) => mode === value)) return { message: 'bad-sslmode', params: { found: value } }
  }
  return null
}

export const SshHop = z.strictObject({
  host: z.string().min(1),
  port: Port.default(22),
  user: z.string().min(1),
  /** The private key: usually `file:~/.ssh/id_ed25519`, or `secret:NAME`. */
  key: SecretReference,
  passphrase: SecretReference.optional(),
})
export type SshHop = z.infer<typeof SshHop>

export const Ssh = z.strictObject({
  /** In the order in which they are passed: the bastion first. */
  hops: z.array(SshHop).min(1).max(8),
  /** A `known_hosts` file beside `~/.ssh/known_hosts` and the keys accepted in Vakhta. */
  knownHosts: z.string().min(1).optional(),
})

export const Service = z.strictObject({
  name: Name,
  url: url({ schemes: ['http:', 'https:'], example: 'https://shop.example.com' }),
  live: Path.default('/health'),
  ready: Path.nullable().default('/ready'),
  /** `null` where the service exposes no Prometheus metrics. */
  metrics: Path.nullable().default('/metrics'),
  /** Where the service answers `pool/metrics` of its own, if it does. */
  monitoring: Path.nullable().default(null),
  /** Sent as `Authorization: Bearer …`. */
  token: SecretReference.optional(),
  /** The declared pool: `size` kept open and `overflow` beyond it, in each process. */
  pool: z
    .strictObject({ size: z.number().int().min(1), overflow: z.number().int().min(0).default(0) })
    .optional(),
  processes: z.number().int().min(1).default(1),
  instances: z.number().int().min(1).default(1),
})
export type Service = z.infer<typeof Service>

export const Postgres = z.strictObject({
  /** `postgresql://USER@HOST:PORT/DATABASE?sslmode=…`; the user should be a member of `pg_monitor`. */
  url: url({ schemes: ['postgresql:', 'postgres:'], example: POSTGRES_EXAMPLE, refuse: refusePostgresUrl }),
  password: SecretReference.optional(),
  /** Whose backends are the application's; what is left out matches all but Vakhta's own. */
  application: z
    .strictObject({ role: z.string().min(1).optional(), name: z.string().min(1).optional() })
    .default({}),
})
export type Postgres = z.infer<typeof Postgres>

export const Redis = z.strictObject({
  name: Name,
  /** `redis://[USER@]HOST:PORT[/DB]` or `rediss://…`. */
  url: url({ schemes: ['redis:', 'rediss:'], example: 'redis://127.0.0.1:6379/0' }),
  password: SecretReference.optional(),
})
export type Redis = z.infer<typeof Redis>

export const Host = z.strictObject({
  name: Name,
  /** `local`: the machine that Vakhta runs on. `ssh`: the end of the chain, or the further `hop` from there. */
  over: z.enum(['local', 'ssh']),
  hop: SshHop.optional(),
  /** Mount points to watch. */
  disks: z.array(Path).min(1).default(['/']),
})
export type Host = z.infer<typeof Host>

const LimitOverride = z.strictObject({ warning: z.number().optional(), critical: z.number().optional() })

export const DeploymentProfile = z
  .strictObject({
    name: Name,
    environment: Environment,
    description: z.string().max(500).optional(),
    ssh: Ssh.optional(),
    services: z.array(Service).default([]),
    postgres: Postgres.optional(),
    redis: z.array(Redis).default([]),
    hosts: z.array(Host).default([]),
    /** Limits that override the catalogue's, by metric. */
    limits: z.partialRecord(z.enum(Object.keys(LIMITS) as [keyof typeof LIMITS]), LimitOverride).default({}),
  })
  .superRefine((profile, context) => {
    for (const list of ['services', 'redis', 'hosts'] as const) {
      const seen = new Set<string>()
      profile[list].forEach((item, index) => {
        if (seen.has(item.name)) {
          context.addIssue({
            code: 'custom',
            path: [list, index, 'name'],
            message: 'same-name',
            params: { name: item.name, list },
          })
        }
        seen.add(item.name)
      })
    }
    profile.hosts.forEach((host, index) => {
      if (host.over === 'ssh' && profile.ssh === undefined && host.hop === undefined) {
        context.addIssue({
          code: 'custom',
          path: ['hosts', index, 'over'],
          message: 'no-way-over-ssh',
        })
      }
      if (host.over === 'local' && host.hop !== undefined) {
        context.addIssue({
          code: 'custom',
          path: ['hosts', index, 'hop'],
          message: 'hop-on-local',
        })
      }
    })
    if (
      profile.services.length + profile.redis.length + profile.hosts.length === 0 &&
      profile.postgres === undefined
    ) {
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'nothing-to-watch',
      })
    }
  })
export type DeploymentProfile = z.infer<typeof DeploymentProfile>
/** A profile as people write it, with defaults left out. */
export type DeploymentProfileInput = z.input<typeof DeploymentProfile>

/** One fault of a profile text: where it is and what was expected there. */
export const ProfileIssue = z.object({
  /** Path within the document: `services[0].url`. */
  path: z.string(),
  /** 1-based line in the YAML text; `null` where there is no text. */
  line: z.number().nullable(),
  code: z.enum(['unknown-key', 'missing', 'invalid', 'duplicate', 'syntax']),
  /** What was expected: a key of `locales/<language>/profile.ts` and its parameters. */
  reason: Reason,
  /** The same in English, for scripts' logs. */
  message: z.string(),
})
export type ProfileIssue = z.infer<typeof ProfileIssue>
