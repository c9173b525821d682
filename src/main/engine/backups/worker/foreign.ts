/** Restores a dump that others made into a database that was made for it, as a role without rights which is let in for as long as that takes. */
import { restoreInto } from '../foreign/restore.ts'
import { plainOf } from '../plain.ts'
import { asRoleLetIn } from './as-role.ts'
import type { ForeignJob } from './messages.ts'
import { partOf } from './part-of.ts'
import type { RestoreDependencies } from './restore.ts'

export async function restoreForeign(
  dependencies: RestoreDependencies,
  job: ForeignJob,
): Promise<{ readonly refused: number }> {
  const { manifest, database } = job
  const part = partOf(manifest, database.from)
  const { foreign } = manifest
  if (foreign === undefined) throw new TypeError('it is one of our own')
  return asRoleLetIn(dependencies, job, ({ client }) =>
    restoreInto(client, dependencies, foreign, part, plainOf(dependencies, manifest, part), job.name),
  )
}
