/** Restores one database of a backup into a database of a deployment's PostgreSQL, over a way of its own. */
import type { Clock } from '../../clock.ts'
import { BackupError } from '../backup-error.ts'
import type { Manifest, Part } from '../manifest.ts'
import { type Archive, readArchive } from '../postgres/archive.ts'
import { feed } from '../postgres/feed.ts'
import { openProgramWay } from '../postgres/program-way.ts'
import type { Tool, Tools } from '../postgres/tools.ts'
import { plainOf, readableFrom, type VerifyDependencies } from '../verify.ts'
import type { Ask } from './asking.ts'
import type { ArchiveJob, RestoreJob } from './messages.ts'
import { overOwnWay } from './own-way.ts'

export interface RestoreDependencies extends VerifyDependencies {
  readonly ask: Ask
  readonly clock: Clock
}

export async function restore(dependencies: RestoreDependencies, job: RestoreJob): Promise<null> {
  const { clock, signal } = dependencies
  const { manifest, server, database, postgres } = job
  const part = partOf(manifest, job.database.from)
  const tool = await restorerOf(dependencies.tools, manifest, part, server.major)
  return overOwnWay(dependencies, job.ssh, async (own) => {
    const programWay = await openProgramWay({ ...own, postgres, clock }, server, database.into)
    try {
      await feed(
        part,
        plainOf(dependencies, manifest, part),
        tool,
        ['--exit-on-error', ...job.args, ...programWay.args],
        { name: job.name, way: programWay, mayFail: false, signal },
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

export function partOf({ id, parts }: Manifest, database: string): Part {
  const part = parts.find((one) => one.content === 'database' && one.database === database)
  if (part === undefined) throw new BackupError('database-not-in-it', { id, database })
  return part
}

/** @param into the major version of the server that it is restored into */
export function restorerOf(tools: Tools, manifest: Manifest, part: Part, into: number): Promise<Tool> {
  return tools.fitting('pg_restore', Math.max(readableFrom(manifest, part), into))
}
