/**
 * What there is in a database besides rows, each kind as one query. Where the same was made twice it says the same twice: things by their names and never by their oids,
 * in the order of these, and without what belongs to an extension. To be asked with an empty `search_path`, so that each name has its schema.
 */

/** Not PostgreSQL's own, no part of an extension, and no function or cast that is made with a type. */
const own = (catalog: string, oid: string): string =>
  `${oid} >= 16384 AND NOT EXISTS (
     SELECT FROM pg_depend part WHERE part.classid = '${catalog}'::regclass AND part.objid = ${oid}
        AND (part.deptype = 'e' OR (part.deptype = 'i' AND part.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass))))`

/** Each with whose it is and who may do what with it. Ranges bring their multiranges, and tables their row types: these are left to PostgreSQL. */
const THINGS = `
  SELECT 'pg_class'::regclass AS catalog, oid, 0 AS part, relowner AS owner,
         coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)) AS acl
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND relnamespace::regnamespace::text !~ '^pg_' AND ${own('pg_class', 'oid')}
  UNION ALL
  SELECT 'pg_class'::regclass, attrelid, attnum, NULL, attacl FROM pg_attribute WHERE attacl IS NOT NULL AND NOT attisdropped AND ${own('pg_class', 'attrelid')}
  UNION ALL
  SELECT 'pg_namespace'::regclass, oid, 0, nspowner, coalesce(nspacl, acldefault('n', nspowner))
    FROM pg_namespace WHERE nspname !~ '^pg_' AND (nspname = 'public' OR ${own('pg_namespace', 'oid')})
  UNION ALL
  SELECT 'pg_proc'::regclass, oid, 0, proowner, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc WHERE ${own('pg_proc', 'oid')}
  UNION ALL
  SELECT 'pg_type'::regclass, oid, 0, typowner, coalesce(typacl, acldefault('T', typowner)) FROM pg_type
   WHERE (typtype IN ('d', 'e', 'r') OR typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c')) AND ${own('pg_type', 'oid')}
  UNION ALL
  SELECT 'pg_largeobject'::regclass, oid, 0, lomowner, coalesce(lomacl, acldefault('L', lomowner)) FROM pg_largeobject_metadata
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwowner, coalesce(fdwacl, acldefault('F', fdwowner))
    FROM pg_foreign_data_wrapper WHERE ${own('pg_foreign_data_wrapper', 'oid')}
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, oid, 0, srvowner, coalesce(srvacl, acldefault('S', srvowner)) FROM pg_foreign_server WHERE ${own('pg_foreign_server', 'oid')}
  UNION ALL
  SELECT 'pg_language'::regclass, oid, 0, lanowner, coalesce(lanacl, acldefault('l', lanowner)) FROM pg_language WHERE ${own('pg_language', 'oid')}
  ${[
    ['pg_operator', 'oprowner'],
    ['pg_opclass', 'opcowner'],
    ['pg_opfamily', 'opfowner'],
    ['pg_collation', 'collowner'],
    ['pg_conversion', 'conowner'],
    ['pg_ts_config', 'cfgowner'],
    ['pg_ts_dict', 'dictowner'],
    ['pg_statistic_ext', 'stxowner'],
    ['pg_event_trigger', 'evtowner'],
    ['pg_publication', 'pubowner'],
  ]
    .map(
      ([catalog = '', owner]) =>
        `UNION ALL SELECT '${catalog}'::regclass, oid, 0, ${owner}, NULL FROM ${catalog} WHERE ${own(catalog, 'oid')}`,
    )
    .join('\n')}`

const named = (catalog: string, oid: string, part = '0'): string =>
  `(SELECT o.type || ' ' || o.identity FROM pg_identify_object(${catalog}, ${oid}, ${part}) o) COLLATE "C"`
const role = (oid: string): string => `CASE ${oid} WHEN 0 THEN 'PUBLIC' ELSE ${oid}::regrole::text END`

/** What servers know from 14 or 17 on reads the same where they do not know it yet. */
const COLUMNS = `
  SELECT json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid),
                                   nullif(a.attcollation, y.typcollation)::regcollation, a.attstorage, coalesce(to_jsonb(a)->>'attcompression', ''),
                                   coalesce(a.attstattarget, -1), a.attoptions, a.attfdwoptions, a.attislocal) ORDER BY a.attnum)
    FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`

