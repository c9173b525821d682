/** The silences of an Alertmanager: which of them are about alerts of ours, and which of those cannot be followed here. Pure. */
import { z } from 'zod'
import { LABELLED } from '#shared/catalogue/labelled.ts'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { isSafePattern, LabelMatcher, matcherText } from '#shared/model/label-matcher.ts'
import { COMMON_LABELS, fitsValue, labelName } from '../../labels.ts'
import type { MirroredSilence } from '../../silences/mirrored-silences.ts'

/** What the answer may be, and how many of its silences are followed. */
export const MOST_BYTES = 4 * 1_048_576
const MOST_MIRRORED = 200
const MOST_NOT_MIRRORED = 20

const TheirMatcher = z.object({
  name: z.string(),
  value: z.string(),
  isRegex: z.boolean(),
  /** Left out by versions before 0.22, which had no negative ones. */
  isEqual: z.boolean().default(true),
})
const TheirSilence = z.object({
  id: z.string(),
  status: z.object({ state: z.string() }),
  matchers: z.array(TheirMatcher),
  endsAt: z.iso.datetime({ offset: true }),
  createdBy: z.string().default(''),
  comment: z.string().default(''),
})
export const TheirSilences = z.array(TheirSilence)
type TheirSilence = z.infer<typeof TheirSilence>

/** Why one is not followed: a pattern that might be read otherwise here, a value that is too long, or there are too many. */
export type NotMirroredReason = 'pattern' | 'too-long' | 'too-many'

export interface NotMirrored {
  readonly id: string
  readonly why: NotMirroredReason
  readonly by: string
  readonly note: string
  /** What it cannot be followed for; `null`: there are too many. */
  readonly matcher: string | null
}

/** What alerts of ours may be about. */
export interface Ours {
  readonly rules: readonly string[]
  readonly deployments: readonly string[]
}

const OUR_LABELS: ReadonlySet<string> = new Set([
  ...COMMON_LABELS,
  ...Object.values(LABELLED).flatMap(({ labels }) => labels.map(labelName)),
])

/** @param now milliseconds since the epoch */
export function mirrorOf(
  silences: readonly TheirSilence[],
  ours: Ours,
  now: number,
): { readonly mirrored: MirroredSilence[]; readonly not: NotMirrored[] } {
  const mirrored: MirroredSilence[] = []
  const not: NotMirrored[] = []
  for (const { id, status, matchers, endsAt, createdBy: by, comment: note } of silences) {
    const until = Date.parse(endsAt)
    if (status.state !== 'active' || until <= now || matchers.length === 0) continue
    if (matchers.some((matcher) => isForeign(matcher, ours))) continue
    const bad = matchers.find((matcher) => !LabelMatcher.safeParse(matcher).success)
    if (bad !== undefined) {
      const why = bad.isRegex && !isSafePattern(bad.value) ? 'pattern' : 'too-long'
      not.push({ id, why, by, note, matcher: matcherText(bad).slice(0, 200) })
    } else if (mirrored.length >= MOST_MIRRORED) not.push({ id, why: 'too-many', by, note, matcher: null })
    else mirrored.push({ id, labels: matchers, until, by: by || '?', note: note === '' ? null : note })
  }
  return { mirrored, not: not.slice(0, MOST_NOT_MIRRORED) }
}

/** No alert of ours can be meant by it. */
function isForeign(matcher: z.infer<typeof TheirMatcher>, { rules, deployments }: Ours): boolean {
  const { name, value, isRegex, isEqual } = matcher
  // One that cannot be read might be about ours: that is said rather than passed over.
  if (isRegex && !isSafePattern(value)) return !OUR_LABELS.has(name)
  if (!OUR_LABELS.has(name)) return !fitsValue({ name, value, isRegex, isEqual }, '')
  const values =
    name === 'alertname'
      ? rules
      : name === 'deployment'
        ? deployments
        : name === 'severity'
          ? SEVERITIES.map((severity) => severity.toLowerCase())
          : null
  return values !== null && !values.some((one) => fitsValue({ name, value, isRegex, isEqual }, one))
}
