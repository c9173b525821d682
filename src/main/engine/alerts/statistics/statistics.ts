/** How often what fired, how long people took, and what rings for little: counted from the alerts of a stretch of time. */
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import type { Alert } from '#shared/model/alert.ts'
import { inTurns } from '../../in-turns.ts'
import { countHours } from './hours.ts'

/** What of an alert is counted. */
export interface Counted
  extends Pick<Alert, 'rule' | 'deployment' | 'severity' | 'reopened' | 'state'>,
    Fired {
  /** The times before it came back, oldest first, as far as they are kept. */
  readonly past: readonly Fired[]
}
type Fired = Pick<Alert, 'since' | 'endedAt' | 'acknowledgedAt'>

export interface Durations {
  readonly mean: number | null
  readonly median: number | null
}
interface Group {
  readonly fired: number
  readonly active: number
  readonly secondsToAcknowledge: Durations
  readonly secondsToResolve: Durations
}

export type Proposal = 'more-looks' | 'wider-clear-line' | 'look-into-it'

const NOISIEST = 5
/** Fewer are no noise. */
const NOISY = 3
const SHORT_SECONDS = 120

/**
 * Looks at each alert once, and leaves the thread to others in between: there may be tens of thousands.
 * @param timeZone IANA name: by whose clock hours are counted
 * @param from milliseconds since the epoch: what an alert fired before that, and came back from since, is not counted
 * @param turns as `inTurns`
 */
export async function countAlerts(
  alerts: readonly Counted[],
  { timeZone, from }: { readonly timeZone: string; readonly from: number },
  turns = inTurns,
) {
  const all = createTally()
  const bySeverity = Object.fromEntries(SEVERITIES.map((one) => [one, 0])) as Record<Severity, number>
  const byRule = createTallies()
  const byDeployment = createTallies()
  const byBoth = createTallies()
  const hours = countHours(timeZone)
  await turns(alerts, (alert) => {
    const { rule, deployment, severity, past, reopened } = alert
    const times = [...past, alert].filter(({ since }) => since >= from)
    // Those that are not kept any more were before all that are.
    const lost = times.length > past.length ? reopened - past.length : 0
    bySeverity[severity] += 1
    for (const { since } of times) hours.add(since)
    for (const tally of [all, byRule(rule), byDeployment(deployment), byBoth(`${rule}\n${deployment}`)]) {
      tally.add(alert, times, lost)
    }
  })
  return {
    ...all.group(),
    bySeverity,
    byRule: await turns(byRule.largestFirst(), ([rule, tally]) => ({ rule, ...tally.group() })),
    byDeployment: await turns(byDeployment.largestFirst(), ([deployment, tally]) => ({
      deployment,
      ...tally.group(),
    })),
    noisiest: noisiest(byBoth.largestFirst()),
    hours: hours.counts(),
  }
}

/** What is counted of some alerts, one after the other. */
function createTally() {
  let fired = 0
  let active = 0
  let reopened = false
  const toAcknowledge: number[] = []
  const toResolve: number[] = []
  return {
    add({ state }: Counted, times: readonly Fired[], lost: number): void {
      // Each time that an alert came back counts.
      fired += times.length + lost
      reopened ||= times.length + lost > 1
      if (state !== 'resolved') active += 1
      for (const { since, acknowledgedAt, endedAt } of times) {
        note(toAcknowledge, since, acknowledgedAt)
        note(toResolve, since, endedAt)
      }
    },
    fired: () => fired,
    reopened: () => reopened,
    group(): Group {
      return {
        ...{ fired, active },
        secondsToAcknowledge: durations(toAcknowledge),
        secondsToResolve: durations(toResolve),
      }
    },
  }
}
type Tally = ReturnType<typeof createTally>

/** Tallies by what they are of; made when they are first asked for. */
function createTallies() {
  const tallies = new Map<string, Tally>()
  function tallyOf(key: string): Tally {
    const known = tallies.get(key)
    if (known !== undefined) return known
    const fresh = createTally()
    tallies.set(key, fresh)
    return fresh
  }
  return Object.assign(tallyOf, {
    largestFirst: () =>
      [...tallies].toSorted(([a, one], [b, other]) => other.fired() - one.fired() || (a < b ? -1 : 1)),
  })
}

function note(seconds: number[], from: number, to: number | null): void {
  if (to !== null && to >= from) seconds.push((to - from) / 1_000)
}

function durations(seconds: readonly number[]): Durations {
  if (seconds.length === 0) return { mean: null, median: null }
  // As numbers in a row they are sorted without asking for the order of each two.
  const known = Float64Array.from(seconds).sort()
  const middle = known.length / 2
  const median = ((known[Math.ceil(middle) - 1] ?? 0) + (known[Math.floor(middle)] ?? 0)) / 2
  return { mean: known.reduce((sum, one) => sum + one, 0) / known.length, median }
}

/** What rang most, by rule and deployment; and what might help, from how it rang. */
function noisiest(largestFirst: readonly (readonly [string, Tally])[]) {
  return largestFirst
    .slice(0, NOISIEST)
    .filter(([, tally]) => tally.fired() >= NOISY)
    .map(([key, tally]) => {
      const [rule = '', deployment = ''] = key.split('\n')
      return { rule, deployment, fired: tally.fired(), proposal: proposalFor(tally) }
    })
}

function proposalFor(tally: Tally): Proposal {
  if (tally.reopened()) return 'wider-clear-line'
  const { median } = tally.group().secondsToResolve
  return median !== null && median < SHORT_SECONDS ? 'more-looks' : 'look-into-it'
}
