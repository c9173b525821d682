/** What `pg_restore` is to restore, as its own list of contents: everything but schemas that are there already. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { readSchema } from '../postgres/archive.ts'
import { dumpEntriesOf } from '../postgres/dump-entries.ts'
import type { Tool } from '../postgres/tools.ts'
import { withContents } from '../staging/given.ts'
import type { ScratchJob } from './messages.ts'
import { partOf } from './part-of.ts'
import type { RestoreDependencies } from './restore.ts'
import { readWritten } from './session.ts'

const LISTED = /^(\d+); \d+ \d+ /

/** @returns the path of the file, in this directory */
export async function listWithout(
  dependencies: RestoreDependencies,
  { manifest, database: { from: database }, schemas }: Pick<ScratchJob, 'manifest' | 'database' | 'schemas'>,
  { tool, directory }: { readonly tool: Tool; readonly directory: string },
): Promise<string> {
  const unheard = { ...dependencies, onBytes() {} }
  const part = partOf(manifest, database)
  return withContents(unheard, manifest, part, async (given) => {
    const sql = await readSchema(given, tool, ['--verbose'])
    const entries = await dumpEntriesOf(sql)
    const left = new Set(
      entries.filter(({ type, name }) => type === 'SCHEMA' && schemas.includes(name)).map(({ id }) => id),
    )
    const file = join(directory, 'contents')
    await readWritten(unheard, given, { tool, args: ['--list'] }, async (output) => {
      const ids = (await buffer(output))
        .toString('utf8')
        .split('\n')
        .flatMap((line) => LISTED.exec(line)?.[1] ?? [])
      await writeFile(file, ids.filter((id) => !left.has(Number(id))).join('\n'))
    })
    return file
  })
}
