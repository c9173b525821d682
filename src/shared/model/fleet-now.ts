/**
 * What of a row of the fleet turns with every look. The 59 minutes before the current one do not: they are most of a row, and told
 * once a minute only.
 */
import { z } from 'zod'
import { FleetRow } from './fleet.ts'
import { StatusSchema } from './observation.ts'

const Sparkline = FleetRow.shape.sparklines.element

export const FleetNow = FleetRow.omit({ heartbeat: true, sparklines: true }).extend({
  /** The worst status of the current minute. */
  beat: StatusSchema,
  /** In the order of the row's; `point` is the mean of the current minute. */
  sparklines: z.array(Sparkline.omit({ points: true }).extend({ point: z.number().nullable() })),
})
export type FleetNow = z.infer<typeof FleetNow>

export function nowOf({ heartbeat, sparklines, ...rest }: FleetRow): FleetNow {
  return {
    ...rest,
    beat: heartbeat.at(-1) ?? 'UNOBSERVED',
    sparklines: sparklines.map(({ points, ...one }) => ({ ...one, point: points.at(-1) ?? null })),
  }
}

/** A row as it is now. Of another minute than the row's, its minutes stay as they are: the whole row follows. */
export function withNow(row: FleetRow, { beat, sparklines, ...rest }: FleetNow): FleetRow {
  const isSameMinute = rest.heartbeatAt === row.heartbeatAt
  return {
    ...rest,
    heartbeatAt: row.heartbeatAt,
    heartbeat: isSameMinute ? row.heartbeat.with(-1, beat) : row.heartbeat,
    sparklines: sparklines.map(({ point, ...one }, index) => {
      const points = row.sparklines[index]?.points ?? []
      return { ...one, points: isSameMinute && points.length > 0 ? points.with(-1, point) : points }
    }),
  }
}
