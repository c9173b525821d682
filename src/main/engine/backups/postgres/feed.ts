/** Gives what was dumped to the program of PostgreSQL that restores it. */
import { errorWords } from '../../reach/failed.ts'
import { hideSecrets } from '../../reach/secret.ts'
import { BackupError } from '../backup-error.ts'
import type { Given } from '../staging/given.ts'
import { runProgram } from './program.ts'
import type { ProgramWay } from './program-way.ts'
import { loginOptions, type Setting } from './session-settings.ts'
import type { Tool } from './tools.ts'

export interface FeedTerms {
  /** What its sessions are called in `pg_stat_activity`. */
  readonly name: string
  /** What it logs in with; a server of our own asks for nothing. */
  readonly way?: Pick<ProgramWay, 'env' | 'passes' | 'isGuarded' | 'secrets' | 'failure'>
  /** What is set for its sessions, each of those that restore at once. */
  readonly settings?: readonly Setting[]
  readonly signal: AbortSignal
}

/** Gives a part to a program, and waits for its end. */
export async function feed(
  { file, args: from, content, watch }: Given,
  { program, path }: Tool,
  args: readonly string[],
  { name, way, settings = [], signal: cancelled }: FeedTerms,
): Promise<void> {
  const env = {
    PATH: process.env.PATH ?? '',
    LC_ALL: 'C',
    PGPASSFILE: '/dev/null',
    ...way?.env,
    PGAPPNAME: name,
    ...(settings.length > 0 && { PGOPTIONS: loginOptions(settings) }),
    // As `pg_dumpall` writes, whatever the locale says.
    PGCLIENTENCODING: 'UTF8',
  }
  const { passes = [], isGuarded = false } = way ?? {}
  const forks = from.length > 0
  const run = runProgram(path, [...args, ...from], env, { reads: true, passes, forks, isGuarded })
  run.output.resume()
  const { silent, unless } = watch(run.exit)
  const signal = AbortSignal.any([cancelled, silent])
  // It may be waiting for a lock, and take nothing meanwhile.
  const stop = () => void run.stop()
  signal.addEventListener('abort', stop, { once: true })
  const ended = async () => {
    const { code, signal: by, words } = await unless(run.exit)
    signal.throwIfAborted()
    const onTheWay = way?.failure() ?? null
    if (onTheWay !== null && code !== 0) throw onTheWay
    if (by !== null) throw new BackupError('tool-killed', { program, signal: by })
    if (code === 0) return
    const said = hideSecrets(words, way?.secrets ?? [])
    const line = said.split('\n').find((each) => /error:/.test(each)) ?? said
    throw new BackupError('restore-failed', { file, program, words: errorWords(line) })
  }
  try {
    let takes = true
    for await (const chunk of content()) {
      if (takes && !(await run.give(chunk))) {
        takes = false
        // Where it failed the rest need not be read; else that is read all the same, for its checksum.
        await ended()
      }
    }
    run.giveNoMore()
    await ended()
  } finally {
    signal.removeEventListener('abort', stop)
    await unless(run.stop())
  }
}
