/** Which of several consoles tells of a deployment's alerts: agreed on where both look anyway, in its PostgreSQL or its Redis. */
import { z } from 'zod'
import { Failure } from './failure.ts'

export const LEASE_PLACES = ['postgres', 'redis', 'none'] as const
export const LeasePlace = z.enum(LEASE_PLACES)
export type LeasePlace = z.infer<typeof LeasePlace>

/**
 * `alone`: no lease is asked for. `starting`: nothing was answered yet. `holds`: this console tells. `waits`: another one does.
 * `unsure`: it cannot be agreed on, so this one tells and others may, too. `aside`: nobody hears this console, so it leaves the lease to others.
 */
export const LEASE_STATES = ['alone', 'starting', 'holds', 'waits', 'unsure', 'aside'] as const
export type LeaseState = (typeof LEASE_STATES)[number]

/** Why it cannot be agreed on, where no failure says it: a pooler in between, the sessions of others are not shown, something else stands there, the others may be on the primary. */
export const LEASE_PROBLEMS = ['pooled', 'hidden', 'foreign', 'standby'] as const
export type LeaseProblem = (typeof LEASE_PROBLEMS)[number]

export const Lease = z.object({
  place: LeasePlace,
  state: z.enum(LEASE_STATES),
  /** The console that tells, by its name; `null` where none is known. */
  holder: z.string().nullable(),
  problem: z.enum(LEASE_PROBLEMS).nullable(),
  failure: Failure.nullable(),
  /** Since when it is so; milliseconds since the epoch. */
  since: z.number(),
})
export type Lease = z.infer<typeof Lease>
