/**
 * What watching costs a PostgreSQL, as that server's own `pg_stat_statements` counts it, while an application works on it: the
 * console, the server and the load are real.
 */
import { setTimeout as pass } from 'node:timers/promises'
import { Pool } from 'pg'
import { startPostgres } from '../../demo/servers/postgres.ts'
import { partOf, statementsOf, together } from '../support/own-statements.ts'
import { startConsole } from './console-process.ts'
import type { BenchLine } from './line.ts'

const SETTLE_MS = 15_000
const MEASURE_MS = 120_000
const CLIENTS = 20
const TABLES = 500
/** Milliseconds of one processor in a minute: a thousandth of it. */
const MOST_MS_PER_MINUTE = 60
/** Who reads a page of the catalogue may have to tidy it up, which is logged. */
const MOST_WAL_PER_MINUTE = 1_024

export async function benchOwnCost(): Promise<BenchLine[]> {
  const postgres = await startPostgres({
    settings: {
      shared_preload_libraries: "'pg_stat_statements'",
      'pg_stat_statements.track_planning': 'on',
      max_connections: 80,
    },
  })
  const console = await startConsole()
  let load: { stop(): Promise<void> } | null = null
  try {
    await postgres.query(
      `create extension pg_stat_statements; create role watcher login password 'watch' in role pg_monitor;
       create role shop login password 'shop'; grant all on schema public to shop`,
    )
    await postgres.query(
      `do $$ begin for g in 1..${TABLES} loop execute format('create table t%s (id int primary key, n int)', g); end loop; end $$;
       insert into t1 select g, 0 from generate_series(1, 1000) g; grant all on all tables in schema public to shop`,
    )
    load = startLoad(postgres.port)
    await console.ask('PUT', '/api/v1/secrets/watch', { value: 'watch' })
    const profile = {
      name: 'shop',
      environment: 'staging',
      postgres: {
        url: `postgresql://watcher@127.0.0.1:${postgres.port}/postgres`,
        password: 'secret:watch',
        application: { role: 'shop' },
      },
    }
    await console.ask('PUT', '/api/v1/deployments', { profile })
    await pass(SETTLE_MS)
    await postgres.query('select pg_stat_statements_reset()')
    await pass(MEASURE_MS)
    const [own, others] = [await statementsOf(postgres, 'watcher'), await statementsOf(postgres, 'shop')]
    const minutes = MEASURE_MS / 60_000
    const all = together(own)
    const share = (all.totalMs / (all.totalMs + together(others).totalMs)) * 100
    const parts = [...new Set(own.map(({ statement }) => partOf(statement)))].map((part): BenchLine => {
      const spent = together(own.filter(({ statement }) => partOf(statement) === part))
      return {
        name: `own statements: ${part}`,
        budget: '',
        value: `${(spent.calls / minutes).toFixed(1)} calls/min, ${(spent.totalMs / spent.calls).toFixed(2)} ms each, ${(spent.rows / spent.calls).toFixed(1)} rows, ${(spent.blocksHit / spent.calls).toFixed(0)} blocks`,
        ok: true,
      }
    })
    return [
      {
        name: `server time of Vakhta, ${CLIENTS} clients, ${TABLES} tables`,
        budget: `≤ ${MOST_MS_PER_MINUTE} ms/min`,
        value: `${(all.totalMs / minutes).toFixed(1)} ms/min`,
        peer: `${(together(others).totalMs / minutes).toFixed(0)} ms/min of the application: ${share.toFixed(2)} % of all is ours`,
        ok: all.totalMs / minutes <= MOST_MS_PER_MINUTE,
      },
      {
        name: 'temporary blocks of Vakhta; bytes of WAL, from reading',
        budget: `0; ≤ ${MOST_WAL_PER_MINUTE} /min`,
        value: `${all.tempBlocks}; ${(all.walBytes / minutes).toFixed(0)} /min`,
        ok: all.tempBlocks === 0 && all.walBytes / minutes <= MOST_WAL_PER_MINUTE,
      },
      ...parts,
    ]
  } finally {
    await load?.stop()
    await console.stop()
    await postgres.stop()
  }
}

/** Clients that read, write and wait for each other, without a pause. */
function startLoad(port: number): { stop(): Promise<void> } {
  const pool = new Pool({
    connectionString: `postgresql://shop:shop@127.0.0.1:${port}/postgres`,
    max: CLIENTS,
    application_name: 'shop-web',
  })
  pool.on('error', () => {})
  let stopping = false
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!stopping) {
      const id = 1 + Math.floor(Math.random() * 1_000)
      await pool.query('update t1 set n = n + 1 where id = $1', [id])
      await pool.query('select count(*) from t1 where n > $1', [id % 10])
      await pass(20)
    }
  })
  return {
    async stop() {
      stopping = true
      await Promise.allSettled(clients)
      await pool.end()
    },
  }
}
