/** Deployments: their profiles, the way to them, and how they do. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { PROBE_IDS } from '#shared/catalogue/probes.ts'
import { CONNECTION_STATUSES } from '#shared/catalogue/statuses.ts'
import { Cause, CauseLink } from '#shared/model/cause.ts'
import { Failure, ReachStepResult } from '#shared/model/failure.ts'
import { Lease } from '#shared/model/lease.ts'
import { StatusSchema } from '#shared/model/observation.ts'
import { DeploymentProfile, Environment, ProfileIssue } from '#shared/model/profile/deployment.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { PASTED_MAX_LENGTH, PastedKind, Proposal, ProposalNote } from '#shared/model/proposal.ts'
import { Reason } from '#shared/model/reason.ts'
import { administers, listOf, Moment, procedure, reads } from './procedure.ts'

/** A reason as scripts get it: the code and parameters, and the text in the language of `Accept-Language`. */
export const SpokenReason = Reason.extend({ text: z.string() })

const ProbeStatusOut = z.object({ status: StatusSchema, reason: SpokenReason, at: Moment.nullable() })
export const ProbeStatusesOut = z.record(z.enum(PROBE_IDS), ProbeStatusOut)

export const DeploymentSummary = z.object({
  name: z.string(),
  environment: Environment,
  description: z.string().nullable(),
  paused: z.boolean(),
  connection: z.enum(CONNECTION_STATUSES),
  status: StatusSchema,
  reason: SpokenReason,
  at: Moment.nullable(),
})

/** A chain of causes as scripts get it: `text` is the whole of it, `evidence` its links from the symptom to the root. */
export const CauseOut = Cause.pick({ code: true, certainty: true, alsoExplains: true }).extend({
  text: z.string(),
  since: Moment,
  evidence: z.array(
    CauseLink.pick({ probe: true, target: true, evidence: true }).extend({
      code: z.string(),
      text: z.string(),
      since: Moment.nullable(),
    }),
  ),
})

const LeaseOut = Lease.extend({
  since: Moment,
  failure: Failure.extend({ text: z.string() }).nullable(),
})

export const DeploymentDetail = z.object({
  name: z.string(),
  environment: Environment,
  paused: z.boolean(),
  connection: z.object({
    status: z.enum(CONNECTION_STATUSES),
    hops: z.array(
      z.object({
        hop: z.string(),
        kind: z.enum(['ssh', 'postgres', 'redis', 'http', 'host']),
        status: z.enum(CONNECTION_STATUSES),
        ms: z.number().nullable(),
        error: Failure.extend({ text: z.string() }).nullable(),
      }),
    ),
  }),
  statuses: ProbeStatusesOut,
  /** What bad statuses come from, ranked; none where all is well. */
  causes: z.array(CauseOut),
  /** Which console tells of its alerts, where several watch it. */
  lease: LeaseOut,
  costs: z.array(
    z.object({
      probe: z.enum(PROBE_IDS),
      target: z.string(),
      ms: z.number(),
      rows: z.number(),
      bytes: z.number(),
    }),
  ),
  /** As imported: references to secrets, never their values. */
  profile: DeploymentProfile,
})

const ByName = z.object({ name: Name })

/** A draft of `propose`, whose secrets go before those of the vault, and into it once the profile is saved. */
const Draft = z.uuid().nullable().default(null)

