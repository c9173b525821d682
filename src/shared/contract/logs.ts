/** What a person reads of a deployment's logs: around a moment, at the end, searched; bounded, and without secrets. */
import { z } from 'zod'
import { LOG_BOUNDS, LogDirection, LogLevel, LogLines, LogReveal } from '#shared/model/logs.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { procedure, reads } from './procedure.ts'

const BySource = z.object({ name: Name, source: Name })
/** Milliseconds since the epoch. */
const Time = z.coerce.number().int().positive()

export const logs = {
  /**
   * Lines in one direction from a cursor of an earlier answer, or from a moment, or from the end. Whoever follows a log asks
   * for `newer` with the last `newer` again and again: the answer begins with the line that was last, as it is by now.
   */
  read: reads()
    .route({
      method: 'GET',
      path: '/deployments/{name}/logs/{source}',
      tags: ['logs'],
      summary: 'Lines of a log around a moment or at its end, searched, without secrets',
    })
    .input(
      BySource.extend({
        direction: LogDirection.default('older'),
        cursor: z.string().min(1).max(2_000).optional(),
        /** Where to begin without a cursor; left out: at the end. */
        at: Time.optional(),
        /** Nothing from before, or after. */
        from: Time.optional(),
        to: Time.optional(),
        /** Words that all have to be there; `"in quotes"` as one, `-word` not there, `field:value` of a field. */
        search: z.string().max(LOG_BOUNDS.searchLength).default(''),
        /** This level and what is worse. */
        level: LogLevel.optional(),
        limit: z.coerce.number().int().min(1).max(LOG_BOUNDS.lines).default(200),
        /** With values: needs `reveal` before, else `WRONG_STATE`. */
        revealed: z.boolean().or(z.stringbool()).default(false),
      }),
    )
    .output(LogLines),
  /** Who asked, and for which log, is on record. From then on `read` gives values to this person for a quarter of an hour. */
  reveal: procedure({ role: 'OPERATOR', effect: 'writes' })
    .route({
      method: 'POST',
      path: '/deployments/{name}/logs/{source}/reveal',
      tags: ['logs'],
      summary: 'Show the values in a log for a quarter of an hour; on record',
    })
    .input(BySource)
    .output(LogReveal),
}