export const DEFINITIONS: Readonly<Record<string, string>> = {
  extensions: 'SELECT extname, extversion, extnamespace::regnamespace::text AS schema FROM pg_extension',

  relations: `
    SELECT c.oid::regclass::text AS name, c.relkind, c.relpersistence, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relispopulated,
           nullif(c.reloftype, 0)::regtype::text AS of, m.amname AS method, o.reloptions AS toasted, pg_get_partkeydef(c.oid) AS divided,
           pg_get_expr(c.relpartbound, c.oid) AS bound, (SELECT json_agg(inhparent::regclass ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid) AS parents,
           CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS text,
           (SELECT json_build_array(s.srvname, f.ftoptions) FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid) AS remote,
           (${COLUMNS}) AS columns
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am m ON m.oid = c.relam LEFT JOIN pg_class o ON o.oid = c.reltoastrelid
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND n.nspname !~ '^pg_' AND ${own('pg_class', 'c.oid')}`,

  sequences: `
    SELECT seqrelid::regclass::text AS name, seqtypid::regtype::text AS type, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle,
           (SELECT json_agg(json_build_array(d.deptype, ${named('d.refclassid', 'd.refobjid', 'd.refobjsubid')})) FROM pg_depend d
             WHERE d.classid = 'pg_class'::regclass AND d.objid = seqrelid AND d.deptype IN ('a', 'i')) AS of
      FROM pg_sequence WHERE ${own('pg_class', 'seqrelid')}`,

  constraints: `
    SELECT CASE conrelid WHEN 0 THEN contypid::regtype::text ELSE conrelid::regclass::text END AS of, conname, pg_get_constraintdef(oid) AS text,
           convalidated, conislocal, coninhcount
      FROM pg_constraint k
     WHERE oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e' AND e.objid IN (k.conrelid, k.contypid) AND e.objid <> 0)`,

  indexes: `
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS text, i.indisprimary, i.indisvalid, i.indisclustered, i.indisreplident, i.indimmediate,
           (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = i.indexrelid) AS of,
           (SELECT json_agg(json_build_array(attnum, attstattarget) ORDER BY attnum) FROM pg_attribute WHERE attrelid = i.indexrelid AND attstattarget >= 0) AS targets
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname !~ '^pg_' AND ${own('pg_class', 'i.indrelid')}`,

  types: `
    SELECT t.oid::regtype::text AS name, t.typtype, t.typnotnull, pg_get_expr(t.typdefaultbin, 0) AS default, nullif(t.typcollation, 0)::regcollation::text AS collation,
           CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS base,
           (SELECT json_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid) AS labels,
           (SELECT json_build_array(r.rngsubtype::regtype, nullif(r.rngcollation, 0)::regcollation, c.opcname, r.rngcanonical, r.rngsubdiff,
                                    nullif((to_jsonb(r)->>'rngmultitypid')::oid, 0)::regtype) FROM pg_range r JOIN pg_opclass c ON c.oid = r.rngsubopc WHERE r.rngtypid = t.oid) AS range
      FROM pg_type t WHERE t.typtype IN ('d', 'e', 'r') AND ${own('pg_type', 't.oid')}`,

  functions: `
    SELECT oid::regprocedure::text AS name, prokind, pg_get_functiondef(oid) AS text FROM pg_proc WHERE prokind <> 'a' AND ${own('pg_proc', 'oid')}`,

  aggregates: `
    SELECT p.oid::regprocedure::text AS name, a.aggkind, pg_get_function_arguments(p.oid) AS arguments, p.proparallel, aggtransfn::text, aggfinalfn::text, aggcombinefn::text,
           aggmtransfn::text, aggminvtransfn::text, aggtranstype::regtype::text, aggsortop::regoperator::text, agginitval
      FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid WHERE ${own('pg_proc', 'p.oid')}`,

  // Partitions have those of the whole, which some versions call internal.
  triggers: `
    SELECT pg_get_triggerdef(t.oid) AS text, t.tgenabled FROM pg_trigger t LEFT JOIN pg_trigger whole ON whole.oid = t.tgparentid
     WHERE NOT t.tgisinternal AND (whole.oid IS NULL OR whole.tgenabled <> t.tgenabled)`,
  eventTriggers:
    'SELECT evtname, evtevent, evtfoid::regprocedure::text AS runs, evtenabled, evttags FROM pg_event_trigger',
  rules: `SELECT pg_get_ruledef(oid) AS text, ev_enabled FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid >= 16384`,
  policies: 'SELECT * FROM pg_policies',
  statistics:
    'SELECT pg_get_statisticsobjdef(oid) AS text, coalesce(stxstattarget, -1) AS target FROM pg_statistic_ext',

  operators: `
    SELECT oid::regoperator::text AS name, oprcode::regprocedure::text AS runs, nullif(oprcom, 0)::regoperator::text AS commutes, nullif(oprnegate, 0)::regoperator::text AS negates,
           oprrest::text, oprjoin::text, oprcanhash, oprcanmerge FROM pg_operator WHERE ${own('pg_operator', 'oid')}`,
  operatorClasses: `
    SELECT ${named(`'pg_opclass'::regclass`, 'oid')} AS name, opcintype::regtype::text AS type, opcdefault, opckeytype::regtype::text AS key,
           ARRAY(SELECT pg_describe_object(classid, objid, objsubid) FROM pg_depend
                  WHERE refclassid = 'pg_opfamily'::regclass AND refobjid = opcfamily AND classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
                 UNION ALL SELECT pg_describe_object(classid, objid, objsubid) FROM pg_depend
                  WHERE refclassid = 'pg_opclass'::regclass AND refobjid = o.oid AND classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) ORDER BY 1) AS members
      FROM pg_opclass o WHERE ${own('pg_opclass', 'o.oid')}`,
  casts: `
    SELECT castsource::regtype::text AS of, casttarget::regtype::text AS to, castfunc::regprocedure::text AS runs, castcontext, castmethod FROM pg_cast
     WHERE ${own('pg_cast', 'oid')}`,
  collations: `
    SELECT oid::regcollation::text AS name, jsonb_strip_nulls(to_jsonb(c) - ARRAY['oid', 'collname', 'collnamespace', 'collowner', 'collversion']) AS facts FROM pg_collation c
     WHERE ${own('pg_collation', 'oid')}`,
  textSearch: `
    SELECT ${named(`'pg_ts_config'::regclass`, 'c.oid')} AS name, p.prsname AS text,
           (SELECT json_agg(json_build_array(maptokentype, mapseqno, mapdict::regdictionary) ORDER BY maptokentype, mapseqno) FROM pg_ts_config_map WHERE mapcfg = c.oid) AS words
      FROM pg_ts_config c JOIN pg_ts_parser p ON p.oid = c.cfgparser WHERE ${own('pg_ts_config', 'c.oid')}
    UNION ALL
    SELECT ${named(`'pg_ts_dict'::regclass`, 'd.oid')}, d.dictinitoption, to_json(t.tmplname)
      FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = d.dicttemplate WHERE ${own('pg_ts_dict', 'd.oid')}`,
  remotes: `
    SELECT 'wrapper' AS kind, fdwname::text AS name, fdwoptions AS options, NULL AS of FROM pg_foreign_data_wrapper WHERE ${own('pg_foreign_data_wrapper', 'oid')}
    UNION ALL
    SELECT 'server', srvname, srvoptions, (SELECT fdwname FROM pg_foreign_data_wrapper w WHERE w.oid = srvfdw) FROM pg_foreign_server
    UNION ALL
    SELECT 'user', usename, umoptions, srvname FROM pg_user_mappings`,
  publications: `SELECT to_jsonb(p) - ARRAY['oid', 'pubowner'] AS publication, NULL AS published FROM pg_publication p
    UNION ALL SELECT NULL, to_jsonb(t) FROM pg_publication_tables t`,
  subscriptions: `
    SELECT subname, subenabled, subslotname, subpublications FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,

  owners: `SELECT ${named('catalog', 'oid')} AS of, owner::regrole::text FROM (${THINGS}) things WHERE owner IS NOT NULL`,
  rights: `
    SELECT ${named('catalog', 'oid', 'part')} AS on, ${role('a.grantee')} AS to, a.privilege_type, a.is_grantable, ${role('a.grantor')} AS by
      FROM (${THINGS}) things CROSS JOIN LATERAL aclexplode(acl) a`,
  defaultPrivileges: `
    SELECT defaclrole::regrole::text AS of, CASE defaclnamespace WHEN 0 THEN '' ELSE defaclnamespace::regnamespace::text END AS schema, defaclobjtype AS on,
           ${role('a.grantee')} AS to, a.privilege_type, a.is_grantable
      FROM pg_default_acl LEFT JOIN LATERAL aclexplode(defaclacl) a ON true`,
  comments: `
    SELECT ${named('classoid', 'objoid', 'objsubid')} AS on, description FROM pg_description
     WHERE objoid = 'public'::regnamespace OR (objoid >= 16384 AND NOT EXISTS (
       SELECT FROM pg_depend e WHERE e.classid = classoid AND e.objid = objoid AND e.deptype = 'e'))`,
  // Applications keep their oids: they are what rows refer to.
  objects: `SELECT oid, encode(lo_get(oid), 'hex') AS content FROM pg_largeobject_metadata`,
}
