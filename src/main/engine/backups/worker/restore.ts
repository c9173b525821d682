/** Restores one database of a backup into a database of a deployment's PostgreSQL, over a way of its own. */
import type { Clock } from '../../clock.ts'
import { silentLog } from '../../log.ts'
import { createDirectWay } from '../../reach/direct.ts'
import { createLinks } from '../../reach/links/links.ts'
import { thisMachine } from '../../reach/machine.ts'
import { trustedAuthorities } from '../../reach/trust.ts'
import { BackupError } from '../backup-error.ts'
import type { Manifest, Part } from '../manifest.ts'
import { type Archive, readArchive } from '../postgres/archive.ts'
import { feed } from '../postgres/feed.ts'
import { openProgramWay } from '../postgres/program-way.ts'
import type { Tool, Tools } from '../postgres/tools.ts'
import { plainOf, type VerifyDependencies } from '../verify.ts'
import { type Ask, farDependencies } from './asking.ts'
import type { ArchiveJob, RestoreJob } from './messages.ts'

export interface RestoreDependencies extends VerifyDependencies {
  readonly ask: Ask
  readonly clock: Clock
}

export async function restore(dependencies: RestoreDependencies, job: RestoreJob): Promise<null> {
  const { ask, clock, signal } = dependencies
  const { manifest, server, database, postgres } = job
  const part = partOf(manifest, job.database.from)
  const tool = await restorerOf(dependencies.tools, manifest, part, server.major)
  const far = farDependencies(ask)
  // A way of its own: what streams here must not delay a probe.
  const links = createLinks({ ...far, clock, random: Math.random, log: silentLog, machine: thisMachine() })
  const link = job.ssh === null ? null : links.chain(job.ssh.hops, job.ssh)
  try {
    const way = link ?? createDirectWay({ clock })
    const { resolveSecret } = far
    const programWay = await openProgramWay(
      { postgres, way, resolveSecret, authorities: trustedAuthorities, clock },
      server,
      database.into,
    )
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
  } finally {
    await link?.release()
    await links.close()
  }
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

/** What an older `pg_restore` cannot read a newer `pg_dump` may have written. */
export function restorerOf(tools: Tools, { server }: Manifest, { tool }: Part, into: number): Promise<Tool> {
  const wrote = Number.parseInt(tool.version, 10)
  return tools.fitting('pg_restore', Math.max(wrote, Math.floor(server.version / 10_000), into))
}
