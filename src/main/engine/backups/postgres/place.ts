/**
 * Where PostgreSQL's programs run for a server: on the machine at the end of the SSH chain, where that is the server's own, or in its container there, so that what
 * comes over the line is compressed by then; else on this one; and where none fits here, there all the same. The profile may say which.
 */
import type { BackupCompression, BackupRun } from '#shared/model/profile/backups.ts'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { isSocketFile } from '../../reach/postgres/address.ts'
import { ReachError } from '../../reach/reach.ts'
import { BackupError } from '../backup-error.ts'
import { NAMED_SINCE } from './compression.ts'
import { type Container, LOOPBACK, readContainers, readFound, seenFrom } from './there/containers.ts'
import { CONTAINERS, finder, type Inside } from './there/script.ts'
import type { Machine } from './there/there.ts'
import { chooseTool, type Program, readVersion, type Tool, type Tools } from './tools.ts'

export interface RunWish {
  readonly run: BackupRun
  /** The container that the profile names. */
  readonly container: string | null
}

export const WHEREVER: RunWish = { run: 'auto', container: null }

export const HERE: RunWish = { run: 'local', container: null }

export type Place =
  | { readonly kind: 'here' }
  | { readonly kind: 'host' }
  /** And where that sees the server. */
  | { readonly kind: 'container'; readonly inside: Inside; readonly server: PostgresServer }

export interface Chosen {
  readonly place: Place
  /** One for each program that was asked for, in their order. */
  readonly tools: readonly Tool[]
}

export interface Asked {
  readonly wish: RunWish
  readonly programs: readonly [Program, ...Program[]]
  /** Of the server. */
  readonly major: number
  /** What a dump is to be compressed with. */
  readonly compression?: BackupCompression['method']
  readonly server: PostgresServer
  readonly signal: AbortSignal
}

interface Machines {
  /** The programs of this machine. */
  readonly tools: Tools
  /** `null`: the deployment is reached without SSH. */
  readonly there: Machine | null
}

const ASK_TIMEOUT_MS = 60_000
/** Where one here would do. */
const GLANCE_TIMEOUT_MS = 10_000
const MOST_BYTES = 256 * 1024
/** So many containers are asked for their programs. */
const MOST_ASKED = 8

/** @throws BackupError that says what was found where, or ReachError where the machine there cannot be asked */
export async function choosePlace({ tools, there }: Machines, asked: Asked): Promise<Chosen> {
  const { wish, programs, major } = asked
  const local = async (): Promise<Chosen> => ({
    place: { kind: 'here' },
    tools: await Promise.all(programs.map((program) => tools.fitting(program, major))),
  })
  if (there === null || wish.run === 'local') return local()
  const mine = wish.run === 'auto' ? await local().catch(onlyTools) : null
  if (mine === null) return chooseThere({ tools, there }, asked)
  // A bastion is trusted with a tunnel, which may be encrypted to its end, and not with a password. A login that is there for tunnels alone runs nothing.
  const near: Asked = isOnItsMachine(asked.server) ? asked : { ...asked, wish: { ...wish, run: 'container' } }
  const theirs = await chooseThere({ tools, there }, near, GLANCE_TIMEOUT_MS).catch(onlyPlaces)
  asked.signal.throwIfAborted()
  if (theirs === null) return mine
  const [ours, others] = [newestOf(mine), newestOf(theirs)]
  const isMissed = asked.compression === 'zstd' && others < NAMED_SINCE && ours >= NAMED_SINCE
  // What a later one writes those here would not read.
  return others > ours || isMissed ? mine : theirs
}

const isOnItsMachine = (server: PostgresServer): boolean => isSocketFile(server) || LOOPBACK.test(server.host)

const newestOf = ({ tools }: Chosen): number => Math.max(...tools.map(({ major }) => major))

