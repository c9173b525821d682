/**
 * What of a profile stays as it is while an operation on its deployment is not over: where its servers are, and its name. Of one whose backup is restored
 * elsewhere it is the name. Pure.
 */
import { isDeepStrictEqual } from 'node:util'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { readPostgresUrl } from '#shared/model/profile/postgres-url.ts'
import type { OperationRecord } from './record.ts'
import type { Refused } from './refused.ts'

/**
 * Why an edit waits; `null`: it need not.
 * @param open the operations that are not over
 * @param after `null`: the deployment is removed
 */
export function whyNotEdited(
  open: Iterable<Pick<OperationRecord, 'id' | 'deployment' | 'options'>>,
  before: DeploymentProfile,
  after: DeploymentProfile | null,
): Refused | null {
  const isSame =
    after !== null && after.name === before.name && isDeepStrictEqual(placeOf(before), placeOf(after))
  if (isSame) return null
  const isGone = after?.name !== before.name
  const one = [...open].find(
    ({ deployment, options }) => deployment === before.name || (isGone && options.from === before.name),
  )
  return one === undefined ? null : { kind: 'held', id: one.id, deployment: before.name }
}

/** Where its PostgreSQL is; not as whom it is reached: credentials that were wrong are put right. */
function placeOf({ ssh, postgres }: DeploymentProfile) {
  const read = postgres === undefined ? null : readPostgresUrl(postgres.url)
  const url = read === null || 'fault' in read ? null : read.url
  return {
    hops: ssh?.hops.map(({ host, alias, port }) => ({ host, alias, port })),
    ...{ servers: url?.servers, database: url?.database, maintenance: postgres?.operate?.maintenance },
  }
}
