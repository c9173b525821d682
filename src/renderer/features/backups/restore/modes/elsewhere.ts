/** Onto the server of a deployment that has no such database: another one, or its own after it was dropped. */
import type { RestoreOptionsInput } from '#shared/model/restore.ts'
import { ElsewhereFields } from './ElsewhereFields.tsx'
import type { RestoreMode } from './mode.ts'

export const elsewhere: RestoreMode = {
  id: 'elsewhere',
  Fields: ElsewhereFields,
  asked({ database, target, as }, { id, deployment }) {
    if (target === '') return null
    const options = {
      ...{ mode: 'elsewhere' as const, backup: id, database, from: deployment },
      ...(as.trim() !== '' && { as: as.trim() }),
    } satisfies RestoreOptionsInput
    return { deployment: target, options }
  },
}
