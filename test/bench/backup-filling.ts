/** What the benches of backups have in their databases. */
import type { PostgresServer } from '../../demo/servers/postgres.ts'

const TABLES = 4
const BYTES_A_ROW = 208

/** Rows as applications have them: numbers, short texts, some of it repeated. */
export async function fill(server: PostgresServer, mebibytes: number, database = 'postgres'): Promise<void> {
  for (let table = 1; table <= TABLES; table += 1) {
    await server.query(
      `CREATE TABLE orders_${table} AS SELECT g AS id, md5(g::text) AS token, repeat(md5((g % 1000)::text), 3) AS note, now() AS at
         FROM generate_series(1, ${Math.round((mebibytes * 1_048_576) / TABLES / BYTES_A_ROW)}) g`,
      { database },
    )
  }
  await server.query('VACUUM ANALYZE', { database })
}
