/** Makes a backup of a deployment's PostgreSQL: its databases one after the other, its roles, and the manifest as the last. */
import type { Clock } from '../../clock.ts'
import { MANIFEST_FILE, type Manifest, manifestText, type Part, signedManifest } from '../manifest.ts'
import { AUTO } from '../postgres/compression.ts'
import { type DumpDependencies, dumpDatabase } from '../postgres/dump.ts'
import { dumpGlobals } from '../postgres/globals.ts'
import { type Place, WHEREVER } from '../postgres/place.ts'
import { isPartial } from '../postgres/selection.ts'
import type { Tool, Tools } from '../postgres/tools.ts'
import { answering, heeding } from '../stores/answering.ts'
import type { BackupStore } from '../stores/store.ts'
import type { Ask } from './asking.ts'
import type { MakeJob } from './messages.ts'
import { overOwnWay } from './own-way.ts'

interface MakeDependencies {
  readonly ask: Ask
  readonly store: BackupStore
  readonly tools: Tools
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
  /** Told since when a snapshot has kept the server from cleaning up, milliseconds since the epoch, and `null` when it does not any more. */
  readonly onHeld: (since: number | null) => void
}

export async function make(dependencies: MakeDependencies, job: MakeJob): Promise<Manifest> {
  const { ask, store, clock, signal } = dependencies
  const startedAt = clock.now()
  return overOwnWay(dependencies, job.ssh, async (own) => {
    const draft = heeding(await answering(store, clock).begin(job.id), signal)
    try {
      const { postgres } = job
      const parts = await dumpAll(
        {
          ...{ ...dependencies, ...own, draft, postgres, random: Math.random },
          ...{ wish: job.wish ?? WHEREVER, compression: job.compression ?? AUTO },
          staging: job.staging ?? null,
        },
        job,
      )
      const manifest: Manifest = {
        ...{ format: 'vakhta-backup', version: 1, kind: 'postgres' },
        ...{ id: job.id, deployment: job.deployment, console: job.console },
        ...{ startedAt, endedAt: clock.now() },
        partial: job.isPartial === true || isPartial(job.selection),
        selection: job.selection,
        server: parts.server,
        recipients: [...job.recipients],
        parts: parts.written,
      }
      const signature = await ask('sign', { text: manifestText(manifest) })
      await draft.write(MANIFEST_FILE, once(signedManifest(manifest, signature)))
      signal.throwIfAborted()
      await draft.commit()
      return manifest
    } catch (error) {
      await draft.abandon()
      throw error
    }
  })
}

async function dumpAll(
  dependencies: DumpDependencies,
  { id, databases, selection, globals, recipients: keys, lockWaitMs, mostHeldMs }: MakeJob,
): Promise<{ written: Part[]; server: Manifest['server'] }> {
  const recipients = keys.length === 0 ? null : keys
  const [first] = databases
  // First, because they take a moment: what they fail for is known before hours of work.
  const globalParts = globals && first !== undefined ? [await dumpRoles(first)] : []
  const written: Part[] = []
  let server: Manifest['server'] = { version: 0, name: '' }
  for (const [index, database] of databases.entries()) {
    const options = {
      database,
      selection,
      recipients,
      lockWaitMs,
      mostHeldMs,
      id,
      file: `database-${index + 1}`,
    }
    const dumped = await dumpDatabase(dependencies, options)
    const { tool, place, snapshot: _, server: seen, ...part } = dumped
    server = seen
    written.push({
      ...{ ...part, content: 'database', database, tables: [...part.tables] },
      partitioned: part.partitioned.map((whole) => ({ ...whole, partitions: [...whole.partitions] })),
      tool: toolOf(tool, place),
    })
  }
  return { written: [...written, ...globalParts], server }

  async function dumpRoles(database: string): Promise<Part> {
    const options = { database, recipients, lockWaitMs, id, file: 'globals.sql' }
    const { tool, place, ...part } = await dumpGlobals(dependencies, options)
    return {
      ...{ ...part, content: 'globals', database: null, tables: [], heldMs: 0 },
      tool: toolOf(tool, place),
    }
  }
}

/** On this machine, where nothing else is said. */
function toolOf({ program, version }: Tool, { kind }: Place): Part['tool'] {
  return { program, version, ...(kind === 'here' ? {} : { on: kind }) }
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text, 'utf8')
}
