/**
 * The largest tables, and indexes that nothing uses. Sizes are `pg_class.relpages`, which vacuum, analyze and the building
 * of an index bring up to date: measuring a file (`pg_relation_size`) and spelling out an index (`pg_get_indexdef`) lock the
 * table, and would wait where somebody holds it. PostgreSQL 12 to 18.
 */
import { z } from 'zod'
import type { DatabaseTables, UnusedIndex } from '#shared/model/database/tables.ts'
import type { Cost } from '#shared/model/observation.ts'
import { epochMs, json, list, ownerOfToast } from './question.ts'

const TABLES = 50
const INDEXES = 50
/** Of many tables, indexes and TOAST tables the largest are looked at: the largest tables own some of them. */
const LARGEST = 1_000
const INDEX_CANDIDATES = 2_000
/** Used less often than this since the statistics began is hardly used. */
const HARDLY_USED = 50

/** SQL: how many pages all indexes of a table have. */
function pagesOfIndexes(table: string): string {
  return `coalesce((select sum(x.relpages) from pg_index j join pg_class x on x.oid = j.indexrelid
    where j.indrelid = ${table}), 0)::bigint`
}

/**
 * An index that a constraint needs, that holds a uniqueness, that replicas identify rows by, or that belongs to a partitioned
 * one cannot just be dropped. With 100,000 tables the catalogue is read through three times, and no more.
 */
export const TABLES_SQL = `
with relations as (
  select oid, relname, relkind from pg_class where relkind in ('r', 'm', 't', 'i') order by relpages desc limit ${LARGEST}
), owned as (
  select r.relkind, r.oid, r.relname, i.indrelid from relations r left join pg_index i on r.relkind = 'i' and i.indexrelid = r.oid
), owners as (
  select distinct case
      when o.relkind in ('r', 'm') then o.oid
      when o.relkind = 't' then ${ownerOfToast('o')}
      when t.relkind = 't' then ${ownerOfToast('t')}
      else o.indrelid end as oid
  from owned o left join pg_class t on t.oid = o.indrelid
), sizes as (
  select c.oid, c.relname, c.relnamespace, c.reltuples, c.relpages::bigint as heap,
    coalesce(t.relpages, 0)::bigint + ${pagesOfIndexes('t.oid')} as toast, ${pagesOfIndexes('c.oid')} as indexes
  from owners join pg_class c using (oid) left join pg_class t on t.oid = c.reltoastrelid
  where c.relkind in ('r', 'm')
), largest as (
  select * from sizes order by heap + toast + indexes desc, oid limit ${TABLES}
), indexes as (
  select oid, relname, relnamespace, relpages, relam, relispartition from pg_class
  where relkind = 'i' order by relpages desc limit ${INDEX_CANDIDATES}
), spare as (
  select c.oid, c.relname, c.relpages, n.nspname, r.relname as on_table, i.*, pg_stat_get_numscans(c.oid) as scans,
    (select amname from pg_am where pg_am.oid = c.relam) as method
  from indexes c join pg_index i on i.indexrelid = c.oid join pg_class r on r.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
  where not c.relispartition and n.nspname !~ '^pg_' and r.relkind in ('r', 'm')
    and (not i.indisvalid or c.relpages > 1 and not (i.indisunique or i.indisprimary or i.indisexclusion or i.indisreplident))
    and not exists (select from pg_constraint k where k.conindid = c.oid)
)
select
  ${epochMs('clock_timestamp()')} as at,
  current_setting('block_size')::int as block_size,
  (select count(*) from pg_class where relkind in ('r', 'm'))::int as total,
  (select ${epochMs('stats_reset')} from pg_stat_database where datname = current_database()) as statistics_since,
  (select count(*) from pg_stat_replication)::int as standbys,
  ${list(`
    select quote_ident(n.nspname) || '.' || quote_ident(l.relname) as table, heap, toast, indexes, reltuples as rows,
      pg_stat_get_numscans(l.oid) as sequential,
      (select coalesce(sum(pg_stat_get_numscans(indexrelid)), 0) from pg_index where indrelid = l.oid) as by_index,
      ${epochMs(`greatest(pg_stat_get_last_vacuum_time(l.oid), pg_stat_get_last_autovacuum_time(l.oid),
        pg_stat_get_last_analyze_time(l.oid), pg_stat_get_last_autoanalyze_time(l.oid))`)} as counted_at
    from largest l join pg_namespace n on n.oid = l.relnamespace
    order by heap + toast + indexes desc, l.oid`)} as tables,
  ${list(`
    select quote_ident(nspname) || '.' || quote_ident(relname) as index,
      quote_ident(nspname) || '.' || quote_ident(on_table) as table, relpages as pages, scans, indisunique as unique,
      indisvalid as valid, method, indpred is not null as partial,
      (select json_agg(quote_ident(a.attname) order by k.place)
        from unnest(indkey::int2[]) with ordinality k (number, place)
          left join pg_attribute a on a.attrelid = indrelid and a.attnum = k.number and k.number > 0) as columns
    from spare
    where scans < ${HARDLY_USED} or not indisvalid
    order by relpages desc, oid limit ${INDEXES}`)} as indexes`

export const TablesRow = z.object({
  at: z.number(),
  block_size: z.number(),
  total: z.number(),
  statistics_since: z.number().nullable(),
  standbys: z.number(),
  tables: json(
    z.array(
      z.object({
        table: z.string(),
        /** Pages. */
        heap: z.number(),
        toast: z.number(),
        indexes: z.number(),
        rows: z.number(),
        sequential: z.number(),
        by_index: z.number(),
        counted_at: z.number().nullable(),
      }),
    ),
  ),
  indexes: json(
    z.array(
      z.object({
        index: z.string(),
        table: z.string(),
        pages: z.number(),
        scans: z.number(),
        unique: z.boolean(),
        valid: z.boolean(),
        method: z.string(),
        partial: z.boolean(),
        /** `null`: an expression. */
        columns: z.array(z.string().nullable()),
      }),
    ),
  ),
})
type SeenIndex = z.infer<typeof TablesRow>['indexes'][number]

export function tablesOf(row: z.infer<typeof TablesRow>, cost: Cost): DatabaseTables {
  const bytes = (pages: number) => pages * row.block_size
  return {
    at: row.at,
    tables: row.tables.map((seen) => ({
      table: seen.table,
      totalBytes: bytes(seen.heap + seen.toast + seen.indexes),
      tableBytes: bytes(seen.heap),
      indexBytes: bytes(seen.indexes),
      toastBytes: bytes(seen.toast),
      // -1 since PostgreSQL 14, and 0 without pages before it: never counted.
      rows:
        seen.rows < 0 || (seen.rows === 0 && seen.heap === 0 && seen.counted_at === null) ? null : seen.rows,
      sequentialScans: seen.sequential,
      indexScans: seen.by_index,
      countedAt: seen.counted_at,
    })),
    unusedIndexes: row.indexes.map((seen) => unusedIndex(seen, bytes(seen.pages))),
    statisticsSince: row.statistics_since,
    standbys: row.standbys,
    more: row.total - row.tables.length,
    cost,
  }
}

function unusedIndex({ index, table, scans, unique, valid, ...seen }: SeenIndex, bytes: number): UnusedIndex {
  const columns = seen.columns.map((column) => column ?? '(…)').join(', ')
  const definition = `${seen.method} (${columns})${seen.partial ? ' where …' : ''}`
  return { index, table, bytes, scans, unique, valid, definition }
}
