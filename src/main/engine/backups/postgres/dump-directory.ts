/**
 * `pg_dump` in its directory format, by several sessions at once: into a directory that only we look into, from which it is packed into one tar archive afterwards.
 * It runs on this machine: its sessions come over the console's own way.
 */
import { createReadStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BackupError } from '../backup-error.ts'
import { type Staging, tellsFull } from '../staging/stage.ts'
import { CONTENTS } from '../staging/unpack.ts'
import { type TarFile, tarOf } from '../tar/write.ts'
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
const READ_BYTES = 256 * 1024

interface DirectoryRun {
  readonly tool: Tool
  readonly args: readonly string[]
  readonly login: Login
  readonly lockWaitMs: number
  readonly stage: Staging & { readonly path: string }
}

/** @throws BackupError `staging-full`, or what `pg_dump` fails with otherwise */
export async function dumpDirectory(
  dependencies: Omit<DumpDependencies, 'draft'>,
  { tool, args, login, lockWaitMs, stage }: DirectoryRun,
): Promise<void> {
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
    if (ended.code === 0) return
    throw run.failure() ?? explainDirectory(tool, ended, { lockWaitMs, secrets: run.secrets, stage })
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
  for (;;) {
    const tick = Promise.withResolvers<void>()
    const timer = setTimeout(tick.resolve, LOOK_EVERY_MS)
    await Promise.race([over, tick.promise])
    clearTimeout(timer)
    await look()
    if (isOver) return over
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
  if (exit.signal === null && tellsFull(exit.words))
    return new BackupError('staging-full', { directory: stage.directory })
  const table = NOT_LOCKED.exec(exit.words)?.[1]
  if (exit.signal === null && table !== undefined) return new BackupError('lock-between', { table })
  return explainExit(tool, exit, about)
}

interface Packing {
  /** As it is called in the draft. */
  readonly file: string
  readonly recipients: readonly string[] | null
  /** The stage. */
  readonly path: string
}

/** Packs what was dumped into one file of the draft; each of its files goes as soon as it is in there, so that it never takes twice the room. */
export function packDirectory(
  { draft, signal, onBytes }: Pick<DumpDependencies, 'draft' | 'signal' | 'onBytes'>,
  { file, recipients, path }: Packing,
): Promise<Written> {
  const directory = join(path, WRITTEN)
  const folder = file.replace(/\.tar$/, '')
  async function* content(name: string): AsyncGenerator<Buffer> {
    const from = createReadStream(join(directory, name), { highWaterMark: READ_BYTES })
    for await (const chunk of from as AsyncIterable<Buffer>) {
      signal.throwIfAborted()
      onBytes(chunk.length)
      yield chunk
    }
    await rm(join(directory, name))
  }
  async function* files(): AsyncGenerator<TarFile> {
    const { mtimeMs: at } = await stat(directory)
    yield { name: `${folder}/`, bytes: 0, at, content: nothing }
    for (const name of inOrder(await readdir(directory))) {
      const { size, mtimeMs } = await stat(join(directory, name))
      yield { name: `${folder}/${name}`, bytes: size, at: mtimeMs, content: () => content(name) }
    }
  }
  return writePart(draft, { file, recipients }, tarOf(files()))
}

/** The list of contents first: whoever wants only that reads no further. Pure. */
export function inOrder(names: readonly string[]): string[] {
  return names.toSorted(
    (one, other) =>
      Number(other === CONTENTS) - Number(one === CONTENTS) ||
      one.localeCompare(other, 'en', { numeric: true }),
  )
}

async function* nothing(): AsyncGenerator<Buffer> {}
