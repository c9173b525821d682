/**
 * Which roles of a backup are made on a server that has not got them, and with what. Pure. None gets a password or power over the server as a whole:
 * the first may have been replaced since, and the second is the server's to give.
 */

import type { GlobalRole } from '../../postgres/global-roles.ts'
import { sqlName } from '../../postgres/quote.ts'
import type { Whole } from '../../worker/whole.ts'

export interface RolePlan {
  readonly make: readonly GlobalRole[]
  /** Named in the dump, and neither on the server nor in the backup. */
  readonly unknown: readonly string[]
  /** Roles with what they had and do not get: `app (CREATEDB)`, `app (pg_monitor)`. */
  readonly leftOut: readonly string[]
}

/** @param there roles that the server has */
export function planRoles(
  { named, roles }: Pick<Whole, 'named' | 'roles'>,
  there: ReadonlySet<string>,
): RolePlan {
  const known = new Map((roles ?? []).map((role) => [role.name, role]))
  const missing = named.filter((name) => !there.has(name))
  const wanted = new Set(missing.filter((name) => known.has(name)))
  // Who has their rights as a member uses the data, too; who is above all rights does not need them.
  for (let before = -1; before < wanted.size; ) {
    before = wanted.size
    for (const { name, memberOf, powers } of known.values()) {
      const isMember = memberOf.some(({ role }) => wanted.has(role))
      if (isMember && !there.has(name) && !powers.includes('SUPERUSER')) wanted.add(name)
    }
  }
  const make = [...known.values()].filter(({ name }) => wanted.has(name))
  return {
    make,
    unknown: missing.filter((name) => !known.has(name)),
    leftOut: make.flatMap(({ name, powers, memberOf }) => {
      const groups = memberOf.map(({ role }) => role).filter((role) => !wanted.has(role))
      return [...powers, ...groups].map((what) => `${name} (${what})`)
    }),
  }
}

/** Statements that make them, all or none. */
export function makingStatements(
  make: readonly GlobalRole[],
  { marker, isSuperuser }: { readonly marker: string; readonly isSuperuser: boolean },
): string[] {
  return make.flatMap(({ name, login, inherits, limits }) => {
    const role = sqlName(name)
    const attributes = [login ? 'LOGIN' : 'NOLOGIN', inherits ? 'INHERIT' : 'NOINHERIT', ...limits].join(' ')
    return [
      `CREATE ROLE ${role} ${attributes}`,
      commentOnRole(name, `'${marker}'`),
      // Who is no superuser gives nothing to a role that it is no member of.
      ...(isSuperuser ? [] : [`GRANT ${role} TO CURRENT_USER`]),
    ]
  })
}

/** What they have besides; each may be refused, which is told. */
export function furnishingStatements(make: readonly GlobalRole[]): string[] {
  const made = new Set(make.map(({ name }) => name))
  return make.flatMap(({ name, settings, memberOf }) => [
    ...memberOf
      .filter(({ role }) => made.has(role))
      .map(
        ({ role, terms }) =>
          `GRANT ${sqlName(role)} TO ${sqlName(name)}${terms === '' ? '' : ` WITH ${terms}`}`,
      ),
    ...settings.map((setting) => `ALTER ROLE ${sqlName(name)} ${setting}`),
  ])
}

/** @param comment as it is written; `null`: none */
export function commentOnRole(name: string, comment: string | null): string {
  return `COMMENT ON ROLE ${sqlName(name)} IS ${comment ?? 'NULL'}`
}
