/** What a profile's PostgreSQL URL says, as the way there wants it: the endpoints, and how people name them. */
import type { SecretReference } from '#shared/model/profile/fields.ts'
import type { Postgres } from '#shared/model/profile/postgres.ts'
import {
  type PostgresServer,
  type PostgresUrl,
  parsePostgresUrl,
} from '#shared/model/profile/postgres-url.ts'
import type { TlsCheck, TlsIdentity } from '#shared/model/profile/tls.ts'
import type { Place } from '../failed.ts'
import type { Endpoint } from '../way.ts'

export function postgresUrl({ url }: Pick<Postgres, 'url'>): PostgresUrl {
  return parsePostgresUrl(url)
}

/** All of its servers under one name, for as long as none of them is connected. */
export function postgresPlace(postgres: Pick<Postgres, 'url'>): Place {
  const { servers } = postgresUrl(postgres)
  return { hop: `PostgreSQL ${servers.map(serverName).join(',')}`, on: 'target' }
}

export function serverPlace(server: PostgresServer): Place {
  return { hop: `PostgreSQL ${serverName(server)}`, on: 'target' }
}

export function serverName({ host, port }: PostgresServer): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

export function isSocketFile({ host }: PostgresServer): boolean {
  return host.startsWith('/')
}

/** A directory stands for the socket that PostgreSQL makes in it. */
export function endpointOf(server: PostgresServer): Endpoint {
  const { host, port } = server
  return isSocketFile(server) ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
}

/** A root certificate makes weaker modes check the chain, as it does for libpq (table 34.1 of its manual). */
export function tlsCheck({ sslmode }: PostgresUrl, identity: TlsIdentity): TlsCheck {
  if (sslmode === 'verify-full') return 'full'
  return sslmode === 'verify-ca' || identity.authorities !== undefined ? 'ca' : 'none'
}

/** Whom to trust and who we are: from the URL, as far as that says it, and from the profile. */
export function tlsIdentity(
  { sslrootcert, sslcert, sslkey }: PostgresUrl,
  tls: TlsIdentity = {},
): TlsIdentity {
  const file = (path: string): SecretReference => `file:${path}`
  return {
    ...tls,
    ...(sslrootcert === null || sslrootcert === 'system' ? {} : { authorities: file(sslrootcert) }),
    ...(sslcert === null ? {} : { certificate: file(sslcert) }),
    ...(sslkey === null ? {} : { key: file(sslkey) }),
  }
}
