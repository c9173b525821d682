/** What `pg_restore` is to restore, as its own list of contents, where something is left out that no option of it leaves out. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listedWithout } from '../listed.ts'
import type { VerifyDependencies } from '../plain.ts'
import { readEntries, readSchema } from '../postgres/archive.ts'
import type { DumpEntry } from '../postgres/dump-entries.ts'
import type { Tool } from '../postgres/tools.ts'
import { withContents } from '../staging/given.ts'
import { makeTemporary, removeTemporary } from '../temporary.ts'
import type { RestoreJob } from './messages.ts'
import { partOf } from './part-of.ts'

/** @param work is given options of `pg_restore`; none where nothing of it is left out */
export async function withListWithout<T>(
  dependencies: VerifyDependencies,
  { manifest, database }: Pick<RestoreJob, 'manifest' | 'database'>,
  { tool, isLeft }: { readonly tool: Tool; readonly isLeft: (entry: DumpEntry) => boolean },
  work: (options: readonly string[]) => Promise<T>,
): Promise<T> {
  const unheard = { ...dependencies, onBytes() {} }
  const part = partOf(manifest, database.from)
  const entries = await withContents(unheard, manifest, part, (given) => readEntries(given, tool))
  const left = new Set(entries.filter(isLeft).map(({ id }) => id))
  if (left.size === 0) return work([])
  const listed = await withContents(unheard, manifest, part, (given) =>
    readSchema(given, tool, ['--list', '--verbose']),
  )
  const directory = await makeTemporary('backup')
  try {
    const file = join(directory, 'contents')
    await writeFile(file, listedWithout(listed, left).join('\n'))
    return await work([`--use-list=${file}`])
  } finally {
    await removeTemporary(directory)
  }
}
