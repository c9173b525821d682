/** Whether a server has room for a second copy of a database beside the first: asked where that can be seen, and decided purely. */
import { z } from 'zod'
import type { OperationPreview } from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { parsePostgresUrl } from '#shared/model/profile/postgres-url.ts'
import type { Subject } from '../../operations/kind.ts'
import { ReachError } from '../../reach/reach.ts'
import type { Querying } from './databases.ts'
import { inMaintenance } from './operating.ts'
import type { Source } from './source.ts'

/** A database takes several times of what its dump does. */
export const GROWS = 4
/** Both copies stay until a person decides, and the server goes on writing meanwhile. */
const LEEWAY = 1.2
/** A database that is filled anew is seldom to the page what was reckoned. */
const DOUBT = 1.1
const LOOKS_WITHIN_MS = 10_000
const MEBIBYTE = 1_048_576

export interface Room {
  /** What a second copy takes, about, in bytes. */
  readonly needed: number
  /** Less than this it is hardly, in bytes. */
  readonly certain: number
  /** What is written besides while it is made: the log of it, and the safety backup, where that lies on the same disk. */
  readonly besides: { readonly log: number; readonly safety: number }
  /** `null`: nobody knows. */
  readonly free: number | null
  /** It may make databases, and rename this one. */
  readonly makesDatabases: boolean
}

/** `enough`: beside, and swapped; `none`: in one transaction; else neither is begun without being told so. */
export function wayOf(room: Room): 'enough' | 'none' | 'too-small' | 'unknown' {
  const { needed, besides, free, makesDatabases } = room
  if (free === null) return 'unknown'
  if (makesDatabases && free >= needed * LEEWAY + besides.log) return 'enough'
  return free < leastOf(room) ? 'too-small' : 'none'
}

/** Files of before are given back when the transaction ends: for as long as it takes, both are there. */
function leastOf({ needed, besides }: Pick<Room, 'needed' | 'besides'>): number {
  return needed * DOUBT + besides.log + besides.safety
}

export function inMebibytes(room: Pick<Room, 'needed' | 'besides' | 'free'>) {
  const { free } = room
  return { needed: Math.ceil(leastOf(room) / MEBIBYTE), free: Math.floor((free ?? 0) / MEBIBYTE) }
}

/**
 * What there is to say of the room for a database beside. What it takes is reckoned from how large the dump is and what is there now, and may be far less: refused is only
 * what cannot be. Pure.
 */
export function aboutRoom(
  room: Omit<Room, 'makesDatabases'>,
): Pick<OperationPreview, 'warnings' | 'refusals'> {
  const { free, certain } = room
  const params = inMebibytes(room)
  if (free === null) return { warnings: [{ code: 'restore-room-unseen', params }], refusals: [] }
  if (free < certain) {
    const least = Math.ceil(certain / MEBIBYTE)
    return { warnings: [], refusals: [{ code: 'restore-no-room', params: { ...params, least } }] }
  }
  return {
    warnings: [{ code: free < leastOf(room) ? 'restore-room-tight' : 'restore-room', params }],
    refusals: [],
  }
}

const Place = z.object({
  bytes: z.coerce.number(),
  log: z.coerce.number(),
  directory: z.string().nullable(),
  makes: z.boolean(),
})

/** `$1`: the database, which need not be there. Where it is, who may not read all settings is not told. */
const PLACE = `
  SELECT CASE WHEN has_database_privilege(d.oid, 'CONNECT') OR pg_has_role(current_user, 'pg_read_all_stats', 'member') THEN pg_database_size(d.oid) ELSE 0 END AS bytes,
         2 * pg_size_bytes(current_setting('max_wal_size')) AS log,
         coalesce(nullif(pg_tablespace_location(d.dattablespace), ''), (SELECT setting FROM pg_settings WHERE name = 'data_directory')) AS directory,
         me.rolsuper OR (me.rolcreatedb AND coalesce(pg_has_role(current_user, d.datdba, 'member'), true)) AS makes
    FROM pg_roles me LEFT JOIN pg_database d ON d.datname = $1 WHERE me.rolname = current_user`

export type Looking = Pick<Subject<unknown>, 'profile' | 'reach' | 'signal'>

/**
 * @param database that is restored, as it is called there
 * @param isSafe no safety backup is made any more
 */
export async function lookForRoom(
  subject: Looking,
  { database, part }: Pick<Source, 'database' | 'part'>,
  isSafe = false,
): Promise<Room> {
  const place = await inMaintenance(subject, async (client: Querying) => {
    const { rows } = await client.query(PLACE, [database])
    return Place.optional().parse(rows[0])
  })
  const needed = Math.max(place?.bytes ?? 0, part.plainBytes * GROWS)
  const certain = Math.max((place?.bytes ?? 0) / 2, part.plainBytes)
  const disk = place?.directory == null ? null : await diskOf(subject, place.directory)
  const safety = Math.max(place?.bytes ?? 0, part.plainBytes) / GROWS
  return {
    ...{ needed, certain },
    besides: {
      log: logOf(place?.log ?? 0, needed),
      safety: isSafe || disk === null || !(await liesOn(subject, disk)) ? 0 : safety,
    },
    free: disk?.free ?? null,
    makesDatabases: place?.makes ?? false,
  }
}

/**
 * What the log takes meanwhile: of a small database there is not more to log than there is of it. Pure.
 * @param most what the server lets it grow to
 * @param bytes of the database that is filled
 */
export function logOf(most: number, bytes: number): number {
  return Math.min(most, bytes)
}

interface Disk {
  readonly free: number
  /** Where it is mounted. */
  readonly at: string
}

/** Whether safety backups lie on it: on this machine alone, and taken for granted where nobody can see. */
async function liesOn(subject: Looking, disk: Disk): Promise<boolean> {
  const { backups } = subject.profile
  if (backups === undefined || machineOf(subject.profile) !== 'local') return false
  const place = await diskOf(subject, backups.store.directory)
  return place === null || place.at === disk.at
}

/** The disk that a directory of the server's machine is on; `null`: that cannot be seen. */
export async function diskOf({ profile, reach, signal }: Looking, directory: string): Promise<Disk | null> {
  const over = machineOf(profile)
  if (over === null) return null
  try {
    const limits = { signal, timeoutMs: LOOKS_WITHIN_MS, maxBytes: 4_096 }
    const { code, stdout } = await reach().machine(over).run(['df', '-Pk', '--', directory], limits)
    const [, blocks, at] =
      /^.*?\s+\d+\s+\d+\s+(\d+)\s+\d+%\s+(.+)$/m.exec(stdout.split('\n').slice(1).join('\n')) ?? []
    return code === 0 && blocks !== undefined && at !== undefined
      ? { free: Number(blocks) * 1_024, at }
      : null
  } catch (error) {
    if (error instanceof ReachError) return null
    throw error
  }
}

/** The machine that PostgreSQL runs on, where we come to it; `null`: it is another. */
function machineOf({ postgres, ssh }: DeploymentProfile): 'local' | 'ssh' | null {
  if (postgres === undefined) return null
  const { servers } = parsePostgresUrl(postgres.url)
  const isThere = ({ host }: { host: string }) => /^(?:localhost|127\.[\d.]+|::1|\/.*)$/.test(host)
  if (!servers.every(isThere)) return null
  return ssh === undefined ? 'local' : 'ssh'
}
