/**
 * How procedures of the contract are declared: no procedure without its metadata, and the same errors everywhere.
 * Errors have one shape on every transport: `{ defined, code, status, message, data }`.
 */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import type { Effect, Role } from '#shared/catalogue/roles.ts'
import { Failure } from '#shared/model/failure.ts'
import { ProfileIssue } from '#shared/model/profile/deployment.ts'

export interface ProcedureMeta {
  /** The least role that may call it. */
  readonly role: Role
  readonly effect: Effect
}

/** A moment as every endpoint gives it: ISO 8601 with `Z`. */
export const Moment = z.iso.datetime()

/** What a caller may be answered with instead of a result; scripts go by `code` and `data`. */
export const errors = {
  BAD_REQUEST: {
    status: 400,
    message: 'The request is not as expected.',
    data: z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })) }),
  },
  UNAUTHORIZED: { status: 401, message: 'A token or a session is required.' },
  FORBIDDEN: { status: 403, message: 'This role may not do that.', data: z.object({ reason: z.string() }) },
  NOT_FOUND: {
    status: 404,
    message: 'There is no such thing.',
    data: z.object({ what: z.string(), name: z.string() }),
  },
  WRONG_STATE: {
    status: 409,
    message: 'That cannot be done in the present state.',
    data: z.object({ reason: z.string() }),
  },
  UNPROCESSABLE: {
    status: 422,
    message: 'Understood, and refused.',
    /** `codes`: of each reason, where there are several to tell apart. */
    data: z.object({
      reason: z.string(),
      issues: z.array(ProfileIssue),
      codes: z.array(z.string()).optional(),
    }),
  },
  TARGET_LOCKED: {
    status: 409,
    message: 'Somebody works on that already.',
    data: z.object({
      scope: z.string(),
      deployment: z.string(),
      /** `console: null`: this one. `isLeft`: only its marker is there; `takeOver` with its operation goes on in spite of it. */
      holder: z.object({
        console: z.string().nullable(),
        operation: z.string().nullable(),
        since: Moment.nullable(),
        isLeft: z.boolean(),
      }),
    }),
  },
  CONFIRMATION_REQUIRED: {
    status: 428,
    message: 'That has to be confirmed with the name of the deployment.',
    /** `plan`: what the preview shows, to be sent back; `null`: there is nothing to choose of it. */
    data: z.object({
      ...{ reason: z.string(), deployment: z.string() },
      ...{ preview: z.json(), plan: z.string().nullable() },
    }),
  },
  TARGET_FAILED: {
    status: 502,
    message: 'What is watched could not be asked, or did not answer as it should.',
    data: z.object({ failure: Failure.extend({ text: z.string() }) }),
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    message: 'Too many requests.',
    data: z.object({ retryAfterSeconds: z.number() }),
  },
} as const

/** Starts a procedure: who may call it and what it does come first. */
export function procedure(meta: ProcedureMeta) {
  return oc.$meta<ProcedureMeta>(meta).errors(errors)
}

/** Reads something: any role may. */
export const reads = () => procedure({ role: 'READONLY', effect: 'reads' })
/** Changes the console's own settings: an administrator may. */
export const administers = () => procedure({ role: 'ADMIN', effect: 'writes' })

/** A list as every endpoint gives it. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** A moment as people and programs give it: ISO 8601 with its zone, or milliseconds since the epoch. */
export const When = z.preprocess(
  (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
  z.union([
    z.number().int().min(0).max(8_640_000_000_000_000),
    z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  ]),
)

/** IANA name of a zone. */
export const TimeZone = z.string().max(64).refine(isTimeZone, 'expected a name like Europe/Berlin')

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}
