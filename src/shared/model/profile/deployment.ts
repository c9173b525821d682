/**
 * The deployment profile: what a deployment is and how it is reached. Imported and exported as YAML; unknown keys are
 * refused. It never holds a secret's value, only references: `secret:NAME` (the vault), `env:NAME`, `file:PATH`.
 */
import { z } from 'zod'
import { ENVIRONMENTS } from '#shared/catalogue/environments.ts'
import { LIMITS } from '#shared/catalogue/limits.ts'
import { LeasePlace } from '../lease.ts'
import { Reason } from '../reason.ts'
import { Backups } from './backups.ts'
import { isWithinOther } from './directory.ts'
import { Exposition } from './exposition.ts'
import { Name } from './fields.ts'
import { Host } from './host.ts'
import { LogSource } from './log.ts'
import { Postgres } from './postgres.ts'
import { Redis } from './redis.ts'
import { Service } from './service.ts'
import { Ssh } from './ssh.ts'

export const Environment = z.enum(ENVIRONMENTS)
export type Environment = z.infer<typeof Environment>

const LimitOverride = z.strictObject({ warning: z.number().optional(), critical: z.number().optional() })

/** A word or two that the fleet is filtered and grouped by: a team, a customer, a region. */
const Tag = z.string().regex(/^[\p{L}\p{N}](?:[\p{L}\p{N} ._:/-]{0,38}[\p{L}\p{N}])?$/u, 'bad-tag')

export const DeploymentProfile = z
  .strictObject({
    name: Name,
    environment: Environment,
    description: z.string().max(500).optional(),
    /** This console changes nothing of it: operations that would are refused. */
    readOnly: z.boolean().optional(),
    /** The first is the one that it is grouped by. */
    tags: z.array(Tag).max(10, 'too-many-tags').default([]),
    ssh: Ssh.optional(),
    services: z.array(Service).default([]),
    postgres: Postgres.optional(),
    redis: z.array(Redis).default([]),
    hosts: z.array(Host).default([]),
    logs: z.array(LogSource).max(50).default([]),
    /** Metrics of others than the services. */
    expositions: z.array(Exposition).max(20).default([]),
    /** Where several consoles agree on which of them tells of its alerts; left out: nowhere. */
    lease: LeasePlace.optional(),
    /** Left out: nothing of it is backed up. */
    backups: Backups.optional(),
    /** Limits that override the catalogue's, by metric. */
    limits: z.partialRecord(z.enum(Object.keys(LIMITS) as [keyof typeof LIMITS]), LimitOverride).default({}),
  })
  .superRefine((profile, context) => {
    for (const list of ['services', 'redis', 'hosts', 'logs', 'expositions'] as const) {
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
      if (host.over !== 'ssh' && host.hop !== undefined) {
        const message = host.over === 'local' ? 'hop-on-local' : 'hop-to-exporter'
        context.addIssue({ code: 'custom', path: ['hosts', index, 'hop'], message })
      }
      if ((host.over === 'node-exporter') !== (host.exporter !== undefined)) {
        const message = host.exporter === undefined ? 'exporter-missing' : 'exporter-unused'
        context.addIssue({ code: 'custom', path: ['hosts', index, 'exporter'], message })
      }
    })
    // An exporter tells of a host, and runs nothing there.
    const entered = profile.hosts.filter(({ exporter }) => exporter === undefined)
    const machines = ['local', 'ssh', ...entered.map(({ name }) => name)]
    const placed = [
      ...profile.logs.map(({ over }, index) => ({ over, path: ['logs', index, 'over'] })),
      ...profile.services.flatMap(({ restart }, index) =>
        restart === undefined ? [] : [{ over: restart.over, path: ['services', index, 'restart', 'over'] }],
      ),
    ]
    placed.forEach(({ over, path }) => {
      if (!machines.includes(over)) {
        const params = { found: over, known: machines.join(', ') }
        context.addIssue({ code: 'custom', path, message: 'log-over-unknown', params })
      } else if (over === 'ssh' && profile.ssh === undefined) {
        context.addIssue({ code: 'custom', path, message: 'log-no-way-over-ssh' })
      }
    })
    const hasPlace = profile.lease === 'redis' ? profile.redis.length > 0 : profile.postgres !== undefined
    if (profile.lease !== undefined && profile.lease !== 'none' && !hasPlace) {
      context.addIssue({ code: 'custom', path: ['lease'], message: `lease-no-${profile.lease}` })
    }
    if (profile.backups !== undefined && profile.postgres === undefined) {
      context.addIssue({ code: 'custom', path: ['backups'], message: 'backups-no-postgres' })
    }
    const runsThere = profile.backups?.run === 'host' || profile.backups?.run === 'container'
    if (runsThere && profile.ssh === undefined) {
      context.addIssue({ code: 'custom', path: ['backups', 'run'], message: 'backups-run-no-ssh' })
    }
    if (profile.backups?.format === 'directory') {
      if (profile.backups.staging === undefined)
        context.addIssue({ code: 'custom', path: ['backups', 'format'], message: 'directory-not-staged' })
      if (runsThere)
        context.addIssue({ code: 'custom', path: ['backups', 'run'], message: 'directory-runs-here' })
    }
    const stagedIn = profile.backups?.staging?.directory
    if (stagedIn !== undefined && isWithinOther(stagedIn, profile.backups?.store.directory ?? ''))
      context.addIssue({
        ...{ code: 'custom', path: ['backups', 'staging', 'directory'] },
        message: 'staging-in-store',
      })
    if (new Set(profile.tags).size < profile.tags.length) {
      context.addIssue({ code: 'custom', path: ['tags'], message: 'tag-twice' })
    }
    if (
      profile.services.length + profile.redis.length + profile.hosts.length + profile.expositions.length ===
        0 &&
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
