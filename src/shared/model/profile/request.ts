/** A question of the profile's own to a service: one GET, asked now and then. */
import { z } from 'zod'
import { bounds, Every } from './custom.ts'
import { Name, Path } from './fields.ts'

export const Request = z
  .strictObject({
    name: Name,
    path: Path,
    every: Every,
    /** The status that is expected; left out: any 2xx. */
    status: z.number().int().min(100).max(599).optional(),
    /** Where in the answer a number stands: a JSON pointer (RFC 6901), `/queue/depth`. */
    json: z
      .string()
      .regex(/^(\/([^~/]|~[01])*)+$/, 'bad-json-pointer')
      .optional(),
    ...bounds,
  })
  .superRefine(({ json, above, below }, context) => {
    if (json !== undefined) return
    for (const [key, bound] of Object.entries({ above, below })) {
      if (bound !== undefined) {
        context.addIssue({ code: 'custom', path: [key], message: 'bound-without-json' })
      }
    }
  })
export type Request = z.infer<typeof Request>
