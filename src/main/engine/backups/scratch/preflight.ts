/** What has to be right on a server before a backup is restored there for a trial: read once, and judged purely. */
import { z } from 'zod'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { parsePostgresUrl } from '#shared/model/profile/postgres-url.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Subject } from '../../operations/kind.ts'
import type { CataloguedBackup } from '../catalogue.ts'
import { isCounted } from '../kinds/drill-outcome.ts'
import type { Part } from '../manifest.ts'
import { inMaintenance } from '../restore/operating.ts'
import { findOut, judge, type Missing, type Server } from '../restore/preflight.ts'
import { diskOf, GROWS, logOf } from '../restore/room.ts'
import type { Whole } from '../worker/whole.ts'

const MEBIBYTE = 1_048_576
/** The server goes on writing meanwhile. */
const LEEWAY = 1.2

export interface FoundThere {
  readonly server: Server
  readonly createsRoles: boolean
  /** By database of the backup, in their order. */
  readonly missing: readonly Missing[]
  /** Roles that policies name and the server has not got. */
  readonly roles: readonly string[]
  readonly room: { readonly needed: number; readonly free: number | null }
}

const Place = z.object({ log: z.coerce.number(), directory: z.string().nullable(), creates: z.boolean() })
/** Where it is, who may not read all settings is not told. */
const PLACE = `
  SELECT 2 * pg_size_bytes(current_setting('max_wal_size')) AS log, (SELECT setting FROM pg_settings WHERE name = 'data_directory') AS directory,
         r.rolsuper OR r.rolcreaterole AS creates
    FROM pg_roles r WHERE r.rolname = current_user`

/** @param parts with what each says of itself */
export async function findOutThere(
  subject: Pick<Subject<unknown>, 'profile' | 'reach' | 'signal'>,
  parts: readonly { readonly part: Part; readonly whole: Whole }[],
): Promise<FoundThere> {
  const { place, found } = await inMaintenance(subject, async (client) => {
    const looked = []
    // Of no database that there is.
    for (const { whole } of parts)
      looked.push(await findOut(client, '', { extensions: whole.archive.extensions, roles: whole.needed }))
    return { place: Place.parse((await client.query(PLACE)).rows[0]), found: looked }
  })
  const [first] = found
  if (first === undefined) throw new TypeError('a backup without a database')
  const disk = place.directory === null ? null : await diskOf(subject, place.directory)
  // One after the other: the largest is what there has to be room for.
  const filled = Math.max(...parts.map(({ part }) => part.plainBytes)) * GROWS
  return {
    server: first.server,
    createsRoles: place.creates,
    missing: found.map((one) => one.missing),
    roles: [...new Set(found.flatMap((one) => one.missing.roles))],
    room: { needed: Math.ceil(filled * LEEWAY + logOf(place.log, filled)), free: disk?.free ?? null },
  }
}

/** Told otherwise here, or of no matter: it is given to a role of its own, and roles that are missing are made. */
const OTHERWISE: ReadonlySet<string> = new Set([
  'restore-no-database',
  'restore-roles-missing',
  'restore-not-member',
  'restore-extensions-superuser',
])

/** Why it would not be begun; empty: it would. Pure. */
export function judgeThere(
  { server, createsRoles, missing, room }: FoundThere,
  { manifest, signedBy }: CataloguedBackup,
  {
    another,
    isSafe,
    target,
  }: { readonly another: boolean; readonly isSafe: boolean; readonly target: string },
): Reason[] {
  const isUntrusted = signedBy === 'another' && !another
  const { id, console } = manifest
  const untrusted = untrustedOf(missing)
  const wanted = { database: '', from: manifest.server, partial: false, swaps: false, isUntrusted: false }
  const general = missing
    .flatMap((one) => judge({ server, database: null, held: null, missing: one, unsettable: [] }, wanted))
    .filter(({ code }) => !OTHERWISE.has(code))
  const own: (Reason | false)[] = [
    isUntrusted && { code: 'drill-there-another', params: { id, console } },
    !isCounted(manifest) && { code: 'drill-there-foreign', params: {} },
    !isSafe && { code: 'drill-there-production', params: { from: manifest.deployment, target } },
    !createsRoles && { code: 'drill-there-no-roles', params: { user: server.user } },
    untrusted.length > 0 &&
      !server.superuser && {
        code: 'drill-there-extensions',
        params: { extensions: untrusted.join(', '), user: server.user },
      },
    room.free !== null &&
      room.free < room.needed && { code: 'drill-there-no-room', params: inMebibytes(room) },
  ]
  return unique([...general, ...own.filter((one) => one !== false)])
}

/** Extensions that only a superuser may install; what every database has is not among them. Pure. */
export function untrustedOf(missing: readonly Pick<Missing, 'untrusted'>[]): string[] {
  return [...new Set(missing.flatMap((one) => one.untrusted))].filter((name) => name !== 'plpgsql')
}

export function inMebibytes({ needed, free }: FoundThere['room']) {
  return { needed: Math.ceil(needed / MEBIBYTE), free: Math.floor((free ?? 0) / MEBIBYTE) }
}

/** The same of several databases is said once. */
export function unique(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values()]
}

type Profile = Pick<DeploymentProfile, 'name' | 'postgres' | 'ssh'>

/** Whether it is the very server that the backup is of, as far as the profiles tell: the same address at the end of the same way. Pure. */
export function isSameServer(one: Profile, other: Profile): boolean {
  if (one.name === other.name) return true
  const there = new Set(addressesOf(other))
  return addressesOf(one).some((address) => there.has(address))
}

function addressesOf({ postgres, ssh }: Profile): string[] {
  if (postgres === undefined) return []
  const way = ssh?.hops.map(({ host, alias, port }) => [host, alias, port]) ?? []
  return parsePostgresUrl(postgres.url).servers.map(({ host, port }) => JSON.stringify([host, port, way]))
}
