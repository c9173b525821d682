/** Which silence keeps an alert quiet, and when one ends: pure. */
import type { Alert } from '#shared/model/alert.ts'
import type { Silence, SilenceMatchers } from '#shared/model/silence.ts'
import { fitsLabels, fitsValue, labelsOf } from '../labels.ts'

/** "Until it clears" ends after this long at the latest. */
export const LONGEST_UNTIL_CLEAR_MS = 24 * 3_600_000
/** A silence whose end is near is told of this long before; one that is short, when a quarter of it is left. */
const ANNOUNCE_MS = 15 * 60_000

type Matched = Pick<Alert, 'id' | 'deployment' | 'rule' | 'severity' | 'subject'>

export function isMatched(matchers: SilenceMatchers, alert: Matched): boolean {
  return (
    (matchers.alert === null || matchers.alert === alert.id) &&
    (matchers.deployments === null || matchers.deployments.includes(alert.deployment)) &&
    (matchers.rules === null || matchers.rules.includes(alert.rule)) &&
    (matchers.severities === null || matchers.severities.includes(alert.severity)) &&
    (matchers.labels === null || fitsLabels(matchers.labels, labelsOf(alert)))
  )
}

/** Whether alerts of a deployment may be among what is kept quiet. */
export function mayMatch({ deployments, labels }: SilenceMatchers, deployment: string): boolean {
  const own = (labels ?? []).filter(({ name }) => name === 'deployment')
  return (
    (deployments === null || deployments.includes(deployment)) &&
    own.every((matcher) => fitsValue(matcher, deployment))
  )
}

/** Of several silences the one that lasts longest. */
export function silenceOver(silences: Iterable<Silence>, alert: Matched): Silence | null {
  let longest: Silence | null = null
  for (const silence of silences) {
    if (silence.endedAt !== null || !isMatched(silence.matchers, alert)) continue
    if (longest === null || silence.until > longest.until) longest = silence
  }
  return longest
}

export type SilenceTurn = 'ends' | 'cleared' | 'announce' | null

export interface Left {
  /** How many alerts that are not over it keeps quiet. */
  readonly matched: number
  /** What it is over is there: one alert also while it is more urgent than what is kept quiet. */
  readonly isThere: boolean
}

/** What a silence comes to at a moment. */
export function turnOf(silence: Silence, { matched, isThere }: Left, now: number): SilenceTurn {
  if (now >= silence.until) return 'ends'
  if (silence.untilClears && silence.hasMatched && !isThere) return 'cleared'
  const { operation } = silence
  // One of an operation that runs has no end yet that could be told.
  if (operation !== null && operation.endedAt === null) return null
  const lasts = silence.until - (operation?.endedAt ?? silence.startsAt)
  const ahead = Math.min(ANNOUNCE_MS, lasts / 4)
  if (matched > 0 && silence.announcedAt === null && now >= silence.until - ahead) return 'announce'
  return null
}
