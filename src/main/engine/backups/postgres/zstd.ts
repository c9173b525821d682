/** Whether the build of a `pg_dump` has Zstandard: it is asked where it is. */
import { tellsZstd, ZSTD_QUESTION } from './compression.ts'
import type { Place } from './place.ts'
import { runProgram } from './program.ts'
import type { Machine } from './there/there.ts'
import type { Tool } from './tools.ts'

const LIMITS = { timeoutMs: 10_000, maxBytes: 16 * 1024 }

export async function asksForZstd(
  { path }: Pick<Tool, 'path'>,
  place: Place,
  there: Machine | null,
  signal: AbortSignal,
): Promise<boolean> {
  if (place.kind !== 'here' && there !== null) {
    const inside = place.kind === 'container' ? [place.inside.engine, 'exec', place.inside.name] : []
    // Its words are read: in no other language.
    const argv = [...inside, 'env', 'LC_ALL=C', path, ...ZSTD_QUESTION]
    const { stderr } = await there.run(argv, { ...LIMITS, signal })
    return tellsZstd(stderr)
  }
  const run = runProgram(path, ZSTD_QUESTION, { PATH: process.env.PATH ?? '', LC_ALL: 'C' })
  try {
    run.output.resume()
    return tellsZstd((await run.exit).words)
  } finally {
    await run.stop()
  }
}
