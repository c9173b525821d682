/** Silences: what is kept quiet, by whom and until when. */
import { z } from 'zod'
import { Silence, SilenceMatchers } from '#shared/model/silence.ts'
import { AlertOut, duration, Note } from './alert-parts.ts'
import { listOf, Moment, procedure, reads } from './procedure.ts'

const SilenceOut = Silence.extend({
  startsAt: Moment,
  until: Moment,
  endedAt: Moment.nullable(),
  announcedAt: Moment.nullable(),
})

export const silences = {
  list: reads()
    .route({ method: 'GET', path: '/silences', tags: ['alerts'], summary: 'Silences that are in force' })
    .output(listOf(SilenceOut)),
  create: procedure({ role: 'OPERATOR', effect: 'writes' })
    .route({
      method: 'POST',
      path: '/silences',
      tags: ['alerts'],
      summary: 'Keep quiet what fits a deployment, a rule, a severity',
    })
    .input(z.object({ matchers: SilenceMatchers, ...duration, note: Note }))
    .output(SilenceOut),
  end: procedure({ role: 'OPERATOR', effect: 'writes' })
    .route({ method: 'DELETE', path: '/silences/{silence}', tags: ['alerts'], summary: 'End a silence' })
    .input(z.object({ silence: z.string().max(64) }))
    .output(SilenceOut),
  /** Replayed over the alerts of the last seven days. */
  preview: reads()
    .route({
      method: 'POST',
      path: '/silences/preview',
      tags: ['alerts'],
      summary: 'Which alerts of the last seven days a silence would have kept quiet',
    })
    .input(z.object({ matchers: SilenceMatchers }))
    .output(
      z.object({
        from: Moment,
        matched: z.number(),
        of: z.number(),
        /** There were more than are looked through: only the newest are counted. */
        isCut: z.boolean(),
        now: z.number(),
        items: z.array(AlertOut),
      }),
    ),
}
