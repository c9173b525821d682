/** Where alerts that are critical or worse would go, as rules and escalation policies have it. */
import { urgency } from '#shared/catalogue/severities.ts'
import type { Alerts } from './alerts.ts'
import { reachedBy } from './escalation/reached.ts'
import type { Routes } from './notify/unheard.ts'

/** A policy counts for every rule: which alerts it is for shows only when they fire. */
export function urgentRoutes({ rules, policies, rotas }: Alerts, now: number): Routes {
  const urgent = rules().filter(
    ({ enabled, levels }) =>
      enabled && levels.some(({ severity }) => urgency(severity) >= urgency('CRITICAL')),
  )
  const steps = policies.list().flatMap((policy) => (policy.enabled ? policy.steps : []))
  const reached = steps.flatMap(({ to }) => reachedBy(to, rotas, now).channels)
  return { rules: urgent.map(({ channels }) => channels), escalation: [...new Set(reached)] }
}
