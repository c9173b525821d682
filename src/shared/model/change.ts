/**
 * What a client is told of: the newest value of each thing that changed since its cursor. A client asks for the next
 * changes and gets at most one answer every 250 ms; one that does not ask costs the console nothing.
 */
import { z } from 'zod'
import { Alert } from './alert.ts'
import { Cause } from './cause.ts'
import { Connection } from './connection.ts'
import { DesktopNote } from './desktop-note.ts'
import { FleetRow } from './fleet.ts'
import { FleetNow } from './fleet-now.ts'
import { Observation } from './observation.ts'
import { Reason } from './reason.ts'

/**
 * `fleet`: a row of every deployment. `deployment:NAME`: its observations, connection and alerts. `alerts`: those of every
 * deployment. `console`: notices, questions, operations and backups. `desktop`: notes for pages that show them on the desktop. `desktop-allowed`: nothing; a page asks for
 * it as long as its browser may show those.
 */
export const Topic = z
  .string()
  .regex(
    /^(fleet|alerts|console|desktop|desktop-allowed|deployment:[a-z0-9._-]+)$/,
    'expected fleet, alerts, console, desktop, desktop-allowed or deployment:NAME',
  )

export const Notice = z.object({
  at: z.number(),
  level: z.enum(['info', 'warning', 'error']),
  reason: Reason,
})
export type Notice = z.infer<typeof Notice>

export const Change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fleet-row'), name: z.string(), row: FleetRow }),
  /** The same row, without the minutes that went by: what every look turns. */
  z.object({ kind: z.literal('fleet-now'), name: z.string(), now: FleetNow }),
  /** A deployment was removed, or renamed away. */
  z.object({ kind: z.literal('fleet-row-removed'), name: z.string() }),
  z.object({ kind: z.literal('observation'), observation: Observation }),
  /** What its bad statuses come from, the first first; none where all is well. */
  z.object({ kind: z.literal('causes'), deployment: z.string(), causes: z.array(Cause) }),
  /** Its timeline has new events, or one that went on: what is shown of it is to be fetched again. */
  z.object({ kind: z.literal('timeline'), deployment: z.string() }),
  /** Those that fire now, whole: of one that is not among them the history tells. */
  z.object({ kind: z.literal('alerts'), deployment: z.string(), alerts: z.array(Alert) }),
  z.object({ kind: z.literal('connection'), deployment: z.string(), connection: Connection }),
  /** A profile was added, altered, paused or removed: lists and details are to be fetched again. */
  z.object({ kind: z.literal('deployment-edited'), deployment: z.string() }),
  z.object({ kind: z.literal('notice'), notice: Notice }),
  /** An operation turned, or went on: what is shown of it is to be fetched again. `open`: how many run, and how many wait for a person. */
  z.object({
    ...{ kind: z.literal('operation'), id: z.string(), deployment: z.string() },
    open: z.object({ running: z.number(), waiting: z.number() }),
  }),
  /** Whether the console changes anything at all was decided anew. */
  z.object({ kind: z.literal('operation-settings'), readOnly: z.boolean() }),
  /** There is another backup, one less, or one stands otherwise: what is shown of them is to be fetched again. */
  z.object({ kind: z.literal('backups'), deployment: z.string() }),
  /** A server asks something of a person, or does not any more: whoever may answer fetches the questions again. */
  z.object({ kind: z.literal('questions'), open: z.number() }),
  /** A note to be shown on the desktop; `channels.noted` takes what came of it. */
  z.object({ kind: z.literal('desktop'), id: z.string(), note: DesktopNote }),
])
export type Change = z.infer<typeof Change>

export const ChangesQuery = z.object({
  topics: z.array(Topic).min(1).max(20),
  /** The cursor of the last answer; `null` at the start, which answers at once with the present cursor and nothing else. */
  cursor: z.string().nullable(),
  /** How long to wait for something to happen before answering with nothing. */
  waitMs: z.number().int().min(0).max(25_000).default(20_000),
})
export type ChangesQuery = z.infer<typeof ChangesQuery>

export const Changes = z.object({
  /** `epoch:seq`; opaque to clients. */
  cursor: z.string(),
  /** The cursor was of another run of the console: whatever is held must be fetched again. */
  reset: z.boolean(),
  changes: z.array(Change),
})
export type Changes = z.infer<typeof Changes>
