/**
 * The marker of an operation at its target: which console works there, and on what. It lasts longer than a session does: a setting of the role that operates,
 * in the maintenance database. Every role may set that for itself, every role may read it, and it goes with the role. The value is that of `application_name`, the
 * one setting that is open to all, holds any text, and means nothing there: who logs in to the maintenance database as that role names itself anyway.
 */
import { z } from 'zod'

export const Marker = z.object({
  scope: z.string(),
  /** Identity and name of the console. */
  console: z.string(),
  name: z.string().max(200),
  operation: z.string().max(100),
  deployment: z.string().max(200),
  /** Milliseconds since the epoch, by the console's clock. */
  since: z.number(),
})
export type Marker = z.infer<typeof Marker>

const Setting = z.object({ vakhta: z.literal(1), operations: z.array(Marker).max(100) })

const BEGINS = 'application_name='
const MOST_ROLES = 100

/** The markers of all roles, from any database. `$1`: the maintenance database. */
export const MARKERS_SQL = `
  select setrole = (select oid from pg_roles where rolname = current_user) as mine, pg_get_userbyid(setrole)::text as role, setting
    from pg_db_role_setting, unnest(setconfig) as setting
   where setdatabase = (select oid from pg_database where datname = $1::text) and setting like '${BEGINS.replace('_', '\\_')}%'
   order by setrole limit ${MOST_ROLES}`

const Rows = z.array(z.object({ mine: z.boolean(), role: z.string(), setting: z.string() }))

/** A marker as it stands there: only its own role may alter it. */
export type StandingMarker = Marker & { readonly role: string; readonly mine: boolean }

export function markersIn(rows: unknown): StandingMarker[] {
  return Rows.parse(rows).flatMap(({ mine, role, setting }) =>
    markersOf(setting).map((marker) => ({ ...marker, role, mine })),
  )
}

/** Whose setting is somebody else's words, which no marker takes the place of: the role that asks; `null`: there is none, or it holds markers. */
export function othersSetting(rows: unknown): string | null {
  const own = Rows.parse(rows).find(({ mine }) => mine)
  return own === undefined || operationsIn(own.setting) !== null ? null : own.role
}

function markersOf(setting: string): Marker[] {
  return operationsIn(setting) ?? []
}

/** `null`: somebody else set it. */
function operationsIn(setting: string): Marker[] | null {
  try {
    return Setting.parse(JSON.parse(setting.slice(BEGINS.length))).operations
  } catch {
    return null
  }
}

/** SQL that answers with the statement that sets the markers of who asks; quoted by the server itself. `$1`: their text. */
export const SETTING_SQL = `
  select case when $1::text is null
    then format('alter role %I in database %I reset application_name', current_user, current_database())
    else format('alter role %I in database %I set application_name = %L', current_user, current_database(), $1::text)
  end as statement`

/** `null`: there are none left. Nothing but ASCII: the setting keeps nothing else. */
export function settingOf(markers: readonly Marker[]): string | null {
  if (markers.length === 0) return null
  const text = JSON.stringify(Setting.parse({ vakhta: 1, operations: markers }))
  return text.replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
