/** What the well-known images of containers are. */
import type { ServiceFound } from './sketch.ts'

export type Role = 'postgres' | 'pgbouncer' | 'redis' | 'sentinel' | 'tool' | 'other-store' | 'proxy' | 'web'

const ROLES: readonly (readonly [RegExp, Role])[] = [
  [
    /(^|-)(exporter|pgadmin4?|adminer|mailhog|mailpit|maildev|flower|redis-commander|redisinsight|promtail|loki|tempo|watchtower|certbot|dozzle|portainer(-ce)?|cadvisor|busybox|alpine|fluentd|fluent-bit|otel-collector|opentelemetry-collector(-contrib)?|jaeger|all-in-one|backup|postgres-backup-\w+)$/,
    'tool',
  ],
  [/pgbouncer|pgcat|odyssey|pgpool/, 'pgbouncer'],
  [/^(redis-sentinel|valkey-sentinel)$/, 'sentinel'],
  [
    /^(postgres|postgresql|postgis|timescaledb|timescaledb-ha|pgvector|postgresql-repmgr|spilo(-\d+)?|supabase-postgres|pgvecto-rs|paradedb|citus)$/,
    'postgres',
  ],
  [/^(redis|valkey|redis-stack|redis-stack-server|keydb|dragonfly|valkey-bundle|redis-alpine)$/, 'redis'],
  [
    /^(mysql|mysql-server|mariadb|percona|mongo|mongodb|mongodb-community-server|rabbitmq|kafka|cp-kafka|zookeeper|cp-zookeeper|memcached|cassandra|scylla|clickhouse|clickhouse-server|nats|mssql|server|neo4j|etcd|redpanda|couchdb|influxdb)$/,
    'other-store',
  ],
  [/^(nginx|nginx-unprivileged|openresty|caddy|traefik|httpd|haproxy|envoy|angie)$/, 'proxy'],
]

/** `null` of what is built from source, or of an image that nobody here knows: it may serve HTTP. */
export function roleOf(image: string | null): Role | null {
  if (image === null) return null
  const name = nameOf(image)
  return ROLES.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** `postgres` of `docker.io/library/postgres:16-alpine@sha256:…`. */
function nameOf(image: string): string {
  const path = image.split('@', 1)[0] ?? ''
  return (path.split('/').at(-1) ?? '').split(':', 1)[0]?.toLowerCase() ?? ''
}

/** Where services that everybody runs say how they are. */
const PATHS: readonly (readonly [RegExp, Required<Pick<ServiceFound, 'live' | 'ready' | 'metrics'>>])[] = [
  [/^(minio)$/, { live: '/minio/health/live', ready: '/minio/health/ready', metrics: null }],
  [/^(prometheus|alertmanager)$/, { live: '/-/healthy', ready: '/-/ready', metrics: '/metrics' }],
  [/^(grafana|grafana-oss|grafana-enterprise)$/, { live: '/api/health', ready: null, metrics: '/metrics' }],
  [/^(elasticsearch|opensearch)$/, { live: '/', ready: '/_cluster/health', metrics: null }],
  [/^(meilisearch)$/, { live: '/health', ready: null, metrics: null }],
  [
    /^(nginx|nginx-unprivileged|openresty|caddy|traefik|httpd|haproxy|envoy|angie)$/,
    { live: '/', ready: null, metrics: null },
  ],
]

/** `null` where the image is not known. */
export function pathsOf(image: string | null) {
  const name = image === null ? '' : nameOf(image)
  return PATHS.find(([pattern]) => pattern.test(name))?.[1] ?? null
}
