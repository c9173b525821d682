/** What the steps of a restore work with: who operates the deployment's PostgreSQL, and what its databases are called. */
import type { OperationText } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { OperationFailed, type StepContext, type Subject } from '../../operations/kind.ts'
import type { PostgresOperating } from '../../reach/postgres/operating.ts'
import type { Querying } from './databases.ts'
import { type Names, namesOf } from './names.ts'

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

export function inMaintenance<T>(
  context: Pick<StepContext<unknown>, 'reach' | 'profile' | 'signal'>,
  work: (client: Querying, version: number) => Promise<T>,
): Promise<T> {
  return operatingOf(context).apart(context.signal, MAINTENANCE, ({ client, version }) =>
    work(client, version),
  )
}

/** From the options alone: the way back must not need the backup. */
export function namesIn({
  options: { database = '', as = database },
  id,
}: Pick<
  StepContext<{ readonly database?: string | undefined; readonly as?: string | undefined }>,
  'options' | 'id'
>): Names {
  return namesOf(as, id)
}

/** A refusal of a preview, met when it was begun all the same. */
export function refusedFor({ code, params }: Reason): OperationFailed {
  return new OperationFailed(code as OperationText, params)
}
