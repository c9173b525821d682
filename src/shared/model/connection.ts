/** The live path to a deployment, hop by hop. */
import { z } from 'zod'
import { CONNECTION_STATUSES } from '#shared/catalogue/statuses.ts'
import { Failure } from './failure.ts'

export const ConnectionHop = z.object({
  /** As people name it: `ops@bastion:22`, `PostgreSQL 127.0.0.1:5432`. */
  hop: z.string(),
  kind: z.enum(['ssh', 'postgres', 'redis', 'http', 'host']),
  status: z.enum(CONNECTION_STATUSES),
  /** Latest round trip in milliseconds; `null` where it is not known. */
  ms: z.number().nullable(),
  error: Failure.nullable(),
})
export type ConnectionHop = z.infer<typeof ConnectionHop>

export const Connection = z.object({
  /**
   * The SSH chain's worst hop while that is not up. Past it: `REFUSED` where a target waits for a person, else
   * `CONNECTED` while any target answers.
   */
  status: z.enum(CONNECTION_STATUSES),
  hops: z.array(ConnectionHop),
})
export type Connection = z.infer<typeof Connection>
