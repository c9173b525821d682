/** The PostgreSQL of a deployment profile. */
import { z } from 'zod'
import { refuseSameNames } from './custom.ts'
import { SecretReference } from './fields.ts'
import { type PostgresUrlFault, readPostgresUrl } from './postgres-url.ts'
import { Query } from './query.ts'
import { TlsIdentity } from './tls.ts'

/** Parameters of the URL that say what a key of `tls` says, too. */
const SAID_TWICE = { sslrootcert: 'authorities', sslcert: 'certificate', sslkey: 'key' } as const

export const Postgres = z
  .strictObject({
    /** As libpq reads it: `postgresql://USER@HOST:PORT,…/DATABASE?sslmode=…`; the user should be a member of `pg_monitor`. */
    url: z.string().superRefine((text, context) => {
      const read = readPostgresUrl(text)
      if ('fault' in read) context.addIssue({ code: 'custom', ...read.fault })
    }),
    password: SecretReference.optional(),
    tls: TlsIdentity.optional(),
    /** Who operations log in as, and nothing else does: what watches has no right to change anything. */
    operate: z
      .strictObject({
        user: z.string().min(1),
        password: SecretReference.optional(),
        /** The database that operations lock in, and from where they make and rename others, where that is not `postgres`. */
        maintenance: z.string().min(1).max(63).optional(),
      })
      .optional(),
    /**
     * The consoles of the PgBouncers before it, one for each server of the URL, and who administers them: a restore pauses their pools while databases
     * change names. Reached over the deployment's way, as PostgreSQL is.
     */
    pooler: z.strictObject({ url: z.string(), password: SecretReference.optional() }).optional(),
    /** Whose backends are the application's; what is left out matches all but Vakhta's own. */
    application: z
      .strictObject({ role: z.string().min(1).optional(), name: z.string().min(1).optional() })
      .default({}),
    /** What else is asked, in the profile's own words. */
    queries: z.array(Query).max(20).default([]),
  })
  .superRefine(({ url, tls, queries, pooler }, context) => {
    refuseSameNames(queries, 'queries', context)
    if (pooler !== undefined) {
      const fault = poolerFault(pooler.url)
      if (fault !== null) context.addIssue({ code: 'custom', path: ['pooler', 'url'], ...fault })
    }
    const read = readPostgresUrl(url)
    if ('fault' in read || tls === undefined) return
    for (const [parameter, key] of Object.entries(SAID_TWICE)) {
      if (read.url[parameter as keyof typeof SAID_TWICE] === null || tls[key] === undefined) continue
      context.addIssue({
        code: 'custom',
        path: ['tls', key],
        message: 'tls-said-twice',
        params: { parameter, key },
      })
    }
  })
export type Postgres = z.infer<typeof Postgres>

/** The database that PgBouncer's console is. */
export const POOLER_CONSOLE = 'pgbouncer'
const POOLER_EXAMPLE = `postgresql://vakhta@127.0.0.1:6432/${POOLER_CONSOLE}`

function poolerFault(text: string): PostgresUrlFault | null {
  const read = readPostgresUrl(text)
  if ('fault' in read) {
    const { message, params } = read.fault
    return { message, params: { ...params, example: POOLER_EXAMPLE } }
  }
  const { database } = read.url
  if (database === POOLER_CONSOLE) return null
  return { message: 'pooler-not-console', params: { found: database, example: POOLER_EXAMPLE } }
}
