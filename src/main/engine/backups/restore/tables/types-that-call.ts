/** Values of which types are not read by PostgreSQL's own functions alone: what has a domain within, composite types, and ranges with a function of their own. */

/**
 * For a recursive query: `calls (name)`.
 * @param from what has rows of a name and the oid of its type
 */
export function callsOf(from: string): string {
  return `
    within (name, oid) AS (
      SELECT name, oid FROM ${from}
      UNION SELECT w.name, coalesce(r.rngsubtype, t.typelem) FROM within w JOIN pg_type t ON t.oid = w.oid LEFT JOIN pg_range r ON r.rngtypid = t.oid
       WHERE r.rngtypid IS NOT NULL OR (t.typelem <> 0 AND t.typlen = -1)),
    calls AS (
      SELECT w.name FROM within w JOIN pg_type t ON t.oid = w.oid LEFT JOIN pg_range r ON r.rngtypid = t.oid
       WHERE t.oid >= 16384 AND (t.typtype IN ('d', 'c', 'm') OR r.rngcanonical::oid >= 16384))`
}
