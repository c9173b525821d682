/** The PostgreSQL of a deployment profile. */
import { z } from 'zod'
import { SecretReference, url } from './fields.ts'
import { TlsIdentity } from './tls.ts'

export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-full'] as const
const POSTGRES_EXAMPLE = 'postgresql://vakhta@db.internal:5432/shop'

function refusePostgresUrl(parsed: URL) {
  const params = { example: POSTGRES_EXAMPLE }
  if (parsed.username === '') return { message: 'missing-user', params }
  if (parsed.pathname.length < 2) return { message: 'missing-database', params }
  for (const [key, value] of parsed.searchParams) {
    if (key !== 'sslmode')
      return { message: 'unknown-url-parameter', params: { found: key, known: 'sslmode' } }
    if (!SSL_MODES.some((mode) => mode === value)) return { message: 'bad-sslmode', params: { found: value } }
  }
  return null
}

export const Postgres = z.strictObject({
  /** `postgresql://USER@HOST:PORT/DATABASE?sslmode=…`; the user should be a member of `pg_monitor`. */
  url: url({ schemes: ['postgresql:', 'postgres:'], example: POSTGRES_EXAMPLE, refuse: refusePostgresUrl }),
  password: SecretReference.optional(),
  tls: TlsIdentity.optional(),
  /** Who operations log in as, and nothing else does: what watches has no right to change anything. */
  operate: z.strictObject({ user: z.string().min(1), password: SecretReference.optional() }).optional(),
  /** Whose backends are the application's; what is left out matches all but Vakhta's own. */
  application: z
    .strictObject({ role: z.string().min(1).optional(), name: z.string().min(1).optional() })
    .default({}),
})
export type Postgres = z.infer<typeof Postgres>
