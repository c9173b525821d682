/**
 * `pg_dump` in its directory format, by several sessions at once: into a directory that only we look into, from which it is packed into one tar archive afterwards.
 * It runs on this machine: its sessions come over the console's own way.
 */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BackupError } from '../backup-error.ts'
import { watchRoom } from '../spared-room.ts'
import { onStage, type Staging, stagingFull, tellsFull } from '../staging/stage.ts'
import { CONTENTS } from '../staging/unpack.ts'
import { type TarFile, tarOf } from '../tar/write.ts'
import { removeTemporary } from '../temporary.ts'
import { unlessStuck } from '../unless-stuck.ts'
import type { DumpDependencies } from './dump.ts'
import { explainExit } from './explain.ts'
import type { Exit } from './program.ts'
import { startHere } from './program-way.ts'
import type { Login } from './there/start.ts'
import type { Tool } from './tools.ts'
import { type Written, writePart } from './write-part.ts'

/** Where it lies within the stage; the program makes it. */
const WRITTEN = 'dump'
const LOOK_EVERY_MS = 300
/** As long as a look at many files took, so many times it rests before the next. */
const RESTS_TIMES = 20
const READ_BYTES = 256 * 1024
const READING = { unable: 'staging-unreadable' } as const

interface DirectoryRun {
  readonly tool: Tool
  readonly args: readonly string[]
  readonly login: Login
  readonly lockWaitMs: number
  readonly stage: Staging & { readonly path: string }
}

/** @returns how many files there are @throws BackupError `staging-full`, `staging-stuck`, or what `pg_dump` fails with otherwise */
export async function dumpDirectory(
  dependencies: Omit<DumpDependencies, 'draft'>,
  run: DirectoryRun,
): Promise<number> {
  const { clock } = dependencies
  const { path, directory } = run.stage
  const room = watchRoom(path, clock, () => stagingFull(directory))
  const signal = AbortSignal.any([dependencies.signal, room.signal])
  let stoppedAt: number | null = null
  signal.addEventListener('abort', () => {
    stoppedAt = clock.monotonic()
  })
  try {
    // As long as it takes; but whoever stops it is let go where the disk holds the program, or us.
    return await unlessStuck(dump({ ...dependencies, signal }, run), {
      ...{ clock, signal, since: () => stoppedAt },
      stuck: (seconds) => new BackupError('staging-stuck', { directory, seconds }),
    })
  } finally {
    room.stop()
  }
}

async function dump(
  dependencies: Omit<DumpDependencies, 'draft'>,
  { tool, args, login, lockWaitMs, stage }: DirectoryRun,
): Promise<number> {
  const { signal, onBytes } = dependencies
  const path = join(stage.path, WRITTEN)
  const all = ['--format=directory', `--jobs=${stage.jobs}`, ...args, `--file=${path}`]
  const run = await startHere(dependencies, tool, all, login, { forks: true })
  const stop = () => void run.stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    run.output.resume()
    let [told, isLoggedIn] = [0, false]
    const look = async () => {
      const { bytes, files } = await sizeOf(path)
      onBytes(Math.max(0, bytes - told))
      told = Math.max(told, bytes)
      // It has logged in, and gives the password on to its other sessions by itself.
      if (files > 0 && !isLoggedIn) {
        isLoggedIn = true
        await run.loggedIn()
      }
    }
    const ended = await lookingUntil(run.exit, look)
    signal.throwIfAborted()
    if (ended.code !== 0)
      throw run.failure() ?? explainDirectory(tool, ended, { lockWaitMs, secrets: run.secrets, stage })
    return (await onStage(stage.directory, () => readdir(path), READING)).length
  } finally {
    signal.removeEventListener('abort', stop)
    await run.stop()
    await run.close()
  }
}

async function lookingUntil<T>(end: Promise<T>, look: () => Promise<void>): Promise<T> {
  let isOver = false
  const over = end.finally(() => {
    isOver = true
  })
  for (let waitMs = LOOK_EVERY_MS; ; ) {
    const tick = Promise.withResolvers<void>()
    const timer = setTimeout(tick.resolve, waitMs)
    await Promise.race([over, tick.promise])
    clearTimeout(timer)
    if (isOver) return over
    const began = performance.now()
    await look()
    waitMs = Math.max(LOOK_EVERY_MS, RESTS_TIMES * (performance.now() - began))
  }
}

/** What is in a directory so far. */
async function sizeOf(directory: string): Promise<{ bytes: number; files: number }> {
  const names = await readdir(directory).catch(() => [])
  let bytes = 0
  for (const name of names) bytes += await sizeOfFile(join(directory, name))
  return { bytes, files: names.length }
}

const sizeOfFile = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

const NOT_LOCKED = /could not obtain lock on relation "(.+?)"$/m

function explainDirectory(
  tool: Tool,
  exit: Exit,
  { stage, ...about }: Parameters<typeof explainExit>[2] & Pick<DirectoryRun, 'stage'>,
): BackupError {
  if (exit.signal === null && tellsFull(exit.words)) return stagingFull(stage.directory)
  const table = NOT_LOCKED.exec(exit.words)?.[1]
  if (exit.signal === null && table !== undefined) return new BackupError('lock-between', { table })
  return explainExit(tool, exit, about)
}

interface Packing {
  /** As it is called in the draft. */
  readonly file: string
  readonly recipients: readonly string[] | null
  readonly stage: DirectoryRun['stage']
  /** How many the program left. */
  readonly files: number
}

/**
 * Packs what was dumped into one file of the draft; each of its files goes as soon as it is in there, so that it never takes twice the room.
 * @throws BackupError `staging-unreadable`, `staging-changed`, `staging-stuck`, or what the draft fails with
 */
export function packDirectory(
  { draft, signal, onBytes }: Pick<DumpDependencies, 'draft' | 'signal' | 'onBytes'>,
  { file, recipients, stage, files: left }: Packing,
): Promise<Written> {
  const directory = join(stage.path, WRITTEN)
  const folder = file.replace(/\.tar$/, '')
  const asked = <T>(work: () => Promise<T>) => onStage(stage.directory, work, { ...READING, signal })
  async function* content(name: string): AsyncGenerator<Buffer> {
    const path = join(directory, name)
    const from = createReadStream(path, { highWaterMark: READ_BYTES })[Symbol.asyncIterator]()
    for (;;) {
      const { done, value } = (await asked(() => from.next())) as IteratorResult<Buffer>
      if (done === true) break
      signal.throwIfAborted()
      onBytes(value.length)
      yield value
    }
    await removeTemporary(path)
  }
  async function* files(): AsyncGenerator<TarFile> {
    const { mtimeMs: at } = await asked(() => stat(directory))
    yield { name: `${folder}/`, bytes: 0, at, content: nothing }
    const names = await asked(() => readdir(directory))
    if (names.length !== left)
      throw new BackupError('staging-changed', { directory: stage.directory, found: names.length, left })
    for (const name of inOrder(names)) {
      const { size, mtimeMs } = await asked(() => stat(join(directory, name)))
      yield { name: `${folder}/${name}`, bytes: size, at: mtimeMs, content: () => content(name) }
    }
  }
  return writePart(draft, { file, recipients }, tarOf(files()))
}

const { compare } = new Intl.Collator('en', { numeric: true })

/** The list of contents first: whoever wants only that reads no further. Pure. */
export function inOrder(names: readonly string[]): string[] {
  return names.toSorted(
    (one, other) => Number(other === CONTENTS) - Number(one === CONTENTS) || compare(one, other),
  )
}

async function* nothing(): AsyncGenerator<Buffer> {}
