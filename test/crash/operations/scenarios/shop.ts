/** A database whose rows take as long to restore as somebody wants, a backup of it that a console knows, and all that there is on its server. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { PostgresServer } from '../../../../demo/servers/postgres.ts'
import { postgresDirectories, requireProgram } from '../../../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../../../demo/servers/temporary-directory.ts'
import type { DeploymentProfileInput } from '../../../../src/shared/model/profile/deployment.ts'
import { until } from '../../../support/until.ts'
import { count, isFree, secretFile } from '../scenario.ts'
import { consoleThat, done, PATIENCE } from './known.ts'

export interface Shop {
  readonly profile: DeploymentProfileInput
  /** A console's directory that knows the backup. */
  readonly known: string
  readonly backup: string
  /** Where backups are kept. */
  readonly place: string
  /** The rows that are restored wait on the server. */
  hold(): Promise<void>
  reached(): Promise<void>
  letGo(): Promise<void>
  remove(): Promise<void>
}

/**
 * A check that is looked at for each row: it waits for as long as there is a role of that name, or, on a server that is thrown away, which is reached over a
 * socket alone and where it may look at nothing else, for a moment.
 */
const WAITS = `
  CREATE FUNCTION waits() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    WHILE EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'stall') LOOP PERFORM pg_catalog.pg_sleep(0.1); END LOOP;
    IF pg_catalog.inet_client_addr() IS NULL THEN PERFORM pg_catalog.pg_sleep(1.5); END IF;
    RETURN true; END $$;`

/**
 * @param sql makes what is in the database, where there is a function `waits()` that is true
 * @param pooler of the profile
 * @param watched the database that the console connects to
 * @param more of how backups are made
 */
export async function openShop(
  server: PostgresServer,
  sql: string,
  {
    pooler,
    watched = 'shop',
    more = {},
  }: {
    readonly pooler?: { readonly port: number }
    readonly watched?: string
    readonly more?: Partial<DeploymentProfileInput['backups']>
  } = {},
): Promise<Shop> {
  const home = createTemporaryDirectory('shop')
  const place = join(home.path, 'kept')
  await server.query('CREATE DATABASE shop')
  await server.query(WAITS, { database: 'shop' })
  await server.query(sql, { database: 'shop' })
  const password = secretFile(server.password)
  const profile: DeploymentProfileInput = {
    ...{ name: 'shop', environment: 'staging' },
    postgres: {
      url: `postgresql://postgres@127.0.0.1:${server.port}/${watched}`,
      ...{ password, operate: { user: 'postgres', password } },
      ...(pooler !== undefined && {
        pooler: {
          url: `postgresql://console@127.0.0.1:${pooler.port}/pgbouncer?sslmode=disable`,
          password: secretFile('console'),
        },
      }),
    },
    backups: { store: { kind: 'local', directory: place }, databases: ['shop'], ...more },
  }
  const console = await consoleThat(profile, async (one) => {
    const made = await done(one, 'backup', {})
    await until(() => isFree(server).then(() => true), { ...PATIENCE, what: 'a target that is free' })
    return made
  })
  return {
    ...{ profile, place, known: console.directory, backup: String(console.made.result.backup) },
    hold: async () => void (await server.query('CREATE ROLE stall')),
    reached: async () =>
      void (await until(async () => (await count(server, `wait_event = 'PgSleep'`)) > 0, {
        ...{ what: 'rows that are restored', timeoutMs: 60_000 },
      })),
    letGo: async () => void (await server.query('DROP ROLE IF EXISTS stall')),
    async remove() {
      await console.remove()
      await home.remove()
    },
  }
}

/** Every database, role and setting of a server, in words that two looks can be compared by. */
export function everythingOn({ port, password }: PostgresServer): string {
  const dumpall = requireProgram('pg_dumpall', postgresDirectories())
  const text = execFileSync(dumpall, ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres'], {
    ...{ env: { ...process.env, PGPASSWORD: password }, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  })
  // A word that is another one each time.
  return text.replaceAll(/^\\(un)?restrict .*$/gm, '')
}

/** @throws the first lines that differ */
export function requireSame(now: string, before: string): void {
  if (now === before) return
  const [lines, wanted] = [now.split('\n'), before.split('\n')]
  const missing = wanted.filter((line) => !lines.includes(line)).slice(0, 5)
  const added = lines.filter((line) => !wanted.includes(line)).slice(0, 5)
  throw new Error(`not as before: gone ${JSON.stringify(missing)}, new ${JSON.stringify(added)}`)
}

/** Names of databases, roles, and schemas of the database, but those that are always there. */
export async function namesOn(server: PostgresServer, database: string) {
  const [names] = await server.query(
    `SELECT ARRAY(SELECT datname::text FROM pg_database WHERE datname !~ '^(postgres|template.)$' ORDER BY 1) AS databases,
            ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname !~ '^(pg_|postgres|watcher|operator|app$)' ORDER BY 1) AS roles,
            ARRAY(SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public)' ORDER BY 1) AS schemas`,
    { database },
  )
  return names as { databases: string[]; roles: string[]; schemas: string[] }
}
