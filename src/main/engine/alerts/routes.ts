/** Where alerts that are critical or worse would go, as rules and escalation policies have it. */
import { type Severity, urgency } from '#shared/catalogue/severities.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { EscalationPolicy } from '#shared/model/escalation.ts'
import type { Policies } from './escalation/policies.ts'
import { reachedBy, type Watches } from './escalation/reached.ts'
import type { UrgentRoute } from './notify/unheard.ts'
import { isInScope } from './rules/compile.ts'
import { mayMatch } from './silences/silencing.ts'

type Scoped = Parameters<typeof isInScope>[1]

export interface RoutesOptions {
  readonly rules: () => readonly Pick<AlertRule, 'id' | 'enabled' | 'levels' | 'channels' | 'scope'>[]
  readonly policies: Pick<Policies, 'list'>
  readonly rotas: Watches
}

interface UrgentRule {
  readonly id: string
  /** How urgent its alerts may be, of what is urgent. */
  readonly severities: readonly Severity[]
}

/** Of each urgent rule that is for some of the deployments that are watched. */
export function urgentRoutes(
  { rules, policies, rotas }: RoutesOptions,
  watched: readonly Scoped[],
  now: number,
): UrgentRoute[] {
  const kinds = kindsOf(
    watched,
    policies.list().filter((policy) => policy.enabled),
  )
  return rules().flatMap(({ id, enabled, levels, channels, scope }) => {
    const severities = levels.map(({ severity }) => severity).filter(isUrgent)
    if (!enabled || severities.length === 0) return []
    const meant = kinds.filter(({ deployments }) => deployments.some((one) => isInScope({ scope }, one)))
    const ways = meant.flatMap((kind) => waysOf({ id, severities }, kind.policies, rotas, now))
    return ways.length === 0 ? [] : [{ channels, ways }]
  })
}

interface Kind {
  readonly deployments: Scoped[]
  /** That may be for them, in the order in which they are tried. */
  readonly policies: readonly EscalationPolicy[]
}

/** Deployments that the same policies are for: hundreds have few ways among them. */
function kindsOf(watched: readonly Scoped[], policies: readonly EscalationPolicy[]): Kind[] {
  const kinds = new Map<string, Kind>()
  for (const deployment of watched) {
    const own = policies.filter(({ matchers }) => mayMatch({ alert: null, ...matchers }, deployment.name))
    const key = own.map(({ name }) => name).join('\n')
    const known = kinds.get(key) ?? { deployments: [], policies: own }
    known.deployments.push(deployment)
    kinds.set(key, known)
  }
  return [...kinds.values()]
}

function isUrgent(severity: Severity): boolean {
  return urgency(severity) >= urgency('CRITICAL')
}

/**
 * The channels that alerts of a rule may go on to: of each policy that may be the first that fits, and none, unless one fits all of them.
 * @param policies that are for the deployment, in the order in which they are tried
 */
function waysOf(
  rule: UrgentRule,
  policies: readonly EscalationPolicy[],
  watches: Watches,
  now: number,
): string[][] {
  const ways: string[][] = []
  for (const { matchers, steps } of policies) {
    const fit = fitOf(matchers, rule)
    if (fit === 'none') continue
    ways.push([...new Set(steps.flatMap(({ to }) => reachedBy(to, watches, now).channels))])
    if (fit === 'all') return ways
  }
  return [...ways, []]
}

function fitOf(
  { rules, severities, labels }: EscalationPolicy['matchers'],
  rule: UrgentRule,
): 'all' | 'some' | 'none' {
  if (rules !== null && !rules.includes(rule.id)) return 'none'
  const fits = rule.severities.filter((one) => severities === null || severities.includes(one))
  if (fits.length === 0) return 'none'
  // Whether the deployment fits is known; what else an alert is called shows only when it fires.
  const isKnown = (labels ?? []).every(({ name }) => name === 'deployment')
  return isKnown && fits.length === rule.severities.length ? 'all' : 'some'
}
