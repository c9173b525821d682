/**
 * Proves a backup: restores it into a server of our own, compares it with what was counted when it was made,
 * and throws the server away. How long that took from nothing is the recovery time that was measured.
 */
import type { Client } from 'pg'
import { addUp, type Compared } from '#shared/model/compared.ts'
import { errorWords } from '../reach/failed.ts'
import { BackupError } from './backup-error.ts'
import { comparedOf } from './compared.ts'
import { makeOwnRole, type OwnDrill, restoreOwn } from './drill-own.ts'
import { restoreInto } from './foreign/restore.ts'
import type { Manifest, Part } from './manifest.ts'
import { plainOf, type VerifyDependencies } from './plain.ts'
import { makeDrillRoles } from './postgres/drill-roles.ts'
import { sqlName } from './postgres/quote.ts'
import { type ScratchServer, startScratchServer } from './postgres/scratch-server.ts'
import { rolesOf } from './roles-of.ts'
import type { Staging } from './staging/stage.ts'

export interface Drilled {
  /** From nothing to databases that were analysed and can be used. */
  readonly recoveryMs: number
  readonly compared: Compared
  /** The version that it was restored into. */
  readonly version: string
  /** Locales of its databases that are not there: nothing that depends on them was tried. */
  readonly localesMissing: readonly string[]
  /** What takes rights that nothing of a backup is given here, and was not tried: `FUNCTION public.f(integer)`. */
  readonly without: readonly string[]
}

export interface DrillDependencies extends VerifyDependencies {
  /** Milliseconds. */
  readonly monotonic: () => number
  /** For what has to be staged, and how many sessions restore at once. */
  readonly staging: Staging
}

interface Drill extends DrillDependencies {
  readonly manifest: Manifest
  readonly server: ScratchServer
  readonly major: number
}

const FOREIGN_ROLE = 'vakhta_foreign'
const NAME = 'vakhta drill'

/** @throws BackupError that says what could not be restored, or what differs */
export async function drill(dependencies: DrillDependencies, manifest: Manifest): Promise<Drilled> {
  const { tools, signal, monotonic } = dependencies
  const major = Math.floor(manifest.server.version / 10_000)
  const startedAt = monotonic()
  const server = await startScratchServer({ tools, signal }, major)
  const of: Drill = { ...dependencies, manifest, server, major }
  try {
    await restoreRoles(of)
    const own: OwnDrill = { ...of, within: (...about) => withClient(of, ...about) }
    const role = manifest.foreign === undefined ? await makeOwnRole(own) : FOREIGN_ROLE
    const localesMissing = new Set<string>()
    const without = new Set<string>()
    const compared: Compared[] = []
    let recoveryMs = Math.round(monotonic() - startedAt)
    for (const [index, part] of manifest.parts.filter(({ content }) => content === 'database').entries()) {
      // Names of databases are theirs; ours cannot collide with what a new server has.
      const database = `drill_${index + 1}`
      if (manifest.foreign === undefined) {
        const restored = await restoreOwn(own, part, { database, role })
        if (restored.localeMissing !== null) localesMissing.add(restored.localeMissing)
        for (const each of restored.without) without.add(each)
        recoveryMs += restored.tookMs
        compared.push(restored.compared)
      } else {
        const beganAt = monotonic()
        await restoreForeign(of, database, manifest.foreign, part)
        recoveryMs += Math.round(monotonic() - beganAt)
        compared.push(comparedOf(part))
      }
    }
    return {
      ...{ recoveryMs, compared: addUp(compared), version: server.version },
      ...{ localesMissing: [...localesMissing], without: [...without] },
    }
  } finally {
    await server.stop()
  }
}

async function restoreRoles(of: Drill): Promise<void> {
  const roles = await rolesOf(of, of.manifest)
  if (roles !== null) await withClient(of, 'postgres', (client) => makeDrillRoles(client, roles))
}

/** Also a server that is thrown away runs on this machine: as its superuser a dump could do here whatever we can. */
async function restoreForeign(
  of: Drill,
  database: string,
  foreign: NonNullable<Manifest['foreign']>,
  part: Part,
): Promise<void> {
  const { manifest } = of
  await withClient(of, 'postgres', async (client) => {
    await client.query(`CREATE DATABASE ${sqlName(database)} TEMPLATE template0`)
    await client.query(`CREATE ROLE ${FOREIGN_ROLE} LOGIN`)
    await client.query(`ALTER DATABASE ${sqlName(database)} OWNER TO ${FOREIGN_ROLE}`)
  })
  await withClient(
    of,
    database,
    async (client) => {
      await restoreInto(client, of, foreign, part, plainOf(of, manifest, part), NAME)
    },
    FOREIGN_ROLE,
  )
}

/** What the server itself fails with is a failure of this machine: it ran out of room or memory. */
async function withClient<T>(
  { server, signal }: Drill,
  database: string,
  work: (client: Client) => Promise<T>,
  user?: string,
): Promise<T> {
  let client: Client | null = null
  const cut = () => void client?.end()
  signal.addEventListener('abort', cut, { once: true })
  try {
    client = await server.connect(database, user)
    return await work(client)
  } catch (error) {
    if (error instanceof BackupError || signal.aborted) throw error
    throw new BackupError('scratch-failed', { words: errorWords(error) }, error)
  } finally {
    signal.removeEventListener('abort', cut)
    await client?.end().catch(() => {})
  }
}
