/** Events of the timeline as the screens show them: where they belong, and which of them stand on charts. */
import type { TimelineEvent } from '#shared/model/timeline.ts'
import { CHANGE_KINDS } from '#shared/model/timeline.ts'
import type { Outputs } from '../../../client/client.ts'

/** As the console tells it. */
export type ToldEvent = Outputs['timeline']['list']['items'][number]

export const LANES = ['http', 'postgres', 'redis', 'host', 'way'] as const
export type Lane = (typeof LANES)[number]

const LANE_OF = {
  ...({ health: 'http', traffic: 'http', exposition: 'http' } as const),
  ...({ pool: 'postgres', redis: 'redis', host: 'host' } as const),
}

export function laneOf({ probe }: Pick<TimelineEvent, 'probe'>): Lane {
  return probe === null ? 'way' : LANE_OF[probe]
}

/** What may be behind what a chart shows, breaks of the way, and what was told or kept quiet; how statuses went, the chart itself shows. */
export const MARKED_KINDS = [...CHANGE_KINDS, 'path', 'alert', 'silence', 'operation'] as const

/** Where an event was seen, in a word; `null`: the deployment as a whole. */
export function placeOf({ probe, target }: Pick<TimelineEvent, 'probe' | 'target'>): string | null {
  if (probe === null) return null
  return probe === 'pool' ? 'PostgreSQL' : probe === 'redis' ? `Redis ${target ?? ''}` : target
}
