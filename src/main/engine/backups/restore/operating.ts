/** Who operates the deployment's PostgreSQL, for a restore; and why it cannot. */
import type { OperationText } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { OperationFailed, type Subject } from '../../operations/kind.ts'
import type { PostgresOperating } from '../../reach/postgres/operating.ts'

/** Where databases are made, renamed and dropped from: nobody's own. */
export const MAINTENANCE = 'postgres'

export function operatingOf({
  reach,
  profile,
}: Pick<Subject<unknown>, 'reach' | 'profile'>): PostgresOperating {
  const { name } = profile
  const { postgres } = reach()
  if (postgres === null) throw new OperationFailed('no-postgres', { name })
  if (postgres.operating === null) throw new OperationFailed('restore-no-operate', { name })
  return postgres.operating
}

/** A refusal of a preview, met when it was begun all the same. */
export function refusedFor({ code, params }: Reason): OperationFailed {
  return new OperationFailed(code as OperationText, params)
}
