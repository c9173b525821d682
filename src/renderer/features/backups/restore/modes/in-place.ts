/** Into the database in use, however much room its server has. */
import type { RestoreOptionsInput } from '#shared/model/restore.ts'
import { InPlaceFields } from './InPlaceFields.tsx'
import type { RestoreMode } from './mode.ts'

export const inPlace: RestoreMode = {
  id: 'in-place',
  Fields: InPlaceFields,
  asked({ database, room }, { id, deployment }) {
    const options = {
      ...{ mode: 'in-place' as const, backup: id, database },
      ...(room !== 'unknown' && { room }),
    } satisfies RestoreOptionsInput
    return { deployment, options }
  },
}
