/** Which tables are the application's, and which PostgreSQL's own. Pure. */

/** @param table schema and name, quoted where that is needed */
export function isSystemTable(table: string): boolean {
  return /^(pg_catalog|pg_toast|information_schema)\./.test(table)
}

/** Those that are shown, and how many of PostgreSQL's own were left out. */
export function tablesToShow<Table extends { readonly table: string }>(
  tables: readonly Table[],
  withSystem: boolean,
): { shown: readonly Table[]; system: number } {
  const own = tables.filter(({ table }) => !isSystemTable(table))
  return { shown: withSystem ? tables : own, system: tables.length - own.length }
}
