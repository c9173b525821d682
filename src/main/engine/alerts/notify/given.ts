/** What a channel was given of an incident before, as it is on record: not every call goes to each channel. */
import { Notification } from '#shared/model/notification.ts'
import type { Store } from '../../store/store.ts'
import { type Given, MOST_GIVEN } from './keys.ts'

const GivenRow = Notification.pick({ kind: true, raises: true, calls: true, reminders: true })

/**
 * Since the incident was last over at that channel; of each kind the newest first, and no more than anybody asks for. What was tried counts,
 * however that ended: it may have arrived.
 * @param row of the queue, before which it was
 */
export async function givenBefore(
  store: Pick<Store, 'all'>,
  { row, channel, incident }: { readonly row: number; readonly channel: string; readonly incident: string },
): Promise<Given[]> {
  const rows = await store.all(
    `WITH told AS (
       SELECT id, state, json_extract(decided, '$.kind') AS kind,
              coalesce(json_extract(decided, '$.raises'), 0) AS raises,
              coalesce(json_extract(decided, '$.calls'), 0) AS calls,
              coalesce(json_extract(decided, '$.reminders'), 0) AS reminders
         FROM deliveries WHERE channel = ? AND incident = ? AND id < ? AND attempts > 0
     )
     SELECT kind, raises, calls, reminders FROM (
       SELECT *, row_number() OVER (PARTITION BY kind ORDER BY id DESC) AS place FROM told
        WHERE id > coalesce((SELECT max(id) FROM told WHERE kind = 'resolved' AND state = 'delivered'), 0)
     ) WHERE place <= ? ORDER BY place`,
    ...[channel, incident, row, MOST_GIVEN],
  )
  return rows.flatMap((one) => GivenRow.safeParse(one).data ?? [])
}
