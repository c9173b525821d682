/** What a rule, and what is proposed instead of it, would have done on a deployment within the last seven days. */
import type { Observation } from '#shared/model/observation.ts'
import type { RangeQuery, RangeResult } from '#shared/model/range.ts'
import type { Clock } from '../../clock.ts'
import type { Alerts, Edited } from '../alerts.ts'
import type { RuleBook } from '../rules/rule-book.ts'
import { candidatesOf, choose } from './propose.ts'
import { rehearse, rehearseAll } from './rehearse.ts'

export interface RehearsalsOptions {
  readonly rules: Pick<RuleBook, 'all' | 'checked'>
  readonly range: (query: RangeQuery) => Promise<RangeResult>
  readonly latestOf: (deployment: string) => readonly Observation[]
  readonly clock: Clock
  /** `null`: it is not watched. */
  readonly profileOf: (deployment: string) => Edited['profile'] | null
}

export function createRehearsals(options: RehearsalsOptions): Pick<Alerts, 'rehearse' | 'propose'> {
  const { rules, range, latestOf, clock, profileOf } = options
  return {
    async rehearse(id, rule, deployment, { draw, signal } = {}) {
      const checked = rules.checked(id ?? 'new', rule)
      const profile = profileOf(deployment)
      if (profile === null) return { known: false, why: 'not-watched' }
      return rehearse({
        ...{ rule: checked, profile, range, signal, draw },
        ...{ latest: latestOf(deployment), now: clock.now() },
      })
    },
    async propose(id, deployment) {
      const rule = rules.all().find((one) => one.id === id)
      if (rule === undefined) return null
      const profile = profileOf(deployment)
      if (profile === null) return { asItIs: { known: false, why: 'not-watched' }, proposed: null }
      const candidates = candidatesOf(rule)
      const [asItIs, ...others] = await rehearseAll({
        ...{ condition: rule.condition, rules: [rule, ...candidates.map((one) => one.rule)] },
        ...{ profile, range, latest: latestOf(deployment), now: clock.now() },
      })
      if (asItIs === undefined || !asItIs.known) {
        return { asItIs: asItIs ?? { known: false, why: 'nothing-to-read' }, proposed: null }
      }
      return { asItIs, proposed: choose(candidates, asItIs.rehearsal, others) }
    },
  }
}
