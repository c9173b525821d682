/** The PostgreSQL of a deployment in the form. */
import type { Postgres } from '#shared/model/profile/postgres.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'
import { type QueryDraft, queryDraft, queryOf } from './query.ts'
import { referenceOf, type SecretDraft, secretDraft } from './secret.ts'
import { type TlsDraft, tlsDraft, tlsOf } from './tls.ts'

export interface PostgresDraft {
  url: string
  password: SecretDraft
  /** Whose sessions are the application's. */
  application: { role: string; name: string; kept: Kept }
  tls: TlsDraft
  /** Who operations log in as; left out where nothing is operated. */
  operate: { user: string; password: SecretDraft; kept: Kept }
  /** The consoles of PgBouncers; left out where there are none. */
  pooler: { url: string; password: SecretDraft; kept: Kept }
  /** What else is asked. */
  queries: QueryDraft[]
  kept: Kept
}

export const newPostgres = (): PostgresDraft => ({
  ...postgresDraft({ url: '', application: {}, queries: [] }),
  kept: NOTHING_KEPT,
})

export function postgresDraft(postgres: Postgres): PostgresDraft {
  const { application, operate, pooler } = postgres
  return {
    url: postgres.url,
    password: secretDraft(postgres.password),
    application: { role: application.role ?? '', name: application.name ?? '', kept: application },
    tls: tlsDraft(postgres.tls),
    operate: {
      user: operate?.user ?? '',
      password: secretDraft(operate?.password),
      kept: operate ?? NOTHING_KEPT,
    },
    pooler: {
      url: pooler?.url ?? '',
      password: secretDraft(pooler?.password),
      kept: pooler ?? NOTHING_KEPT,
    },
    queries: postgres.queries.map(queryDraft),
    kept: postgres,
  }
}

export function postgresOf({
  url,
  password,
  application,
  tls,
  operate,
  pooler,
  queries,
  kept,
}: PostgresDraft): Record<string, unknown> {
  const operator = operate.user.trim()
  const console = pooler.url.trim()
  return onTop(
    kept,
    {
      url: url.trim(),
      password: referenceOf(password),
      application: onTop(application.kept, {
        role: application.role.trim(),
        name: application.name.trim(),
      }),
      tls: tlsOf(tls),
      operate:
        operator === '' && referenceOf(operate.password) === ''
          ? undefined
          : onTop(operate.kept, { user: operator, password: referenceOf(operate.password) }, ['user']),
      pooler:
        console === '' && referenceOf(pooler.password) === ''
          ? undefined
          : onTop(pooler.kept, { url: console, password: referenceOf(pooler.password) }, ['url']),
      queries: queries.length > 0 || kept.queries !== undefined ? queries.map(queryOf) : undefined,
    },
    ['url'],
  )
}
