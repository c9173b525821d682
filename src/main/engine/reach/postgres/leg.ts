/** Tests the way to a PostgreSQL: the login, and whether the role may see what is watched. */
import type { Postgres } from '#shared/model/profile/postgres.ts'
import { within } from '../deadline.ts'
import { failed } from '../failed.ts'
import { QUESTION_TIMEOUT_MS, type TargetLeg } from '../walk.ts'
import { postgresAddress, postgresPlace } from './address.ts'
import { openPostgres } from './connection.ts'

export function postgresLeg(postgres: Postgres): TargetLeg {
  const place = postgresPlace(postgres)
  const { sslmode, user } = postgresAddress(postgres)
  return {
    place,
    planned: [
      ...(sslmode === 'disable' ? [] : (['tls'] as const)),
      'protocol',
      'authentication',
      'privilege',
    ],
    async walk(context, onStep, signal) {
      const connection = await openPostgres({ ...context, postgres, place }, signal, onStep)
      try {
        const { rows } = await within(
          context.clock,
          { signal, timeoutMs: QUESTION_TIMEOUT_MS },
          () =>
            failed(place, 'protocol', 'postgres-answer-missing', { seconds: QUESTION_TIMEOUT_MS / 1_000 }),
          () =>
            connection.client.query<{ superuser: boolean; monitor: boolean }>(
              `SELECT rolsuper AS superuser, pg_has_role(current_user, 'pg_monitor', 'member') AS monitor
               FROM pg_roles WHERE rolname = current_user`,
            ),
        )
        const role = rows[0]
        if (role?.superuser !== true && role?.monitor !== true) {
          throw failed(place, 'privilege', 'postgres-monitor-missing', { user })
        }
        onStep('privilege', role.superuser ? 'superuser' : 'pg_monitor')
        return []
      } finally {
        await connection.close()
      }
    },
  }
}
