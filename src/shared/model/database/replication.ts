/** Standbys, replication slots and the archive of a PostgreSQL. */
import { z } from 'zod'
import { Cost } from '../observation.ts'
import { Count, ServerTime } from './figures.ts'

export const Standby = z.object({
  name: z.string().nullable(),
  client: z.string().nullable(),
  state: z.string().nullable(),
  sync: z.string().nullable(),
  lagBytes: z.number().nullable(),
  lagSeconds: z.number().nullable(),
})
export type Standby = z.infer<typeof Standby>

export const ReplicationSlot = z.object({
  name: z.string(),
  kind: z.string(),
  database: z.string().nullable(),
  active: z.boolean(),
  retainedBytes: z.number().nullable(),
  /** `reserved`, `extended`, `unreserved`, `lost`; `null` before PostgreSQL 13. */
  walStatus: z.string().nullable(),
  /** Since when nobody uses it; `null` before PostgreSQL 17, and where somebody does. */
  inactiveSince: ServerTime,
})
export type ReplicationSlot = z.infer<typeof ReplicationSlot>

export const DatabaseReplication = z.object({
  at: z.number(),
  standby: z.boolean(),
  standbys: z.array(Standby),
  slots: z.array(ReplicationSlot),
  /** Of a standby: from whom it receives, and how far it is. */
  receiver: z
    .object({
      from: z.string().nullable(),
      status: z.string().nullable(),
      lagBytes: z.number().nullable(),
      lagSeconds: z.number().nullable(),
    })
    .nullable(),
  /** `null`: archiving is off. */
  archive: z
    .object({
      failures: Count,
      lastFailure: z.string().nullable(),
      lastFailureAt: ServerTime,
      lastArchivedAt: ServerTime,
    })
    .nullable(),
  /** Standbys whose state the role may not see, and the statement that shows them. */
  hidden: Count,
  grant: z.string().nullable(),
  cost: Cost,
})
export type DatabaseReplication = z.infer<typeof DatabaseReplication>
