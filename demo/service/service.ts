/** The HTTP service of a demo deployment: orders over a bounded pool and a cache, as a hundred others are. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { waitUntil } from '../wait-until.ts'
import { createCache } from './cache.ts'
import { createDatabase, databaseTrouble } from './database.ts'
import { createFaults, type Faults } from './faults.ts'
import { createServiceLog } from './log.ts'
import { createMonitoring } from './monitoring.ts'
import { createOrders, POPULAR_ORDERS } from './orders.ts'
import { readiness } from './readiness.ts'
import { createRequestMetrics } from './request-metrics.ts'
import type { ServiceSettings } from './settings.ts'

/** How long requests under way may take to end when the service stops. */
const DRAIN_MS = 2_000
/** A request that takes longer is worth a warning in the log. */
const SLOW_SECONDS = 1

export interface Service {
  readonly faults: Faults
  /** Takes no further request, lets those under way end, and closes its connections. */
  stop(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
  /** Plain text in place of JSON. */
  readonly text?: string
  readonly retryAfterSeconds?: number
}

const LIMITED: Answer = { status: 429, body: { error: 'Too many requests.' }, retryAfterSeconds: 5 }

interface Route {
  readonly method: string
  /** As the metrics know it. */
  readonly path: string
  readonly pattern: RegExp
  /** What orchestration asks is not counted as traffic. */
  readonly counted: boolean
  readonly handle: (url: URL, match: RegExpExecArray) => Promise<Answer>
}

export async function startService(settings: ServiceSettings): Promise<Service> {
  const database = createDatabase(settings)
  const cache = createCache(settings)
  const metrics = createRequestMetrics()
  const log = createServiceLog(settings)
  const faults = createFaults({ database, poolSize: settings.poolSize, version: settings.version })
  const orders = createOrders({ database, cache, missesAreCostly: faults.requests.missesAreCostly })
  const monitoring = createMonitoring({ settings, database, cache })

  const json = (body: unknown, status = 200): Answer => ({ status, body })
  const route = (method: string, path: string, handle: Route['handle'], counted = true): Route => ({
    method,
    path,
    pattern: new RegExp(`^${path.replace(':id', '(\\d{1,9})').replace(':name', '([a-z/-]+)')}$`),
    counted,
    handle,
  })
  const routes: Route[] = [
    route('GET', '/health', async () => json({ status: 'live', version: settings.version }), false),
    route(
      'GET',
      '/ready',
      async () => {
        const answer = await readiness({ database, cache, has: faults.has })
        return json(answer, answer.status === 'ready' ? 200 : 503)
      },
      false,
    ),
    route(
      'GET',
      '/metrics',
      async () => ({
        status: 200,
        body: null,
        text: metrics.exposition({
          db_pool_connections: { help: 'Open connections to PostgreSQL.', value: database.totalCount },
          db_pool_waiting_requests: {
            help: 'Requests that wait for a connection.',
            value: database.waitingCount,
          },
        }),
      }),
      false,
    ),
    route(
      'GET',
      '/api/v1/monitoring/:name',
      async (url, match) => {
        const answer = monitoring[match[1] ?? '']
        return answer === undefined ? notFound(url) : json(await answer(url.searchParams))
      },
      false,
    ),
    route('GET', '/orders', async (url) =>
      json(await orders.latest(Number(url.searchParams.get('limit')) || 20)),
    ),
    route('POST', '/orders', async () => json(await orders.place(), 201)),
    route('GET', '/orders/:id', async (url, match) => {
      const order = await orders.one(Number(match[1]))
      return order === null ? notFound(url) : json(order)
    }),
    route('GET', '/reports', async () => json(await orders.report())),
  ]

  const answer = async (
    request: IncomingMessage,
  ): Promise<{ path: string; counted: boolean; answer: Answer }> => {
    const url = new URL(request.url ?? '/', 'http://service')
    for (const { method, path, pattern, counted, handle } of routes) {
      const match = pattern.exec(url.pathname)
      if (match === null || method !== request.method) continue
      if (faults.requests.isLimited()) return { path, counted, answer: LIMITED }
      try {
        if (counted) await faults.requests.beforeAnswer(path)
        return { path, counted, answer: await handle(url, match) }
      } catch (error) {
        const trouble = databaseTrouble(error)
        log.failed(`${method} ${path}: ${trouble}`, error, {
          pool_size: settings.poolSize,
          in_use: database.totalCount - database.idleCount,
          waiting: database.waitingCount,
        })
        const status = trouble.startsWith('no free connection') ? 503 : 500
        return { path, counted, answer: json({ error: 'The database did not answer in time.' }, status) }
      }
    }
    return { path: 'unmatched', counted: true, answer: notFound(url) }
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const began = performance.now()
    request.resume()
    void answer(request).then(({ path, counted, answer: { status, body, text, retryAfterSeconds } }) => {
      const type = text === undefined ? 'application/json' : 'text/plain; version=0.0.4'
      response.writeHead(status, {
        'content-type': type,
        'cache-control': 'no-store',
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      })
      response.end(text ?? JSON.stringify(body))
      if (!counted) return
      const seconds = (performance.now() - began) / 1_000
      const { method = 'GET', url } = request
      metrics.count({ method, path, status, seconds })
      const level = status >= 500 ? 'error' : status === 429 || seconds > SLOW_SECONDS ? 'warning' : 'info'
      log.write(level, `${method} ${path} answered ${status}`, {
        method,
        path: url,
        status,
        duration_ms: Math.round(seconds * 1_000),
      })
    })
  })

  await database.query('SELECT 1')
  await waitUntil('a connection to Redis', () => cache.redis.status === 'ready')
  for (let id = 1; id <= POPULAR_ORDERS; id += 1) await orders.one(id)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.port, '127.0.0.1', resolve)
  })
  log.write('info', `serving version ${settings.version}`, {
    pool_size: settings.poolSize,
    port: settings.port,
  })
  return {
    faults,
    async stop() {
      log.write('info', 'stopping')
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
      await Promise.all([closed, faults.endAll()])
      clearTimeout(timer)
      cache.close()
      await database.end()
    },
  }
}

function notFound(url: URL): Answer {
  return { status: 404, body: { error: `there is no ${url.pathname}` } }
}
