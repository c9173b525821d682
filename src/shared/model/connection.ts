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
  /** The worst of the hops that are on the way to everything: the SSH chain, then the targets. */
  status: z.enum(CONNECTION_STATUSES),
  hops: z.array(ConnectionHop),
})
export type Connection = z.infer<typeof Connection>
