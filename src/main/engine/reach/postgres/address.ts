/** What a profile's PostgreSQL URL says: where, as whom, to which database, and how much TLS. */
import { type Postgres, SSL_MODES } from '#shared/model/profile/postgres.ts'
import { bareHost } from '../bare-host.ts'
import type { Place } from '../failed.ts'

export interface PostgresAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly sslmode: (typeof SSL_MODES)[number]
}

export function postgresPlace(postgres: Pick<Postgres, 'url'>): Place {
  const url = new URL(postgres.url)
  return { hop: `PostgreSQL ${url.hostname}:${url.port === '' ? 5432 : url.port}`, on: 'target' }
}

/** The model refused URLs without user or database and with another sslmode; libpq's default is `prefer`. */
export function postgresAddress(postgres: Pick<Postgres, 'url'>): PostgresAddress {
  const url = new URL(postgres.url)
  const sslmode = SSL_MODES.find((mode) => mode === url.searchParams.get('sslmode'))
  return {
    host: bareHost(url.hostname),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    database: decodeURIComponent(url.pathname.slice(1)),
    sslmode: sslmode ?? 'prefer',
  }
}
