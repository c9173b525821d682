/** Reads back what was dumped in the directory format: its list of contents, and whether each file that it needs is in the archive. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { BackupError } from '../backup-error.ts'
import { entriesOfObjects, entriesOfRows, refuseMissing } from '../listed.ts'
import type { Manifest, Part } from '../manifest.ts'
import { readableFrom, type VerifyDependencies } from '../plain.ts'
import { refuseUnreadable } from '../postgres/compression.ts'
import { explainReading } from '../postgres/explain.ts'
import { runProgram } from '../postgres/program.ts'
import { makeTemporary, removeTemporary } from '../temporary.ts'
import { readable } from './given.ts'
import { CONTENTS, unpack } from './unpack.ts'

/** Lists of large objects: one, or since version 17 one for each entry. Nothing compresses them. */
const OBJECTS = /^blobs(?:_(\d+))?\.toc$/

/** With a `pg_restore` of this machine, as it was dumped with a `pg_dump` of it. @throws BackupError that names the file and what is wrong with it */
export async function verifyDirectory(
  { tools, signal }: Pick<VerifyDependencies, 'tools' | 'signal'>,
  manifest: Manifest,
  part: Part,
  plain: AsyncIterable<Buffer>,
): Promise<void> {
  const { file, tables } = part
  const tool = await tools.fitting('pg_restore', readableFrom(manifest, part))
  const directory = await makeTemporary('backup')
  try {
    const isWanted = (name: string) => name === CONTENTS || OBJECTS.test(name)
    const names = await readable(part, () => unpack(plain, { into: directory, parent: directory, isWanted }))
    const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' }
    const run = runProgram(tool.path, ['--list', '--format=directory', directory], env)
    const listed = await text(run.output)
    const exit = await run.exit
    signal.throwIfAborted()
    if (exit.code !== 0) throw explainReading(tool, exit, file)
    refuseUnreadable(exit.words, tool, file)
    refuseMissing(listed, part)
    const there = new Set(names.map((name) => /^(\d+)\.dat(?:\.\w+)?$/.exec(name)?.[1]))
    const missing = entriesOfRows(listed).filter((entry) => !there.has(entry)).length
    if (missing > 0) throw new BackupError('contents-missing', { file, missing, tables: tables.length })
    const objects = missingObjects(listed, names, await textsIn(directory, names))
    if (objects > 0) throw new BackupError('objects-missing', { file, missing: objects })
  } finally {
    await removeTemporary(directory)
  }
}

/** What the lists of large objects say, each by its name. */
async function textsIn(directory: string, names: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const name of names)
    if (OBJECTS.test(name)) texts.set(name, await readFile(join(directory, name), 'utf8'))
  return texts
}

/** How many files with large objects, and lists of them, are not there. Pure. @param lists lines of `16400 blob_16400.dat` */
export function missingObjects(
  listed: string,
  names: readonly string[],
  lists: ReadonlyMap<string, string>,
): number {
  const wanted = [...lists.values()].flatMap((list) => list.match(/(?<=^\d+ ).+$/gm) ?? [])
  const there = new Set(names.map((name) => name.replace(/(?<=\.dat)\.\w+$/, '')))
  const without = entriesOfObjects(listed).filter(
    (id) => !lists.has('blobs.toc') && !lists.has(`blobs_${id}.toc`),
  )
  return without.length + wanted.filter((name) => !there.has(name)).length
}
