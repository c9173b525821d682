/** What a database holds besides rows, counted by kind: what a dump has of it, and nothing that PostgreSQL or an extension makes by itself. */
import { z } from 'zod'
import type { PostgresConnection } from '../../reach/postgres/connection.ts'

/** As PostgreSQL calls them. */
export const KINDS = [
  'TABLE',
  'FOREIGN TABLE',
  'VIEW',
  'MATERIALIZED VIEW',
  'MATERIALIZED VIEW WITH DATA',
  'SEQUENCE',
  'INDEX',
  'PRIMARY KEY',
  'UNIQUE',
  'FOREIGN KEY',
  'FOREIGN KEY OF PARTITION',
  'CHECK',
  'EXCLUDE',
  'TRIGGER',
  'POLICY',
  'FUNCTION',
  'TYPE',
  'EXTENSION',
] as const
export type ObjectKind = (typeof KINDS)[number]

export const WITH_DATA = 'MATERIALIZED VIEW WITH DATA' satisfies ObjectKind
/**
 * Its own, beside those that it has of its whole. One that is equal to one of these, and was added once it was a partition, is one with it after a restore, where
 * the whole gets its own last. Checks, indexes and their constraints, and triggers stay apart, or were one from the beginning.
 */
const OF_PARTITION = 'FOREIGN KEY OF PARTITION' satisfies ObjectKind
/** What is counted already. */
const COUNTED_TWICE: ReadonlySet<ObjectKind> = new Set([WITH_DATA, OF_PARTITION])

const LARGE_OBJECT = 'LARGE OBJECT'

export interface CountedObjects {
  readonly objects: Readonly<Partial<Record<ObjectKind, number>>>
  readonly largeObjects: number
}

/**
 * Alike for every major version. Left out is what comes with something else: types of tables and arrays, what makes a range of a type (functions and
 * multiranges), triggers and foreign keys that partitions have of their table, NOT NULL, which is a constraint from 18 on only; what `pg_dump` leaves out, as indexes that are not valid
 * and what they would hold; `plpgsql`, which is there from the beginning, whoever made it anew; and whatever is of an extension's tables, which no dump has.
 */
const OBJECTS = `
  WITH own AS (SELECT oid FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'),
  extended AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
  relations AS (
    SELECT c.oid, c.relkind, c.relispopulated, c.relispartition FROM pg_class c
     WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relpersistence <> 't' AND c.relnamespace IN (SELECT oid FROM own)
       AND c.oid NOT IN (SELECT objid FROM extended WHERE classid = 'pg_class'::regclass)),
  types AS (
    SELECT t.oid FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
     WHERE t.typnamespace IN (SELECT oid FROM own) AND t.oid NOT IN (SELECT objid FROM extended WHERE classid = 'pg_type'::regclass)
       AND (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'c' AND c.relkind = 'c'
            OR t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)))
  SELECT kind, count(*) AS count FROM (
    SELECT CASE relkind WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
      FROM relations
    UNION ALL SELECT '${WITH_DATA}' FROM relations WHERE relkind = 'm' AND relispopulated
    UNION ALL SELECT 'INDEX' FROM pg_index i JOIN relations r ON r.oid = i.indrelid WHERE i.indisready AND (i.indisvalid OR r.relkind = 'p')
    UNION ALL SELECT CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE 'EXCLUDE' END
      FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid JOIN pg_index i ON i.indexrelid = k.conindid
     WHERE k.contype IN ('p', 'u', 'x') AND i.indisready AND (i.indisvalid OR r.relkind = 'p')
    UNION ALL SELECT 'FOREIGN KEY' FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE k.contype = 'f' AND k.conparentid = 0
    UNION ALL SELECT '${OF_PARTITION}' FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE k.contype = 'f' AND k.conparentid = 0 AND r.relispartition
    UNION ALL SELECT 'CHECK' FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE k.contype = 'c'
    UNION ALL SELECT 'CHECK' FROM pg_constraint k JOIN types t ON t.oid = k.contypid WHERE k.contype = 'c'
    UNION ALL SELECT 'TRIGGER' FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid
     -- What a partition has of its table says so from 13 on, and is internal before.
     WHERE NOT t.tgisinternal AND coalesce((to_jsonb(t) ->> 'tgparentid')::oid, 0) = 0
    UNION ALL SELECT 'POLICY' FROM pg_policy p JOIN relations r ON r.oid = p.polrelid
    UNION ALL SELECT 'FUNCTION' FROM pg_proc p
     WHERE p.pronamespace IN (SELECT oid FROM own)
       AND p.oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_proc'::regclass AND deptype IN ('e', 'i'))
    UNION ALL SELECT 'TYPE' FROM types
    UNION ALL SELECT 'EXTENSION' FROM pg_extension WHERE extname <> 'plpgsql') things
   GROUP BY kind
  UNION ALL SELECT '${LARGE_OBJECT}', count(*) FROM pg_largeobject_metadata`

