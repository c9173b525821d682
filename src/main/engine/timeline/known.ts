/** What was known of something at the last look: what watchers compare the next one with. Kept on record between runs. */
import { z } from 'zod'
import type { Standing } from '../standing.ts'
import type { Draft, Sighting } from './draft.ts'
import { KnownPath } from './watchers/path.ts'
import { KnownProcess, watchProcess } from './watchers/process.ts'
import { KnownServer, watchRole, watchServer } from './watchers/role.ts'
import { KnownRun, watchRun } from './watchers/run.ts'
import { watchSchema } from './watchers/schema.ts'
import { watchPending, watchSettings } from './watchers/settings.ts'
import { KnownStatus } from './watchers/status.ts'
import { KnownVersion, watchVersion } from './watchers/version.ts'

const Named = z.record(z.string(), z.string())

/** Of one target, or of one of the servers behind it. */
export const Known = z.object({
  status: KnownStatus.optional(),
  path: KnownPath.optional(),
  version: KnownVersion.optional(),
  run: KnownRun.optional(),
  innerRun: KnownRun.optional(),
  process: KnownProcess.optional(),
  server: KnownServer.optional(),
  role: z.enum(['primary', 'replica']).optional(),
  settings: Named.optional(),
  pending: z.array(z.string()).readonly().optional(),
  revisions: Named.optional(),
})
export type Known = z.infer<typeof Known>

/** Compares what lasts with what was known of it: what changed, and what is known from now on. */
export function compare(
  before: Known,
  standing: Standing,
  sighting: Sighting,
): { events: Draft[]; known: Known } {
  const version = watchVersion(before.version, standing.version, sighting)
  const run = watchRun(before.run, standing.run, 'restarted', sighting)
  const isSameRun = run.known?.id === before.run?.id
  // A restart brings new insides with it: they are no event of their own.
  const innerRun = watchRun(
    isSameRun ? before.innerRun : undefined,
    standing.innerRun,
    'process-crashed',
    sighting,
  )
  const process = watchProcess(before.process, standing.process, sighting)
  const server = watchServer(before.server, standing.server, sighting)
  const role = watchRole(before.role, standing.role, sighting)
  const settings = watchSettings(before.settings, standing.settings, sighting)
  const pending = watchPending(before.pending, standing.pending, sighting)
  const schema = watchSchema(before.revisions, standing.revisions, sighting)
  const all = { version, run, innerRun, process, server, role, settings, pending, revisions: schema }
  const known = Object.fromEntries(
    Object.entries(all).flatMap(([name, part]) => (part.known === undefined ? [] : [[name, part.known]])),
  )
  return {
    events: Object.values(all).flatMap((part) => part.events),
    known: { ...(before.status && { status: before.status }), ...known },
  }
}
