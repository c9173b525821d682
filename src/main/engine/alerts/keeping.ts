/** Alerts that fire, held to the rules, profiles and targets as they are now: what these leave nothing of is over. */
import { isDeepStrictEqual } from 'node:util'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { Clock } from '../clock.ts'
import type { Edited } from './alerts.ts'
import type { Book } from './book.ts'
import type { Changing } from './changing.ts'
import type { Looking } from './looking.ts'
import { compileRules } from './rules/compile.ts'
import { isWatched, mayRead } from './rules/rounds.ts'
import type { RuleBook } from './rules/rule-book.ts'
import { partsOf, type Trackings } from './rules/trackings.ts'

export interface KeepingOptions {
  readonly book: Pick<Book, 'openIn' | 'deployments'>
  readonly changing: Pick<Changing, 'endWhere' | 'recap'>
  readonly looking: Pick<Looking, 'change' | 'forget' | 'drop'>
  readonly rules: Pick<RuleBook, 'all'>
  readonly trackings: Trackings
  /** What is watched; kept current here. */
  readonly watched: Map<string, Edited>
  readonly clock: Clock
}

/** Rules that are others than they were, by their ids. */
interface EditedRules {
  /** What is pending of it begins anew; `all`: the limits of the deployment itself are others. */
  readonly relimited?: string
  /** It looks at something else than it did: nothing of what it found stands. */
  readonly elsewhere?: string
}

export function createKeeping({ book, changing, looking, rules, trackings, watched, clock }: KeepingOptions) {
  function closeRemoved(name: string): void {
    changing.endWhere(name, () => 'deployment-removed', clock.now())
    trackings.forgetAll(name)
  }

  /**
   * Goes by the rules and targets as they are now: alerts whose rule or thing is gone are over, the others go by what is set now.
   * @param edited the rules that are others than they were, where any are
   */
  function goBy({ profile, targets }: Edited, edited: EditedRules = {}): void {
    const { name } = profile
    const compiled = compileRules(rules.all(), profile)
    const { byId } = compiled
    looking.change(name, compiled, targets)
    const gone = changing.endWhere(
      name,
      ({ rule: id, subject }) => {
        const rule = byId.get(id)
        if (rule === undefined || id === edited.elsewhere || !mayRead(rule, subject)) return 'rule-changed'
        return isWatched(subject, targets) ? null : 'target-removed'
      },
      clock.now(),
    )
    for (const { key } of gone) trackings.forget(name, key)
    changing.recap(name, byId, 'rule-edited', clock.now())
    const open = new Set(book.openIn(name).map(({ key }) => key))
    for (const key of [...trackings.of(name).keys()]) {
      if (!open.has(key) && !staysPending(key)) trackings.forget(name, key)
    }

    function staysPending(key: string): boolean {
      const { rule, probe, target } = partsOf(key)
      if (edited.relimited === 'all' || edited.relimited === rule || !byId.has(rule)) return false
      return probe === '' || (targets[probe as ProbeId]?.includes(target) ?? false)
    }
  }

  return {
    /** All of them, after a start: what was removed while the console was off, or just before it was killed, too. */
    all(): void {
      for (const name of book.deployments()) if (!watched.has(name)) closeRemoved(name)
      for (const one of watched.values()) goBy(one)
    },

    /** A deployment was added, altered or removed (`null`). */
    edit(name: string, edited: Edited | null): void {
      if (edited === null) {
        watched.delete(name)
        looking.drop(name)
        closeRemoved(name)
        return
      }
      const before = watched.get(name)
      watched.set(name, edited)
      if (!isDeepStrictEqual(before?.sources, edited.sources)) looking.forget(name)
      const isLimitedAlike = isDeepStrictEqual(before?.profile.limits, edited.profile.limits)
      goBy(edited, isLimitedAlike ? {} : { relimited: 'all' })
    },

    /** A rule was added (`before` is `null`), edited or removed (`now` is). */
    ruleChanged(before: AlertRule | null, now: AlertRule | null): void {
      const id = (now ?? before)?.id
      const elsewhere = before !== null && now !== null && looksElsewhere(before, now)
      const edited = id === undefined ? {} : { relimited: id, ...(elsewhere ? { elsewhere: id } : {}) }
      for (const one of watched.values()) goBy(one, edited)
    },
  }
}

/** Whether a rule looks at something else than it did: what it found before says nothing of that. */
function looksElsewhere(before: AlertRule, now: AlertRule): boolean {
  return before.direction !== now.direction || !isDeepStrictEqual(before.condition, now.condition)
}