export const deployments = {
  list: reads()
    .route({
      method: 'GET',
      path: '/deployments',
      tags: ['deployments'],
      summary: 'All deployments with their worst status',
    })
    .output(listOf(DeploymentSummary)),
  get: reads()
    .route({
      method: 'GET',
      path: '/deployments/{name}',
      tags: ['deployments'],
      summary: 'One deployment: path, statuses, costs, profile',
    })
    .input(ByName)
    .output(DeploymentDetail),
  /** Adds one, or replaces the one named `replaces`. Refused where the name is taken. */
  save: administers()
    .route({
      method: 'PUT',
      path: '/deployments',
      tags: ['deployments'],
      summary: 'Add a deployment, or replace one',
    })
    .input(z.object({ profile: z.unknown(), replaces: Name.nullable().default(null), draft: Draft }))
    .output(ByName),
  remove: administers()
    .route({
      method: 'DELETE',
      path: '/deployments/{name}',
      tags: ['deployments'],
      summary: 'Remove a deployment and its connections; its history ages out',
    })
    .input(ByName)
    .output(ByName),
  /** While paused nothing is reached and everything is `UNOBSERVED`. */
  pause: procedure({ role: 'OPERATOR', effect: 'writes' })
    .route({
      method: 'POST',
      path: '/deployments/{name}/pause',
      tags: ['deployments'],
      summary: 'Pause or resume watching',
    })
    .input(ByName.extend({ paused: z.boolean() }))
    .output(ByName.extend({ paused: z.boolean() })),
  /** Tries again at once whatever waits for a person (rejected credentials, host keys) or for its backoff. */
  retry: procedure({ role: 'OPERATOR', effect: 'writes' })
    .route({
      method: 'POST',
      path: '/deployments/{name}/retry',
      tags: ['deployments'],
      summary: 'Try again at once what failed',
    })
    .input(ByName)
    .output(ByName),
  /**
   * Proposes a profile from URLs, an SSH host, a `.env`, a Compose file; nothing is saved and nothing reached. Secrets that
   * stood in the text are kept by the console for an hour under `draft`, for whoever pasted it, and are in no answer.
   */
  propose: procedure({ role: 'ADMIN', effect: 'reads' })
    .route({
      method: 'POST',
      path: '/deployments/propose',
      tags: ['deployments'],
      summary: 'Propose a profile from URLs, an SSH host, a .env or a docker-compose.yml',
    })
    .input(
      z.object({
        text: z.string().max(PASTED_MAX_LENGTH),
        /** Left out, it is recognised. */
        kind: PastedKind.optional(),
        /** The server on which what is in the text runs, as after `ssh`. */
        ssh: z.string().max(1_000).optional(),
        /** The `.env` beside a Compose file. */
        variables: z.string().max(200_000).optional(),
      }),
    )
    .output(
      Proposal.extend({
        notes: z.array(ProposalNote.extend({ text: z.string() })),
        draft: z.object({ id: z.uuid(), until: Moment }).nullable(),
      }),
    ),
  /** What is wrong with a YAML text, with path and line; nothing is saved. */
  validate: reads()
    .route({
      method: 'POST',
      path: '/deployments/validate',
      tags: ['deployments'],
      summary: 'Check a YAML profile without importing it',
    })
    .input(z.object({ yaml: z.string().max(1_000_000) }))
    .output(z.object({ profiles: z.array(DeploymentProfile), issues: z.array(ProfileIssue) })),
  /** One or more YAML documents; all of them or none. */
  import: administers()
    .route({
      method: 'POST',
      path: '/deployments/import',
      tags: ['deployments'],
      summary: 'Import YAML profiles, all or none',
    })
    .input(z.object({ yaml: z.string().max(1_000_000) }))
    .output(z.object({ imported: z.array(z.string()) })),
  export: reads()
    .route({
      method: 'GET',
      path: '/deployments/{name}/export',
      tags: ['deployments'],
      summary: 'The profile as YAML',
    })
    .input(ByName)
    .output(z.object({ yaml: z.string() })),
  /**
   * Walks the way to everything in a profile, a step at a time; nothing is saved and nothing stays open. It presents the
   * secrets that the profile refers to at the addresses that it names: whoever may call it can send any secret anywhere,
   * so that is for those who may save such a profile, and is recorded.
   */
  test: administers()
    .input(z.object({ profile: z.unknown(), draft: Draft }))
    .output(eventIterator(ReachStepResult, z.object({ ok: z.boolean() }))),
}
