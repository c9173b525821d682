/** The work that the service is there for: orders, and a report of them. */
import type { Pool } from 'pg'
import type { Cache } from './cache.ts'

export interface Orders {
  latest(limit: number): Promise<unknown[]>
  one(id: number): Promise<unknown | null>
  place(): Promise<unknown>
  report(): Promise<unknown[]>
}

const CACHED_SECONDS = 300
/** The orders that most people look at; cached at the start, so that the hit rate is what it is from then on. */
export const POPULAR_ORDERS = 12

/** What a query takes that was only ever meant for what the cache lacks now and then. */
const COSTLY_SECONDS = 3

export function createOrders({
  database,
  cache,
  missesAreCostly,
}: {
  database: Pool
  cache: Cache
  missesAreCostly: () => boolean
}): Orders {
  return {
    async latest(limit) {
      const { rows } = await database.query(
        'SELECT id, customer_id, total, status, placed_at FROM orders ORDER BY id DESC LIMIT $1',
        [Math.min(Math.max(limit, 1), 100)],
      )
      return rows
    },
    one: (id) =>
      cache.through(`order:${id}`, CACHED_SECONDS, async () => {
        if (missesAreCostly()) await database.query('SELECT pg_sleep($1)', [COSTLY_SECONDS])
        const { rows } = await database.query(
          `SELECT orders.id, customers.name AS customer, total, status, placed_at
             FROM orders JOIN customers ON customers.id = customer_id WHERE orders.id = $1`,
          [id],
        )
        return rows[0] ?? null
      }),
    async place() {
      const { rows } = await database.query(
        `INSERT INTO orders (customer_id, total, status)
         SELECT id, round((random() * 200 + 5)::numeric, 2), 'placed' FROM customers
         OFFSET floor(random() * 200) LIMIT 1 RETURNING id, total, status, placed_at`,
      )
      return rows[0]
    },
    report: () =>
      cache.through('report:by-status', 30, async () => {
        const { rows } = await database.query(
          'SELECT status, count(*)::int AS orders, sum(total) AS total FROM orders GROUP BY status ORDER BY status',
        )
        return rows
      }),
  }
}
