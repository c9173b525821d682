/** What it takes to have nothing in a database that was not in it when it was made: looked at, and written as statements. */
import type { Client } from 'pg'
import { z } from 'zod'

const Thing = z.object({
  /** As people know it: `schema public`. */
  what: z.string(),
  /** Whoever asks may drop it. */
  owned: z.boolean(),
  statement: z.string(),
})
export type Thing = z.infer<typeof Thing>

/**
 * In the order in which they go: what would fire first, then extensions, which take along what is theirs in any schema. What is left belongs to no schema.
 * What PostgreSQL itself was made with has a lower oid; what belongs to an extension goes with it.
 */
const THINGS = `
  WITH ours AS (SELECT objid, classid FROM pg_depend WHERE deptype = 'e'), me AS (SELECT rolsuper AS super FROM pg_roles WHERE rolname = current_user)
  SELECT what, owned, statement FROM (
    SELECT 1 AS place, oid, format('event trigger %s', evtname) AS what, pg_has_role(current_user, evtowner, 'member') AS owned,
           format('DROP EVENT TRIGGER IF EXISTS %I', evtname) AS statement
      FROM pg_event_trigger WHERE oid NOT IN (SELECT objid FROM ours WHERE classid = 'pg_event_trigger'::regclass)
    UNION ALL
    SELECT 2, oid, format('publication %s', pubname), pg_has_role(current_user, pubowner, 'member'), format('DROP PUBLICATION IF EXISTS %I', pubname)
      FROM pg_publication
    UNION ALL
    SELECT 3, oid, format('extension %s', extname), pg_has_role(current_user, extowner, 'member'), format('DROP EXTENSION IF EXISTS %I CASCADE', extname)
      FROM pg_extension WHERE oid >= 16384
    UNION ALL
    SELECT 4, oid, format('schema %s', nspname), pg_has_role(current_user, nspowner, 'member'), format('DROP SCHEMA IF EXISTS %I CASCADE', nspname)
      FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
       AND oid NOT IN (SELECT objid FROM ours WHERE classid = 'pg_namespace'::regclass)
    UNION ALL
    SELECT 5, oid, format('foreign data wrapper %s', fdwname), pg_has_role(current_user, fdwowner, 'member'),
           format('DROP FOREIGN DATA WRAPPER IF EXISTS %I CASCADE', fdwname)
      FROM pg_foreign_data_wrapper WHERE oid NOT IN (SELECT objid FROM ours WHERE classid = 'pg_foreign_data_wrapper'::regclass)
    UNION ALL
    SELECT 6, c.oid, format('cast %s AS %s', format_type(castsource, NULL), format_type(casttarget, NULL)),
           pg_has_role(current_user, s.typowner, 'member') OR pg_has_role(current_user, t.typowner, 'member'),
           format('DROP CAST IF EXISTS (%s AS %s)', format_type(castsource, NULL), format_type(casttarget, NULL))
      FROM pg_cast c JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget
     WHERE c.oid >= 16384 AND c.oid NOT IN (SELECT objid FROM ours WHERE classid = 'pg_cast'::regclass)
       AND s.typnamespace = 'pg_catalog'::regnamespace AND t.typnamespace = 'pg_catalog'::regnamespace
    UNION ALL
    SELECT 7, oid, format('language %s', lanname), pg_has_role(current_user, lanowner, 'member'), format('DROP LANGUAGE IF EXISTS %I CASCADE', lanname)
      FROM pg_language WHERE oid >= 16384 AND oid NOT IN (SELECT objid FROM ours WHERE classid = 'pg_language'::regclass)
    UNION ALL
    SELECT 8, oid, format('access method %s', amname), (SELECT super FROM me), format('DROP ACCESS METHOD IF EXISTS %I CASCADE', amname)
      FROM pg_am WHERE oid >= 16384 AND oid NOT IN (SELECT objid FROM ours WHERE classid = 'pg_am'::regclass)
    UNION ALL
    SELECT 9, d.oid, format('default privileges of %s', r.rolname), pg_has_role(current_user, defaclrole, 'member'),
           format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE ALL ON %s FROM %s; ALTER DEFAULT PRIVILEGES FOR ROLE %1$I GRANT ALL ON %2$s TO %1$I%4$s', r.rolname, k.kind,
             (SELECT string_agg(DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END, ', ')
                FROM aclexplode(d.defaclacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee WHERE a.grantee = 0 OR g.oid IS NOT NULL),
             CASE k.kind WHEN 'FUNCTIONS' THEN format('; ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT EXECUTE ON FUNCTIONS TO PUBLIC', r.rolname)
                         WHEN 'TYPES' THEN format('; ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT USAGE ON TYPES TO PUBLIC', r.rolname) ELSE '' END)
      FROM pg_default_acl d JOIN pg_roles r ON r.oid = d.defaclrole
      JOIN (VALUES ('r', 'TABLES'), ('S', 'SEQUENCES'), ('f', 'FUNCTIONS'), ('T', 'TYPES'), ('n', 'SCHEMAS')) AS k (letter, kind) ON k.letter = d.defaclobjtype::text
     WHERE d.defaclnamespace = 0 AND cardinality(d.defaclacl) > 0
    UNION ALL
    SELECT 10, 0, 'large objects', coalesce((SELECT super FROM me) OR bool_and(pg_has_role(current_user, lomowner, 'member')), true),
           'SELECT pg_catalog.count(pg_catalog.lo_unlink(oid)) FROM pg_catalog.pg_largeobject_metadata'
      FROM pg_largeobject_metadata HAVING count(*) > 0) things
   ORDER BY place, oid`

export async function thingsIn(client: Pick<Client, 'query'>): Promise<Thing[]> {
  const { rows } = await client.query(THINGS)
  return z.array(Thing).parse(rows)
}

/** The schema that every database is made with, as a dump takes it to be. */
const PUBLIC = `
  SELECT CASE WHEN current_setting('server_version_num')::int >= 150000 THEN 'pg_database_owner'
              WHEN me.rolsuper THEN (SELECT rolname FROM pg_roles WHERE oid = 10) ELSE me.rolname END AS owner,
         current_setting('server_version_num')::int >= 150000 AS closed
    FROM pg_roles me WHERE me.rolname = current_user`

/** Statements that leave a database as it is made; to be run in one transaction. */
export async function emptyingStatements(client: Pick<Client, 'query'>): Promise<string[]> {
  const things = await thingsIn(client)
  const { rows } = await client.query(PUBLIC)
  const { owner, closed } = z.object({ owner: z.string(), closed: z.boolean() }).parse(rows[0])
  return [
    ...things.map(({ statement }) => statement),
    `CREATE SCHEMA public AUTHORIZATION "${owner.replaceAll('"', '""')}"`,
    `GRANT ${closed ? 'USAGE' : 'ALL'} ON SCHEMA public TO PUBLIC`,
    `COMMENT ON SCHEMA public IS 'standard public schema'`,
  ]
}
