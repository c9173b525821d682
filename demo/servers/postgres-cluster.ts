/** An empty cluster: made by `initdb` once for each version, and copied from then on. */
import { execFile } from 'node:child_process'
import { chownSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Owner } from './owner.ts'
import { createTemporaryDirectory } from './temporary-directory.ts'

const run = promisify(execFile)
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/vakhta')

/** Sockets trust their directory's owner; TCP asks for the password. */
const INITDB = [
  '-U',
  'postgres',
  '--no-sync',
  '--auth-local=trust',
  '--auth-host=scram-sha-256',
  '-E',
  'UTF8',
  '--locale=C',
]

/** Fills `directory`, which must not exist, with an empty cluster that `owner` (or this user) owns. */
export async function createCluster(options: {
  readonly postgres: string
  readonly directory: string
  readonly owner: Owner | undefined
  /** It is made by itself: copies have one system identifier. */
  readonly isOneOfItsKind: boolean
}): Promise<void> {
  const { postgres, directory, owner, isOneOfItsKind } = options
  if (isOneOfItsKind) {
    await run(join(dirname(postgres), 'initdb'), ['-D', directory, ...INITDB], {
      ...owner,
      cwd: dirname(directory),
    })
    return
  }
  const { stdout } = await run(postgres, ['--version'])
  const version = stdout.trim().replaceAll(/[^0-9.]+/g, '-')
  const template = join(CACHE, `cluster${version}`)
  if (!(await exists(template))) await makeTemplate({ postgres, template, owner })
  await cp(template, directory, { recursive: true })
  await giveTo(owner, directory)
}

/** Fills `directory`, which must not exist, with a copy of a cluster that runs, set up as its standby. */
export async function copyCluster(options: {
  readonly postgres: string
  readonly directory: string
  readonly owner: Owner | undefined
  readonly from: { readonly port: number; readonly user: string; readonly password: string }
}): Promise<void> {
  const { postgres, directory, owner, from } = options
  const args = ['-D', directory, '-h', '127.0.0.1', '-p', String(from.port), '-U', from.user]
  await run(
    join(dirname(postgres), 'pg_basebackup'),
    [...args, '-R', '--checkpoint=fast', '--no-sync', '-X', 'stream'],
    {
      ...owner,
      cwd: dirname(directory),
      env: { ...process.env, PGPASSWORD: from.password },
    },
  )
}

/** Two that start at once both make one; the first to rename wins. */
async function makeTemplate(options: { postgres: string; template: string; owner: Owner | undefined }) {
  const { postgres, template, owner } = options
  const scratch = createTemporaryDirectory('initdb', owner)
  try {
    const made = join(scratch.path, 'data')
    const initdb = join(dirname(postgres), 'initdb')
    await run(initdb, ['-D', made, ...INITDB], { ...owner, cwd: scratch.path })
    await mkdir(CACHE, { recursive: true })
    const copy = await mkdtemp(join(CACHE, 'making-'))
    await cp(made, copy, { recursive: true })
    try {
      await rename(copy, template)
    } catch (error) {
      await rm(copy, { recursive: true, force: true })
      if (!(await exists(template))) throw error
    }
  } finally {
    await scratch.remove()
  }
}

async function giveTo(owner: Owner | undefined, directory: string): Promise<void> {
  if (owner === undefined) return
  chownSync(directory, owner.uid, owner.gid)
  for (const entry of await readdir(directory, { recursive: true })) {
    chownSync(join(directory, entry), owner.uid, owner.gid)
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
