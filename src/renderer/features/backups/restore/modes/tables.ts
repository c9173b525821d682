/** Chosen tables of the database in use get the rows that they had. */
import type { RestoreOptionsInput } from '#shared/model/restore.ts'
import type { RestoreMode } from './mode.ts'
import { TableFields } from './TableFields.tsx'

export const tables: RestoreMode = {
  id: 'tables',
  Fields: TableFields,
  asked({ database, tables: chosen }, { id, deployment }) {
    if (chosen.length === 0) return null
    const picked = chosen.map(({ schema, name }) => ({ schema, name }))
    const options = {
      ...{ mode: 'tables' as const, backup: id, database, tables: picked },
    } satisfies RestoreOptionsInput
    return { deployment, options }
  },
}
