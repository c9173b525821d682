/** Restores one database of a backup into a database of a deployment's PostgreSQL, over a way of its own. */
import type { Clock } from '../../clock.ts'
import type { VerifyDependencies } from '../plain.ts'
import { askAdmission } from '../postgres/admitted.ts'
import { type Archive, isSaidOfSubscription, readArchive } from '../postgres/archive.ts'
import { feed } from '../postgres/feed.ts'
import { openProgramWay } from '../postgres/program-way.ts'
import type { Tool } from '../postgres/tools.ts'
import { type Given, withContents, withRows } from '../staging/given.ts'
import { oneAtATime, staged } from '../staging/stage.ts'
import type { Ask } from './asking.ts'
import { withListWithout } from './list-without.ts'
import type { ArchiveJob, RestoreJob } from './messages.ts'
import { overOwnWay } from './own-way.ts'
import { partOf, restorerOf } from './part-of.ts'
import { sayWritten } from './say-written.ts'
import { HEEDING_POLICIES, inSession } from './session.ts'

export interface RestoreDependencies extends VerifyDependencies {
  readonly ask: Ask
  readonly clock: Clock
}

/** From this version on `pg_restore` begins with a setting that an older server does not know, and ends there. */
const SETS_TRANSACTION_TIMEOUT = 17

export async function restore(dependencies: RestoreDependencies, job: RestoreJob): Promise<null> {
  const { manifest, server } = job
  const part = partOf(manifest, job.database.from)
  const tool = await restorerOf(dependencies.tools, manifest, part, server.major)
  const staging = isSaid(tool, server) ? oneAtATime(job) : staged(job.staging)
  return withListWithout(dependencies, job, { tool, isLeft: isSaidOfSubscription }, (list) =>
    withRows(dependencies, manifest, part, staging, (given) =>
      restoreGiven(dependencies, { ...job, args: [...job.args, ...list] }, { given, tool }),
    ),
  )
}

/** What lies ready is restored. */
export function restoreGiven(
  dependencies: Pick<RestoreDependencies, 'ask' | 'clock' | 'signal'>,
  job: RestoreJob,
  { given, tool }: { readonly given: Given; readonly tool: Tool },
): Promise<null> {
  const { clock, signal } = dependencies
  const { server, database, postgres, name, settings = [] } = job
  if (isSaid(tool, server))
    return inSession(dependencies, job, async (connection) => {
      await sayWritten(dependencies, given, { tool, args: job.args, isInTransaction: false }, connection)
      return null
    })
  return overOwnWay(dependencies, job.ssh, async (own) => {
    const ours = { ...own, postgres, clock, signal }
    const admitted = await askAdmission(ours, server, database.into, signal)
    const programWay = await openProgramWay(ours, admitted, database.into)
    const args = ['--exit-on-error', HEEDING_POLICIES, ...job.args, ...programWay.args]
    try {
      await feed(given, tool, args, { name, way: programWay, settings, signal })
    } finally {
      await programWay.close()
    }
    return null
  })
}

/** What the program writes is said to the server by one session of ours. Pure. */
export function isSaid(tool: Pick<Tool, 'major'>, server: Pick<RestoreJob['server'], 'major'>): boolean {
  return tool.major >= SETS_TRANSACTION_TIMEOUT && server.major < SETS_TRANSACTION_TIMEOUT
}

export async function archive(dependencies: VerifyDependencies, job: ArchiveJob): Promise<Archive> {
  const part = partOf(job.manifest, job.database)
  const tool = await restorerOf(dependencies.tools, job.manifest, part, 0)
  return withContents(dependencies, job.manifest, part, (given) => readArchive(given, tool))
}
