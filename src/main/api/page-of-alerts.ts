/** Thousands of alerts, a page at a time: whole deployments, because what changes of one replaces all of its alerts. Pure. */
import type { Alert } from '#shared/model/alert.ts'

export interface AlertPage {
  readonly alerts: Alert[]
  /** Deployments whose alerts were left out, in their order, and how many alerts those are. */
  readonly rest: string[]
  readonly left: number
}

/**
 * @param alerts the most pressing first: deployments stand in the order of their first
 * @param asked `most`: a page ends with the deployment that reaches it; `deployments`: no others
 */
export function pageOf(
  alerts: readonly Alert[],
  asked: { readonly deployments?: readonly string[] | undefined; readonly most?: number | undefined },
): AlertPage {
  const { deployments, most = Number.POSITIVE_INFINITY } = asked
  const wanted = deployments === undefined ? null : new Set(deployments)
  const byDeployment = new Map<string, Alert[]>()
  for (const alert of alerts) {
    if (wanted?.has(alert.deployment) === false) continue
    const known = byDeployment.get(alert.deployment)
    if (known === undefined) byDeployment.set(alert.deployment, [alert])
    else known.push(alert)
  }
  const page: AlertPage & { left: number } = { alerts: [], rest: [], left: 0 }
  for (const [deployment, its] of byDeployment) {
    if (page.alerts.length < most) page.alerts.push(...its)
    else {
      page.rest.push(deployment)
      page.left += its.length
    }
  }
  return page
}
