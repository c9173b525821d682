/** A deployment as the form holds it: everything there is a field for, as people type it. Pure, both ways. */
import type { DeploymentProfile, Environment } from '#shared/model/profile/deployment.ts'
import type { SshHop } from '#shared/model/profile/ssh.ts'
import { SHARED_DEFAULTS } from './draft-defaults.ts'

/** A reference to a secret and, while it is typed and not yet in the vault, its value. */
export interface SecretDraft {
  reference: string
  value: string
}

export interface HopDraft {
  host: string
  port: number | ''
  user: string
  key: SecretDraft
  passphrase: SecretDraft
}

export interface ServiceDraft {
  name: string
  url: string
  live: string
  ready: string
  metrics: string
  monitoring: string
  token: SecretDraft
  poolSize: number | ''
  poolOverflow: number | ''
  processes: number | ''
  instances: number | ''
}

export interface PostgresDraft {
  url: string
  password: SecretDraft
  role: string
  application: string
}

export interface RedisDraft {
  name: string
  url: string
  password: SecretDraft
}

export interface HostDraft {
  name: string
  over: 'local' | 'ssh'
  /** A further hop from the end of the chain; `null` where the host is that end. */
  hop: HopDraft | null
  /** Mount points, separated by spaces. */
  disks: string
}

export interface LimitDraft {
  metric: string
  warning: number | ''
  critical: number | ''
}

export interface Draft {
  name: string
  environment: Environment
  description: string
  hops: HopDraft[]
  knownHosts: string
  services: ServiceDraft[]
  postgres: PostgresDraft[]
  redis: RedisDraft[]
  hosts: HostDraft[]
  limits: LimitDraft[]
}

export const noSecret = (): SecretDraft => ({ reference: '', value: '' })

export const newHop = (): HopDraft => ({
  host: '',
  port: SHARED_DEFAULTS.sshPort,
  user: '',
  key: { reference: 'file:~/.ssh/id_ed25519', value: '' },
  passphrase: noSecret(),
})
export const newService = (name: string): ServiceDraft => ({
  name,
  url: '',
  live: SHARED_DEFAULTS.live,
  ready: SHARED_DEFAULTS.ready,
  metrics: SHARED_DEFAULTS.metrics,
  monitoring: '',
  token: noSecret(),
  poolSize: '',
  poolOverflow: '',
  processes: 1,
  instances: 1,
})
export const newPostgres = (): PostgresDraft => ({ url: '', password: noSecret(), role: '', application: '' })
export const newRedis = (name: string): RedisDraft => ({ name, url: '', password: noSecret() })
export const newHost = (name: string, over: HostDraft['over']): HostDraft => ({
  name,
  over,
  hop: null,
  disks: '/',
})

export const newDraft = (): Draft => ({
  name: '',
  environment: 'production',
  description: '',
  hops: [],
  knownHosts: '',
  services: [],
  postgres: [],
  redis: [],
  hosts: [],
  limits: [],
})

/** A profile as the form shows it. */
export function draftOf(profile: DeploymentProfile): Draft {
  return {
    name: profile.name,
    environment: profile.environment,
    description: profile.description ?? '',
    hops: profile.ssh?.hops.map(hopDraft) ?? [],
    knownHosts: profile.ssh?.knownHosts ?? '',
    services: profile.services.map((service) => ({
      name: service.name,
      url: service.url,
      live: service.live,
      ready: service.ready ?? '',
      metrics: service.metrics ?? '',
      monitoring: service.monitoring ?? '',
      token: secretDraft(service.token),
      poolSize: service.pool?.size ?? '',
      poolOverflow: service.pool?.overflow ?? '',
      processes: service.processes,
      instances: service.instances,
    })),
    postgres:
      profile.postgres === undefined
        ? []
        : [
            {
              url: profile.postgres.url,
              password: secretDraft(profile.postgres.password),
              role: profile.postgres.application.role ?? '',
              application: profile.postgres.application.name ?? '',
            },
          ],
    redis: profile.redis.map(({ name, url, password }) => ({ name, url, password: secretDraft(password) })),
    hosts: profile.hosts.map(({ name, over, hop, disks }) => ({
      name,
      over,
      hop: hop === undefined ? null : hopDraft(hop),
      disks: disks.join(' '),
    })),
    limits: Object.entries(profile.limits).map(([metric, limit]) => ({
      metric,
      warning: limit?.warning ?? '',
      critical: limit?.critical ?? '',
    })),
  }
}

function hopDraft({ host, port, user, key, passphrase }: SshHop): HopDraft {
  return {
    host: host ?? '',
    port: port ?? '',
    user: user ?? '',
    key: secretDraft(key),
    passphrase: secretDraft(passphrase),
  }
}

function secretDraft(reference: string | undefined): SecretDraft {
  return { reference: reference ?? '', value: '' }
}