async function chooseThere(
  { tools: here, there }: Machines & { readonly there: Machine },
  asked: Asked,
  timeoutMs = ASK_TIMEOUT_MS,
): Promise<Chosen> {
  const { wish, programs, major } = asked
  const limits = { signal: asked.signal, timeoutMs, maxBytes: MOST_BYTES }
  let newestThere: Tool | null = null
  if (wish.run !== 'container') {
    const found = await find(there, asked, null, limits)
    if (found.chosen !== null) return { place: { kind: 'host' }, tools: found.chosen }
    newestThere = found.newest
    if (wish.run === 'host') {
      const [program] = programs
      const known = { program, major, machine: there.name }
      if (newestThere === null) throw new BackupError('tool-missing-there', known)
      throw new BackupError('tool-too-old-there', {
        ...{ ...known, found: newestThere.version, path: newestThere.path },
      })
    }
  }
  const { stdout } = await there.run(CONTAINERS, limits)
  const all = readContainers(stdout)
  const tried: string[] = []
  for (const { container, server } of candidates(all, asked).slice(0, MOST_ASKED)) {
    const { chosen, newest } = await find(there, asked, container, limits)
    if (chosen !== null) return { place: { kind: 'container', inside: container, server }, tools: chosen }
    tried.push(`${container.name} (${newest?.version ?? '—'})`)
  }
  throw nowhere(asked, there, {
    here: (await here.all(programs[0]))[0]?.version ?? '—',
    there: newestThere?.version ?? '—',
    containers: tried.join(', ') || '—',
  })
}

/** Which containers see the server, the likeliest first: one that publishes the port, before one whose own address it is; the one that is named alone. Pure. */
export function candidates(
  containers: readonly Container[],
  { wish, server }: Pick<Asked, 'wish' | 'server'>,
): { container: Container; server: PostgresServer }[] {
  return containers
    .filter(({ name }) => wish.container === null || name === wish.container)
    .flatMap((container) => {
      const seen = seenFrom(container, server, wish.container !== null)
      return seen === null ? [] : [{ container, server: seen }]
    })
    .toSorted((one, other) => Number(one.server === server) - Number(other.server === server))
}

async function find(
  { run }: Machine,
  { programs, major }: Asked,
  inside: Inside | null,
  limits: Parameters<Machine['run']>[1],
): Promise<{ chosen: Tool[] | null; newest: Tool | null }> {
  const { stdout } = await run(finder(programs, inside), limits)
  const tools = readFound(stdout).flatMap(({ path, words }): Tool[] => {
    const program = programs.find((one) => path.endsWith(`/${one}`))
    const read = readVersion(words)
    return program === undefined || read === null ? [] : [{ program, path, ...read }]
  })
  const chosen = programs.map((program) =>
    chooseTool(
      tools.filter((tool) => tool.program === program),
      major,
    ),
  )
  const newest = tools
    .filter(({ program }) => program === programs[0])
    .toSorted((one, other) => other.major - one.major)[0]
  const isWhole = chosen.every((tool) => tool !== null)
  return { chosen: isWhole ? chosen : null, newest: newest ?? null }
}

function nowhere(
  { programs: [program], major, wish }: Asked,
  { name }: Machine,
  found: { here: string; there: string; containers: string },
): BackupError {
  const known = { program, major, machine: name }
  if (wish.container !== null && found.containers === '—')
    return new BackupError('container-missing', { container: wish.container, machine: name })
  if (wish.run === 'container')
    return new BackupError('tool-missing-in-containers', { ...known, containers: found.containers })
  return new BackupError('tool-nowhere', { ...known, ...found })
}

/** That a program is missing or too old here is no failure as long as there may be another place. */
function onlyTools(error: unknown): null {
  if (error instanceof BackupError && ['tool-missing', 'tool-too-old'].includes(error.failure.code))
    return null
  throw error
}

/** That there is none there, or that nothing can be run there, is no failure where this machine has one. */
function onlyPlaces(error: unknown): null {
  if (error instanceof BackupError || error instanceof ReachError) return null
  throw error
}
