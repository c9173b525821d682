/** Restores one database of a backup into a database of a deployment's PostgreSQL, over a way of its own. */
import type { Clock } from '../../clock.ts'
import { type Archive, readArchive } from '../postgres/archive.ts'
import { feed } from '../postgres/feed.ts'
import { openProgramWay } from '../postgres/program-way.ts'
import { plainOf, type VerifyDependencies } from '../verify.ts'
import type { Ask } from './asking.ts'
import type { ArchiveJob, RestoreJob } from './messages.ts'
import { overOwnWay } from './own-way.ts'
import { partOf, restorerOf } from './part-of.ts'
import { sayWritten } from './say-written.ts'
import { inSession } from './session.ts'

export interface RestoreDependencies extends VerifyDependencies {
  readonly ask: Ask
  readonly clock: Clock
}

/** From this version on `pg_restore` begins with a setting that an older server does not know, and ends there. */
const SETS_TRANSACTION_TIMEOUT = 17

export async function restore(dependencies: RestoreDependencies, job: RestoreJob): Promise<null> {
  const { clock, signal } = dependencies
  const { manifest, server, database, postgres } = job
  const part = partOf(manifest, job.database.from)
  const tool = await restorerOf(dependencies.tools, manifest, part, server.major)
  if (tool.major >= SETS_TRANSACTION_TIMEOUT && server.major < SETS_TRANSACTION_TIMEOUT) {
    return inSession(dependencies, job, async (connection) => {
      await sayWritten(dependencies, job, { tool, args: job.args, isInTransaction: false }, connection)
      return null
    })
  }
  return overOwnWay(dependencies, job.ssh, async (own) => {
    const programWay = await openProgramWay({ ...own, postgres, clock }, server, database.into)
    try {
      await feed(
        part,
        plainOf(dependencies, manifest, part),
        tool,
        ['--exit-on-error', ...job.args, ...programWay.args],
        { name: job.name, way: programWay, signal },
      )
    } finally {
      await programWay.close()
    }
    return null
  })
}

export async function archive(dependencies: VerifyDependencies, job: ArchiveJob): Promise<Archive> {
  const part = partOf(job.manifest, job.database)
  const tool = await restorerOf(dependencies.tools, job.manifest, part, 0)
  return readArchive(part, plainOf(dependencies, job.manifest, part), tool)
}
