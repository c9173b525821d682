/**
 * A matcher on a label of an alert, as Alertmanager has them: equal, not equal, like a pattern, not like it. A label that an alert does
 * not have counts as empty.
 */
import { z } from 'zod'

const LONGEST_VALUE = 500
/** Matching may take the length of a label to the power of these. */
const MOST_REPETITIONS = 3

export const LabelMatcher = z
  .strictObject({
    name: z.string().min(1).max(120),
    value: z.string().max(LONGEST_VALUE),
    isRegex: z.boolean().default(false),
    isEqual: z.boolean().default(true),
  })
  .superRefine(({ isRegex, value }, context) => {
    if (!isRegex || isSafePattern(value)) return
    const message = 'expected a pattern of letters, ., .*, .+, [a-z], \\d, \\w and alternatives'
    context.addIssue({ code: 'custom', path: ['value'], message })
  })
export type LabelMatcher = z.infer<typeof LabelMatcher>

const PIECE = /\\[dwDW]|\\[^A-Za-z0-9\s]|\[\^?(?:\\[^A-Za-z0-9\s]|[^[\]\\])+\]|[.|()*+?]|[^\\[\]{}^$]/gy

/**
 * Whether a pattern means the same to Alertmanager (RE2) and here, and cannot be made to search for long: no repetition of what has
 * one within, few of them, and nothing that only one of the two knows.
 */
export function isSafePattern(pattern: string): boolean {
  if (pattern.length > LONGEST_VALUE) return false
  const pieces = pattern.match(PIECE) ?? []
  if (pieces.join('') !== pattern) return false
  let before = ''
  let repetitions = 0
  for (const piece of pieces) {
    const isRepetition = piece === '*' || piece === '+' || piece === '?'
    if (isRepetition && ['', ')', '(', '|', '*', '+', '?'].includes(before)) return false
    if (piece === '*' || piece === '+') repetitions += 1
    before = piece
  }
  if (repetitions > MOST_REPETITIONS) return false
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}

/** As Alertmanager writes it: `alertname=~"db-.*"`. */
export function matcherText({ name, value, isRegex, isEqual }: LabelMatcher): string {
  const sign = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!='
  return `${name}${sign}"${value}"`
}
