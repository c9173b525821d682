/** How names are written where PostgreSQL and its programs read more than a name. */

/** A name as SQL reads back exactly it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A name as people read it, and may write it in SQL: quoted where SQL would not read it back as it stands. */
export function shownName(name: string): string {
  return /^[\p{Ll}_][\p{Ll}\d_$]*$/u.test(name) ? name : sqlName(name)
}

/** A value in a connection string (section 34.1.1.1 of the manual). */
export function connectionValue(value: string): string {
  return `'${value.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`
}

/** A field of a password file (section 34.16). */
export function passwordFileField(value: string): string {
  return value.replaceAll(/[:\\]/g, (character) => `\\${character}`)
}
