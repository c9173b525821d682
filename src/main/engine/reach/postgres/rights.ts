/** What a role may do, as far as it matters: to see for watching, to stop statements for operating, and nothing beyond. */
import type { StepDetail } from '#shared/model/failure.ts'
import type { PostgresConnection } from './connection.ts'

export interface WatcherRights {
  readonly superuser: boolean
  readonly monitor: boolean
  /** May change some table that is not the system's, or make databases or roles. */
  readonly writes: boolean
}

/** Stops at the first table that may be changed. PostgreSQL 12 to 18. */
export const WATCHER_SQL = `
  SELECT rolsuper AS superuser,
         pg_catalog.pg_has_role(current_user, 'pg_monitor', 'member') AS monitor,
         rolcreatedb OR rolcreaterole OR EXISTS (
           SELECT FROM pg_catalog.pg_class c
           WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
             AND c.relnamespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace
                                        WHERE nspname ~ '^pg_' OR nspname = 'information_schema')
             AND pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
         ) AS writes
  FROM pg_catalog.pg_roles WHERE rolname = current_user`

export function watcherDetail(
  { superuser, writes }: WatcherRights,
  { backend }: Pick<PostgresConnection, 'backend'>,
  role: string,
): StepDetail {
  const rights = superuser ? 'superuser' : 'pg_monitor'
  const through = backend === null ? ', pooler' : ''
  const facts = `${rights}, ${role}${through}`
  if (superuser) return { code: 'rights-superuser', params: { facts } }
  if (writes) return { code: 'rights-writes', params: { facts } }
  if (backend === null) return { code: 'rights-pooled', params: { facts } }
  return facts
}

export interface OperatorRights {
  readonly superuser: boolean
  readonly signals: boolean
}

export const OPERATOR_SQL = `
  SELECT rolsuper AS superuser, pg_catalog.pg_has_role(current_user, 'pg_signal_backend', 'member') AS signals
  FROM pg_catalog.pg_roles WHERE rolname = current_user`

export function operatorDetail({ superuser }: OperatorRights): StepDetail {
  return superuser ? 'superuser' : 'pg_signal_backend'
}
