/** What simulated deployments are made of: one real PostgreSQL, Redis and HTTP service on loopback, under many names. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { startPostgres } from '../../demo/servers/postgres.ts'
import { startRedis } from '../../demo/servers/redis.ts'
import type { ConsoleProcess } from './console-process.ts'

export interface Targets {
  /** Brings `count` deployments with all five probes into a console, in one import. */
  deploy(console: ConsoleProcess, count: number): Promise<void>
  /** Asks all of it by the drivers alone, as often as five probes of `count` deployments would. */
  watchBarely(count: number): Promise<{ readonly pid: number; stop(): Promise<void> }>
  /** Client connections that PostgreSQL has from Vakhta. */
  watchingConnections(): Promise<number>
  stop(): Promise<void>
}

export async function startTargets({ maxConnections }: { maxConnections: number }): Promise<Targets> {
  const [postgres, redis, service] = await Promise.all([
    startPostgres({ settings: { max_connections: maxConnections } }),
    startRedis({ password: null }),
    startService(),
  ])
  return {
    async deploy(console, count) {
      await console.ask('PUT', '/api/v1/secrets/bench-postgres', { value: postgres.password })
      const documents = Array.from({ length: count }, (_, index) =>
        stringify({
          name: `bench-${String(index).padStart(3, '0')}`,
          environment: 'staging',
          services: [{ name: 'api', url: service.url, pool: { size: 10, overflow: 10 } }],
          postgres: {
            url: `postgresql://${postgres.user}@127.0.0.1:${postgres.port}/postgres`,
            password: 'secret:bench-postgres',
          },
          redis: [{ name: 'main', url: `redis://127.0.0.1:${redis.port}/0` }],
          hosts: [{ name: 'here', over: 'local' }],
        }),
      )
      await console.ask('POST', '/api/v1/deployments/import', { yaml: documents.join('---\n') })
    },
    async watchBarely(count) {
      const password = encodeURIComponent(postgres.password)
      const child = spawn(
        process.execPath,
        [
          ...[join(import.meta.dirname, 'children/bare-watch.ts'), String(count)],
          `postgresql://${postgres.user}:${password}@127.0.0.1:${postgres.port}/postgres`,
          ...[`redis://127.0.0.1:${redis.port}/0`, service.url],
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      )
      const ended = once(child, 'exit')
      await Promise.race([
        once(child.stdout, 'data'),
        ended.then(() => Promise.reject(new Error('it ended before it watched'))),
      ])
      return {
        pid: child.pid ?? 0,
        async stop() {
          child.kill('SIGTERM')
          await ended
        },
      }
    },
    async watchingConnections() {
      const rows = await postgres.query(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'vakhta'",
      )
      return Number(rows[0]?.n)
    },
    async stop() {
      await Promise.all([postgres.stop(), redis.stop(), service.stop()])
    },
  }
}

/** A service that answers its endpoints at once and counts its requests, as a well-behaved one does. */
export async function startService() {
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    if (request.url === '/metrics') response.end(exposition(requests))
    else
      response
        .setHeader('content-type', 'application/json')
        .end('{"status":"ok","dependencies":{"database":"ok","redis":"ok"}}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Twenty paths with a histogram each: the size of a small service's exposition. */
function exposition(requests: number): string {
  const buckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  const lines = ['# TYPE http_requests_total counter', '# TYPE http_request_duration_seconds histogram']
  for (let path = 0; path < 20; path += 1) {
    const labels = `method="GET",path="/p${path}"`
    lines.push(`http_requests_total{${labels},status="200"} ${requests}`)
    for (const bucket of buckets)
      lines.push(`http_request_duration_seconds_bucket{${labels},le="${bucket}"} ${requests}`)
    lines.push(
      `http_request_duration_seconds_bucket{${labels},le="+Inf"} ${requests}`,
      `http_request_duration_seconds_sum{${labels}} ${requests * 0.02}`,
      `http_request_duration_seconds_count{${labels}} ${requests}`,
    )
  }
  return `${lines.join('\n')}\n`
}
