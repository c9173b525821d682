/** The database of one demo deployment: its roles, its tables and some rows. */
import type { Client } from 'pg'
import type { PostgresServer } from './servers/postgres.ts'
import { SCHEMA_REVISION } from './service/settings.ts'

/** The role that Vakhta watches with, in every database: `pg_monitor`, and nothing else. */
export const WATCH_ROLE = 'vakhta'

const CUSTOMERS = 200
const ORDERS = 5_000
const SHIPMENTS = 1_500

export interface DatabaseRoles {
  /** The application's own login. */
  readonly application: { readonly user: string; readonly password: string }
  /** Owns the tables; migrations run as it. */
  readonly owner: { readonly user: string; readonly password: string }
}

/** Creates the watch role; once for a server. Passwords are of our own making and need no escaping. */
export async function createWatchRole(postgres: PostgresServer, password: string): Promise<void> {
  await postgres.query(
    `CREATE ROLE ${WATCH_ROLE} LOGIN PASSWORD '${password}' CONNECTION LIMIT 20; GRANT pg_monitor TO ${WATCH_ROLE}`,
  )
}

/**
 * The role that Vakhta operates with, while it does: it sees who runs what, may signal them, reads what is backed up, and
 * restores it. A superuser, because nobody else may create pg_stat_statements again in what is restored.
 */
export const OPERATE_ROLE = 'vakhta_operate'

export async function createOperateRole(postgres: PostgresServer, password: string): Promise<void> {
  await postgres.query(
    `CREATE ROLE ${OPERATE_ROLE} LOGIN SUPERUSER PASSWORD '${password}' CONNECTION LIMIT 10`,
  )
}

/**
 * Has the server count statements, where the library for that is installed (on Debian it comes with PostgreSQL); once for a
 * server, before anything else: it starts it again.
 */
export async function countStatements(postgres: PostgresServer): Promise<void> {
  if (!(await hasStatementStatistics(postgres))) return
  await postgres.query(`ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`)
  await postgres.restart()
}

async function hasStatementStatistics(postgres: PostgresServer): Promise<boolean> {
  const found = await postgres.query(`SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements'`)
  return found.length > 0
}

/** Creates the database `name` with its roles `name` and `name_owner`, its tables and rows. */
export async function createDatabaseFor(
  postgres: PostgresServer,
  name: string,
  roles: DatabaseRoles,
): Promise<void> {
  const { application, owner } = roles
  await postgres.query(`CREATE ROLE ${application.user} LOGIN PASSWORD '${application.password}'`)
  await postgres.query(`CREATE ROLE ${owner.user} LOGIN PASSWORD '${owner.password}'`)
  await postgres.query(`CREATE DATABASE ${name} OWNER ${owner.user}`)
  if (await hasStatementStatistics(postgres)) {
    await postgres.query('CREATE EXTENSION pg_stat_statements', { database: name })
  }
  const client = await postgres.connect(name)
  try {
    await fill(client, roles)
  } finally {
    await client.end()
  }
}

async function fill(client: Client, { application, owner }: DatabaseRoles): Promise<void> {
  await client.query(`
    SET ROLE ${owner.user};
    CREATE TABLE schema_revision (revision integer NOT NULL);
    INSERT INTO schema_revision VALUES (${SCHEMA_REVISION});
    CREATE TABLE customers (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
    INSERT INTO customers (name) SELECT 'Customer ' || number FROM generate_series(1, ${CUSTOMERS}) AS number;
    CREATE TABLE orders (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      customer_id integer NOT NULL REFERENCES customers,
      total numeric(10, 2) NOT NULL,
      status text NOT NULL,
      placed_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX orders_customer_id ON orders (customer_id);
    INSERT INTO orders (customer_id, total, status, placed_at)
      SELECT 1 + number % ${CUSTOMERS}, 5 + number % 200, (ARRAY['placed', 'paid', 'sent'])[1 + number % 3],
             now() - make_interval(mins => ${ORDERS} - number)
        FROM generate_series(1, ${ORDERS}) AS number;
    CREATE TABLE shipments (order_id integer NOT NULL, region text NOT NULL) PARTITION BY LIST (region);
    CREATE TABLE shipments_inland PARTITION OF shipments FOR VALUES IN ('inland');
    CREATE TABLE shipments_abroad PARTITION OF shipments FOR VALUES IN ('abroad');
    INSERT INTO shipments
      SELECT number, CASE WHEN number % 5 = 0 THEN 'abroad' ELSE 'inland' END FROM generate_series(1, ${SHIPMENTS}) AS number;
    GRANT SELECT ON schema_revision, customers TO ${application.user};
    GRANT SELECT, INSERT, UPDATE ON orders TO ${application.user};
    RESET ROLE;
    ANALYZE`)
}