const Rows = z.array(z.object({ kind: z.string(), count: z.coerce.number() }))

/** Reads catalogs alone, in one statement: it locks nothing of anybody. Each thing is looked up by a key, also where there are very many. */
export async function countObjects(
  client: Pick<PostgresConnection['client'], 'query'>,
): Promise<CountedObjects> {
  const { rows } = await client.query(OBJECTS)
  const counts = new Map(Rows.parse(rows).map(({ kind, count }) => [kind, count]))
  return {
    objects: Object.fromEntries(KINDS.map((kind) => [kind, counts.get(kind) ?? 0])),
    largeObjects: counts.get(LARGE_OBJECT) ?? 0,
  }
}

/** As a manifest has them: where one materialized view has no data, `pg_dump` leaves those that read it without, too. Pure. */
export function asHeld({ objects }: CountedObjects): CountedObjects['objects'] {
  const { [WITH_DATA]: filled, ...others } = objects
  return filled === objects['MATERIALIZED VIEW'] ? objects : others
}

/** How many things that are, of kinds that were counted `then` and are known here: no others are compared. Pure. */
export function sumOf(
  objects: Readonly<Partial<Record<string, number>>>,
  then: Readonly<Partial<Record<string, number>>> = objects,
): number {
  return KINDS.filter((kind) => !COUNTED_TWICE.has(kind) && then[kind] !== undefined).reduce(
    (sum, kind) => sum + (objects[kind] ?? 0),
    0,
  )
}

/** What is not there where an entry of a dump is left out, by its type; infinite: nobody knows how many. */
const GOES_WITH = new Map<string, readonly (readonly [ObjectKind, number])[]>([
  ['AGGREGATE', [['FUNCTION', 1]]],
  ['CHECK CONSTRAINT', [['CHECK', 1]]],
  [
    'CONSTRAINT',
    [
      ['PRIMARY KEY', 1],
      ['UNIQUE', 1],
      ['EXCLUDE', 1],
      ['INDEX', 1],
    ],
  ],
  [
    'DOMAIN',
    [
      ['TYPE', 1],
      ['CHECK', Number.POSITIVE_INFINITY],
    ],
  ],
  ['FK CONSTRAINT', [['FOREIGN KEY', 1]]],
  [
    'FOREIGN TABLE',
    [
      ['FOREIGN TABLE', 1],
      ['CHECK', Number.POSITIVE_INFINITY],
    ],
  ],
  ['FUNCTION', [['FUNCTION', 1]]],
  ['INDEX', [['INDEX', 1]]],
  [
    'MATERIALIZED VIEW',
    [
      ['MATERIALIZED VIEW', 1],
      [WITH_DATA, 1],
    ],
  ],
  ['POLICY', [['POLICY', 1]]],
  ['PROCEDURE', [['FUNCTION', 1]]],
  ['TRIGGER', [['TRIGGER', 1]]],
  ['TYPE', [['TYPE', 1]]],
  ['VIEW', [['VIEW', 1]]],
])

export interface Differing {
  readonly kind: ObjectKind
  readonly expected: number
  readonly found: number
}

/**
 * What there is not as much of as there was. Pure. Of a kind that was not counted nothing is said.
 * @param left types of the entries that were left out on purpose, each as often as it was
 */
export function differingObjects(
  then: Readonly<Partial<Record<string, number>>>,
  { objects }: CountedObjects,
  left: readonly string[],
): Differing[] {
  // An older console did not tell those of partitions apart.
  const areApart = then[OF_PARTITION] !== undefined
  const [before, now] = areApart ? [withoutPartitions(then), withoutPartitions(objects)] : [then, objects]
  const mayBeFewer = (kind: ObjectKind) => kind === OF_PARTITION || (kind === 'FOREIGN KEY' && !areApart)
  const missing = new Map<ObjectKind, number>()
  for (const [kind, count] of left.flatMap((type) => GOES_WITH.get(type) ?? []))
    missing.set(kind, (missing.get(kind) ?? 0) + count)
  return KINDS.flatMap((kind) => {
    const [expected, found = 0] = [before[kind], now[kind]]
    if (expected === undefined) return []
    // Those that an extension requires by now come along.
    const isNoMore = found <= expected || kind === 'EXTENSION'
    const isNoLess = mayBeFewer(kind) || found >= expected - (missing.get(kind) ?? 0)
    return isNoMore && isNoLess ? [] : [{ kind, expected, found }]
  })
}

/** With the foreign keys alone that are no partition's. */
function withoutPartitions(
  objects: Readonly<Partial<Record<string, number>>>,
): Readonly<Partial<Record<string, number>>> {
  const { 'FOREIGN KEY': keys = 0, [OF_PARTITION]: ofPartitions = 0 } = objects
  return { ...objects, 'FOREIGN KEY': keys - ofPartitions }
}
