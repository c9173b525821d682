/** Restores one database of a backup into one that is thrown away, on a server that is somebody's: as a role that owns nothing but what it makes there. */
import type { Compared } from '#shared/model/compared.ts'
import { compareCounts } from '../postgres/compare.ts'
import type { DumpEntry } from '../postgres/dump-entries.ts'
import { trySettings } from '../postgres/session-settings.ts'
import { withRows } from '../staging/given.ts'
import { oneAtATime } from '../staging/stage.ts'
import { asRoleLetIn } from './as-role.ts'
import type { Ask } from './asking.ts'
import { letIn, ROLE_PASSWORD } from './let-in.ts'
import { withListWithout } from './list-without.ts'
import type { Questions, ScratchJob } from './messages.ts'
import { overOwnWay } from './own-way.ts'
import { partOf, restorerOf } from './part-of.ts'
import { type RestoreDependencies, restoreGiven } from './restore.ts'
import { inSession } from './session.ts'

/** What takes rights, or is of the server that it was made of: rows, and what holds them together, are what is tried. */
const WITHOUT = [
  '--no-owner',
  '--no-privileges',
  '--no-tablespaces',
  '--no-publications',
  '--no-subscriptions',
  '--no-security-labels',
  '--no-comments',
]

export async function restoreScratch(
  dependencies: RestoreDependencies,
  job: ScratchJob,
): Promise<{ readonly recoveryMs: number; readonly compared: Compared }> {
  const { clock, signal } = dependencies
  const { role, ...rest } = job
  const startedAt = clock.monotonic()
  // Nothing of the backup is there so far.
  const settings =
    job.settings.length === 0
      ? []
      : await asRoleLetIn(dependencies, job, ({ client }) => trySettings(client, job.settings))
  const operate = { user: role, password: ROLE_PASSWORD }
  const asRole = { ...rest, settings, postgres: { ...job.postgres, operate } }
  const part = partOf(job.manifest, job.database.from)
  const tool = await restorerOf(dependencies.tools, job.manifest, part, job.server.major)
  // The role may log in for minutes: what is staged is staged before, and several sessions would log in when all rows are there.
  const restoring = (list: readonly string[]) =>
    withRows(dependencies, job.manifest, part, oneAtATime(job), async (given) =>
      restoreGiven(
        await lettingIn(dependencies, job),
        { ...asRole, kind: 'restore', args: [...WITHOUT, ...list] },
        { given, tool },
      ),
    )
  const { schemas } = job
  const isLeft = ({ type, name }: DumpEntry) => type === 'SCHEMA' && schemas.includes(name)
  await (schemas.length === 0
    ? restoring([])
    : withListWithout(dependencies, job, { tool, isLeft }, restoring))
  // It took as long as it took, and what let it in holds for minutes.
  return inSession(await lettingIn(dependencies, job), asRole, async ({ client }) => {
    await client.query('ANALYZE')
    const recoveryMs = Math.round(clock.monotonic() - startedAt)
    return { recoveryMs, compared: await compareCounts(client, part, { signal }) }
  })
}

/** What the thread works with, once the role may log in. */
async function lettingIn(dependencies: RestoreDependencies, job: ScratchJob): Promise<RestoreDependencies> {
  const password = await overOwnWay(dependencies, job.ssh, (own) => letIn(dependencies, own, job))
  const ask: Ask = async (asked, input) =>
    asked === 'secret' && 'reference' in input && input.reference === ROLE_PASSWORD
      ? (password as Questions[typeof asked]['out'])
      : dependencies.ask(asked, input)
  return { ...dependencies, ask }
}
