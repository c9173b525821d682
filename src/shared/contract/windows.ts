/** Maintenance windows: what is kept quiet by a schedule. */
import { z } from 'zod'
import { Name } from '#shared/model/profile/fields.ts'
import { MaintenanceWindow, WINDOW_STATES } from '#shared/model/window.ts'
import { AlertOut } from './alert-parts.ts'
import { listOf, Moment, procedure, reads } from './procedure.ts'

const operates = () => procedure({ role: 'OPERATOR', effect: 'writes' })

const OccurrenceOut = z.object({ startsAt: Moment, endsAt: Moment })

const WindowOut = z.object({
  window: MaintenanceWindow,
  createdBy: z.string(),
  updatedAt: Moment,
  state: z.enum(WINDOW_STATES),
  /** The silence that there is of it while it is in force: to end it is to end this time of the window. */
  silence: z.object({ id: z.string(), until: Moment }).nullable(),
  /** When it comes again; `null`: never. */
  next: OccurrenceOut.nullable(),
})

export const windows = {
  list: reads()
    .route({
      method: 'GET',
      path: '/windows',
      tags: ['alerts'],
      summary: 'Maintenance windows, which are in force, and when each comes again',
    })
    .output(listOf(WindowOut)),
  save: operates()
    .route({ method: 'POST', path: '/windows', tags: ['alerts'], summary: 'Add a window, or change one' })
    .input(
      z.object({
        window: MaintenanceWindow,
        /** The name that it has so far; `null` for a new one. */
        replaces: Name.nullable().default(null),
      }),
    )
    .output(WindowOut),
  remove: operates()
    .route({
      method: 'DELETE',
      path: '/windows/{name}',
      tags: ['alerts'],
      summary: 'Remove a window; what it keeps quiet just now is told where it still fires',
    })
    .input(z.object({ name: Name }))
    .output(z.object({ name: z.string() })),
  preview: reads()
    .route({
      method: 'POST',
      path: '/windows/preview',
      tags: ['alerts'],
      summary: 'When a window would be, and which alerts of the last seven days it would have kept quiet',
    })
    .input(MaintenanceWindow.pick({ schedule: true, matchers: true }))
    .output(
      z.object({
        /** The next five times. */
        next: z.array(OccurrenceOut),
        from: Moment,
        /** How often it would have been within the last seven days, whatever its first and last date. */
        times: z.number(),
        /** Alerts of the last seven days; those that fit; those that began while it would have been in force. */
        of: z.number(),
        /** There were more than are looked through: only the newest are counted. */
        isCut: z.boolean(),
        matched: z.number(),
        hidden: z.number(),
        /** Those that would have been kept quiet; of a window that is once, those that fit. */
        items: z.array(AlertOut),
      }),
    ),
}
