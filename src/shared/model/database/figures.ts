/**
 * What the answers about PostgreSQL from within have in common. A figure that the role may not see, or the version does not
 * have, is `null`. `at` is by the server's clock, `cost` is what the answer took; one answer may serve several who ask
 * within a second.
 */
import { z } from 'zod'

export const Count = z.number()
/** Milliseconds since the epoch, by the server's clock. */
export const ServerTime = z.number().nullable()
