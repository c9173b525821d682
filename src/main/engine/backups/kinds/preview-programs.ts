/** Which programs a backup would be made with, where they are, and why there; or why there are none. */
import type { Backups } from '#shared/model/profile/backups.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Subject } from '../../operations/kind.ts'
import { postgresUrl } from '../../reach/postgres/address.ts'
import { ReachError } from '../../reach/reach.ts'
import { BackupError } from '../backup-error.ts'
import { settleCompression } from '../postgres/compression.ts'
import { type Chosen, choosePlace, HERE } from '../postgres/place.ts'
import { type Machine, nameOfEnd } from '../postgres/there/there.ts'
import type { Tool, Tools } from '../postgres/tools.ts'
import { asksForZstd } from '../postgres/zstd.ts'
import { type SettledBackup, wishOf } from './backup-options.ts'
import { failureReason } from './words.ts'

export async function programsFor(
  tools: Tools,
  subject: Subject<SettledBackup>,
  wanted: Backups,
  major: number,
): Promise<{ changes: Reason[]; refusals: Reason[] }> {
  const { profile, signal } = subject
  const [server] = profile.postgres === undefined ? [] : postgresUrl(profile.postgres).servers
  if (server === undefined) return { changes: [], refusals: [] }
  const there =
    profile.ssh === undefined
      ? null
      : { name: nameOfEnd(profile.ssh), run: subject.reach().machine('ssh').run }
  const wish = wishOf(wanted)
  const chosen: Chosen[] = []
  const refusals: Reason[] = []
  // One after the other, and each by itself: so they are chosen when it runs.
  for (const program of wanted.roles ? (['pg_dump', 'pg_dumpall'] as const) : (['pg_dump'] as const)) {
    try {
      const where = program === 'pg_dump' && wanted.format === 'directory' ? HERE : wish
      const { method: compression } = wanted.compression
      const asked = {
        ...({ wish: where, programs: [program], major, server, signal } as const),
        ...(program === 'pg_dump' && { compression }),
      }
      chosen.push(await choosePlace({ tools, there }, asked))
    } catch (error) {
      if (error instanceof BackupError) refusals.push(failureReason(error.failure))
      else if (error instanceof ReachError)
        refusals.push({ code: 'target-unreached', params: { hop: error.failure.hop } })
      else throw error
    }
  }
  const [first] = chosen
  if (first === undefined || refusals.length > 0) return { changes: [], refusals }
  const [newest] = await tools.all('pg_dump')
  try {
    const told = tell(first, profile, { major, newest, isWanted: wish.run !== 'auto' })
    return { changes: [...told, ...(await compressionOf(first, there, wanted, signal))], refusals }
  } catch (error) {
    if (error instanceof BackupError) return { changes: [], refusals: [failureReason(error.failure)] }
    if (error instanceof ReachError)
      return { changes: [], refusals: [{ code: 'target-unreached', params: { hop: error.failure.hop } }] }
    throw error
  }
}

/** How the chosen program would compress, which is asked of it where it counts. */
async function compressionOf(
  { place, tools: [tool] }: Chosen,
  there: Machine | null,
  wanted: Backups,
  signal: AbortSignal,
): Promise<Reason[]> {
  if (tool === undefined) return []
  const { method, level } = await settleCompression(wanted.compression, tool, () =>
    asksForZstd(tool, place, there, signal),
  )
  if (method === 'none') return [{ code: 'backup-compressed-none', params: {} }]
  const named = method === 'zstd' ? 'Zstandard' : 'gzip'
  return level === null
    ? [{ code: 'backup-compressed', params: { method: named } }]
    : [{ code: 'backup-compressed-level', params: { method: named, level } }]
}

function tell(
  { place, tools: [tool] }: Chosen,
  { ssh }: DeploymentProfile,
  { major, newest, isWanted }: { major: number; newest: Tool | undefined; isWanted: boolean },
): Reason[] {
  if (tool === undefined) return []
  const params = { version: tool.version, path: tool.path, server: major }
  if (place.kind === 'here') return [{ code: 'backup-tool', params }]
  const machine = ssh === undefined ? '' : nameOfEnd(ssh)
  return [
    place.kind === 'host'
      ? { code: 'backup-tool-host', params: { ...params, machine } }
      : { code: 'backup-tool-container', params: { ...params, machine, container: place.inside.name } },
    whyThere(),
  ]

  function whyThere(): Reason {
    if (isWanted) return { code: 'backup-runs-there-wanted', params: {} }
    if (newest !== undefined && newest.major >= major) return { code: 'backup-runs-there-nearer', params: {} }
    return { code: 'backup-runs-there-none-here', params: { server: major, found: newest?.version ?? '—' } }
  }
}
