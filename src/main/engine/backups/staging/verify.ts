/** Reads back what was dumped in the directory format: its list of contents, and whether each file that it needs is in the archive. */
import { text } from 'node:stream/consumers'
import { BackupError } from '../backup-error.ts'
import { entriesOfRows, refuseMissing } from '../listed.ts'
import type { Manifest, Part } from '../manifest.ts'
import { readableFrom, type VerifyDependencies } from '../plain.ts'
import { refuseUnreadable } from '../postgres/compression.ts'
import { explainReading } from '../postgres/explain.ts'
import { runProgram } from '../postgres/program.ts'
import { makeTemporary, removeTemporary } from '../temporary.ts'
import { readable } from './given.ts'
import { CONTENTS, unpack } from './unpack.ts'

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
    const isWanted = (name: string) => name === CONTENTS
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
  } finally {
    await removeTemporary(directory)
  }
}
