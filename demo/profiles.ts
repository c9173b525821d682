/** The demo's deployments as profiles, and the secrets that they refer to. */
import type { DeploymentProfileInput } from '#shared/model/profile/deployment.ts'
import { OPERATE_ROLE, WATCH_ROLE } from './schema.ts'
import type { SshServer } from './servers/sshd.ts'
import type { DemoWays } from './ways.ts'

export const DEPLOYMENT_NAMES = ['shop', 'billing', 'ledger'] as const
export type DeploymentName = (typeof DEPLOYMENT_NAMES)[number]

/** A transaction this old is somebody's mistake: the service's own take milliseconds. */
const FORGOTTEN_AFTER_SECONDS = 20

const DESCRIPTIONS: Record<DeploymentName, string> = {
  shop: 'Demo: reached directly',
  billing: 'Demo: reached through one SSH hop',
  ledger: 'Demo: reached through two SSH hops, its service over TLS',
}

const TAGS: Record<DeploymentName, string[]> = {
  shop: ['storefront'],
  billing: ['payments'],
  ledger: ['payments', 'audited'],
}

export interface ProfileParts {
  readonly name: DeploymentName
  readonly ways: Pick<DemoWays, 'service' | 'postgres' | 'redis' | 'hops'>
  /** Whether the service is reached over TLS. */
  readonly encrypted: boolean
  /** Celery's queues in its Redis. */
  readonly queues: readonly string[]
  /** Mount points to watch beside `/`. */
  readonly disks: readonly string[]
  readonly poolSize: number
  /** The SSH chain, the bastion first; empty where the deployment is reached directly. */
  readonly chain: readonly SshServer[]
  /** The `known_hosts` file that holds the chain's host keys. */
  readonly knownHosts: string
  /** Files by the name of the log. */
  readonly logs: Readonly<Record<string, string>>
  /** Where its backups go; `null`: it has none, as many have not. */
  readonly backups: string | null
}

/** Names in the vault; the profile refers to them. */
export const secretNames = {
  postgres: 'demo-postgres-watch',
  operate: 'demo-postgres-operate',
  authority: (deployment: DeploymentName) => `demo-${deployment}-authority`,
  redis: (deployment: DeploymentName) => `demo-${deployment}-redis`,
  sshKey: (deployment: DeploymentName, hop: number) => `demo-${deployment}-ssh-key-${hop + 1}`,
}

export function profileOf(parts: ProfileParts): DeploymentProfileInput {
  const { name, ways, encrypted, queues, poolSize, chain, knownHosts, logs, backups } = parts
  const disks = ['/', ...parts.disks]
  return {
    name,
    environment: 'staging',
    description: DESCRIPTIONS[name],
    tags: TAGS[name],
    ...(chain.length === 0
      ? {}
      : {
          ssh: {
            hops: chain.map(({ port, user }, hop) => ({
              host: '127.0.0.1',
              port: ways.hops[hop] ?? port,
              user,
              key: `secret:${secretNames.sshKey(name, hop)}`,
            })),
            knownHosts,
          },
        }),
    services: [
      {
        name: 'api',
        url: `${encrypted ? 'https' : 'http'}://127.0.0.1:${ways.service}`,
        ...(encrypted ? { tls: { authorities: `secret:${secretNames.authority(name)}` } } : {}),
        monitoring: '/api/v1/monitoring',
        pool: { size: poolSize },
      },
    ],
    postgres: {
      url: `postgresql://${WATCH_ROLE}@127.0.0.1:${ways.postgres}/${name}`,
      password: `secret:${secretNames.postgres}`,
      operate: { user: OPERATE_ROLE, password: `secret:${secretNames.operate}` },
      application: { role: name },
    },
    redis: [
      {
        name: 'cache',
        url: `redis://127.0.0.1:${ways.redis}/0`,
        password: `secret:${secretNames.redis(name)}`,
        ...(queues.length === 0 ? {} : { queues: [...queues] }),
      },
    ],
    hosts: [
      chain.length === 0 ? { name: 'local', over: 'local', disks } : { name: 'server', over: 'ssh', disks },
    ],
    logs: Object.entries(logs).map(([log, file]) => ({
      name: log,
      over: chain.length === 0 ? 'local' : 'ssh',
      file,
    })),
    ...(backups === null
      ? {}
      : {
          backups: {
            store: { kind: 'local', directory: backups },
            schedule: { kind: 'daily', zone: 'UTC', times: ['02:30'] },
            drills: { kind: 'weekly', zone: 'UTC', days: [7], times: ['05:00'] },
            keep: { days: 30 },
          },
        }),
    limits: {
      // All of it, the console and its browser share one machine: a processor that is busy to the full says nothing here.
      system_cpu_percent: { warning: 100 },
      // Nobody waits a minute for a fault to show.
      db_pool_oldest_transaction_seconds: { warning: FORGOTTEN_AFTER_SECONDS },
    },
  }
}
