/** A deployment as the form holds it, as people type it: there and back. What has no field is kept. Pure. */
import type { LeasePlace } from '#shared/model/lease.ts'
import type { DeploymentProfile, Environment } from '#shared/model/profile/deployment.ts'
import { ownZone } from '../../../components/own-zone.ts'
import { type BackupsDraft, backupsDraft, backupsOf } from './parts/backups.ts'
import { type ExpositionDraft, expositionDraft, expositionOf } from './parts/exposition.ts'
import { type HostDraft, hostDraft, hostOf } from './parts/host.ts'
import { type Kept, NOTHING_KEPT, onTop } from './parts/kept.ts'
import { type LimitDraft, limitDrafts, limitsOf } from './parts/limit.ts'
import { type LogDraft, logDraft, logOf } from './parts/log.ts'
import { type PostgresDraft, postgresDraft, postgresOf } from './parts/postgres.ts'
import { type RedisDraft, redisDraft, redisOf } from './parts/redis.ts'
import { type ServiceDraft, serviceDraft, serviceOf } from './parts/service.ts'
import { type SshDraft, sshDraft, sshOf } from './parts/ssh.ts'

export interface Draft {
  name: string
  environment: Environment
  description: string
  /** With commas between them. */
  tags: string
  /** Where consoles agree on which of them tells of its alerts. */
  lease: LeasePlace
  /** This console changes nothing of it. */
  readOnly: boolean
  ssh: SshDraft
  services: ServiceDraft[]
  /** None or one. */
  postgres: PostgresDraft[]
  redis: RedisDraft[]
  hosts: HostDraft[]
  expositions: ExpositionDraft[]
  logs: LogDraft[]
  limits: LimitDraft[]
  /** None or one. */
  backups: BackupsDraft[]
  kept: Kept
}

export const newDraft = (): Draft => ({
  name: '',
  environment: 'production',
  description: '',
  tags: '',
  lease: 'none',
  readOnly: false,
  ssh: sshDraft(),
  services: [],
  postgres: [],
  redis: [],
  hosts: [],
  expositions: [],
  logs: [],
  limits: [],
  backups: [],
  kept: NOTHING_KEPT,
})

/** A profile as the form shows it. */
export function draftOf(profile: DeploymentProfile): Draft {
  return {
    name: profile.name,
    environment: profile.environment,
    description: profile.description ?? '',
    tags: profile.tags.join(', '),
    lease: profile.lease ?? 'none',
    readOnly: profile.readOnly ?? false,
    ssh: sshDraft(profile.ssh),
    services: profile.services.map((service) =>
      serviceDraft(service, profile.ssh === undefined ? 'local' : 'ssh'),
    ),
    postgres: profile.postgres === undefined ? [] : [postgresDraft(profile.postgres)],
    redis: profile.redis.map(redisDraft),
    hosts: profile.hosts.map(hostDraft),
    expositions: profile.expositions.map(expositionDraft),
    logs: profile.logs.map(logDraft),
    limits: limitDrafts(profile.limits),
    backups: profile.backups === undefined ? [] : [backupsDraft(profile.backups, ownZone())],
    kept: profile,
  }
}

/** Keys as the profile has them; empty fields are left out, and the console judges the rest. Holds references alone. */
export function profileOf(draft: Draft): Record<string, unknown> {
  const [database] = draft.postgres
  const [backups] = draft.backups
  return onTop(
    draft.kept,
    {
      name: draft.name.trim(),
      environment: draft.environment,
      description: draft.description.trim(),
      tags: draft.tags
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
      lease: draft.lease === 'none' && draft.kept.lease === undefined ? undefined : draft.lease,
      readOnly: draft.readOnly || draft.kept.readOnly !== undefined ? draft.readOnly : undefined,
      ssh: sshOf(draft.ssh),
      services: draft.services.map(serviceOf),
      postgres: database === undefined ? undefined : postgresOf(database),
      redis: draft.redis.map(redisOf),
      hosts: draft.hosts.map(hostOf),
      expositions:
        draft.expositions.length > 0 || draft.kept.expositions !== undefined
          ? draft.expositions.map(expositionOf)
          : undefined,
      logs: draft.logs.map(logOf),
      limits: limitsOf(draft.limits),
      backups: backups === undefined ? undefined : backupsOf(backups),
    },
    ['name'],
  )
}
