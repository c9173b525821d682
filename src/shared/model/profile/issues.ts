/** Reads a profile and says in the product's own words, and by path, what is wrong with one. */
import type { z } from 'zod'
import { profile as texts } from '#shared/locales/en/profile.ts'
import { createTranslator, profileIssueText } from '#shared/locales/translate.ts'
import type { Reason } from '../reason.ts'
import { DeploymentProfile, type ProfileIssue } from './deployment.ts'

/** A fault with its path as keys and indexes, for whoever can tell the line. */
export interface LocatedIssue {
  readonly issue: ProfileIssue
  readonly keys: readonly (string | number)[]
}

/** As many as anybody mends in one go; what made them may have been a machine, and there is no end to that. */
export const MOST_ISSUES = 100
/** The code of the reason that stands for the others. */
export const MORE_ISSUES = 'more-issues'

export type ParsedProfile =
  | { readonly ok: true; readonly profile: DeploymentProfile }
  | { readonly ok: false; readonly issues: readonly LocatedIssue[] }

const english = createTranslator('en')

export function parseProfile(value: unknown): ParsedProfile {
  const parsed = DeploymentProfile.safeParse(value)
  if (parsed.success) return { ok: true, profile: parsed.data }
  const issues: LocatedIssue[] = []
  for (const issue of parsed.error.issues) {
    if (issues.length > MOST_ISSUES) break
    issues.push(...describe(issue, value))
  }
  const shown = issues.length > MOST_ISSUES ? [...issues.slice(0, MOST_ISSUES), moreIssues()] : issues
  return { ok: false, issues: shown }
}

/** What is wrong with anything else that is held to a schema, in the same words. */
export function issuesIn(error: z.ZodError, value: unknown): LocatedIssue[] {
  return error.issues.slice(0, MOST_ISSUES).flatMap((issue) => describe(issue, value))
}

/** Stands for the faults beyond `MOST_ISSUES`. */
export function moreIssues(): LocatedIssue {
  return profileIssue([], 'invalid', { code: MORE_ISSUES, params: { limit: MOST_ISSUES } })
}

/** A fault with its English text; `keys` is its path. */
export function profileIssue(
  keys: readonly (string | number)[],
  code: ProfileIssue['code'],
  reason: Reason,
  line: number | null = null,
): LocatedIssue {
  const draft: ProfileIssue = { path: pathText(keys), line, code, reason, message: '' }
  return { keys, issue: { ...draft, message: profileIssueText(english, draft) } }
}

function describe(issue: z.core.$ZodIssue, root: unknown): LocatedIssue[] {
  const keys = issue.path.filter((key) => typeof key !== 'symbol')
  const at = (code: ProfileIssue['code'], reason: Reason) => [profileIssue(keys, code, reason)]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MOST_ISSUES + 1).map((key) => ({
      ...profileIssue([...keys, shownKey(key)], 'unknown-key', unknownKey(key, keys)),
      keys: [...keys, key],
    }))
  }
  const found = valueAt(root, keys)
  if (found === undefined && keys.length > 0 && issue.code !== 'custom') {
    return at('missing', { code: 'missing', params: { expected: expectation(issue) } })
  }
  switch (issue.code) {
    case 'custom':
      return at(issue.message === 'same-name' ? 'duplicate' : 'invalid', {
        code: Object.hasOwn(texts, issue.message) ? issue.message : 'invalid',
        params: { detail: issue.message, ...(issue.params as Reason['params'] | undefined) },
      })
    case 'invalid_type':
      return at('invalid', { code: 'wrong-type', params: { expected: issue.expected, found: kindOf(found) } })
    case 'invalid_value':
      return at('invalid', { code: 'not-one-of', params: { values: issue.values.join(', ') } })
    case 'too_small':
    case 'too_big':
      // A schema that has words of its own for it knows better what is wanted.
      return at(
        'invalid',
        Object.hasOwn(texts, issue.message) ? { code: issue.message, params: {} } : outOfBounds(issue),
      )
    default:
      return at('invalid', {
        code: Object.hasOwn(texts, issue.message) ? issue.message : 'invalid',
        params: { detail: issue.message },
      })
  }
}

function outOfBounds(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): Reason {
  const small = issue.code === 'too_small'
  const limit = Number(small ? issue.minimum : issue.maximum)
  if (issue.origin === 'array') return { code: small ? 'too-few' : 'too-many', params: { limit } }
  if (issue.origin === 'string') return { code: small ? 'too-short' : 'too-long', params: { limit } }
  return { code: small ? 'too-small' : 'too-big', params: { limit } }
}

function unknownKey(key: string, parent: readonly (string | number)[]): Reason {
  const known = knownKeys(DeploymentProfile, parent)
  const shown = shownKey(key)
  if (shown !== key && known.includes(shown)) return { code: 'no-space-after-colon', params: { key: shown } }
  const nearest = known.find((candidate) => isNear(candidate.toLowerCase(), key.toLowerCase()))
  return nearest === undefined
    ? { code: 'unknown-key', params: { key: shown, known: known.join(', ') } }
    : { code: 'unknown-key-near', params: { key: shown, nearest } }
}

/** Without what follows a colon: `password:hunter2` is one key to YAML, and a secret all the same. */
function shownKey(key: string): string {
  return (key.split(':', 1)[0] ?? '').slice(0, 100)
}

function isNear(a: string, b: string): boolean {
  return Math.abs(a.length - b.length) <= 2 && distance(a, b) <= 2
}

/** The keys that the schema knows at a path. */
function knownKeys(schema: unknown, path: readonly (string | number)[]): string[] {
  let node = unwrap(schema)
  for (const key of path) {
    const def = node?.def
    if (def?.type === 'object') node = unwrap(def.shape?.[String(key)])
    else if (def?.type === 'array') node = unwrap(def.element)
    else if (def?.type === 'record') node = unwrap(def.valueType)
    else return []
  }
  return Object.keys(node?.def?.shape ?? node?.def?.keyType?.def?.entries ?? {})
}

interface SchemaNode {
  readonly def?: {
    readonly type: string
    readonly shape?: Record<string, unknown>
    readonly element?: unknown
    readonly valueType?: unknown
    readonly keyType?: { readonly def?: { readonly entries?: Record<string, unknown> } }
    readonly innerType?: unknown
  }
}

/** The schema below defaults, optionals and nullables. */
function unwrap(schema: unknown): SchemaNode | undefined {
  let node = schema as SchemaNode | undefined
  while (node?.def?.innerType !== undefined) node = node.def.innerType as SchemaNode
  return node
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.expected
  if (issue.code === 'invalid_value') return issue.values.join(' | ')
  return 'a value'
}

function valueAt(root: unknown, keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    root,
  )
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'list' : typeof value === 'object' ? 'mapping' : typeof value
}

function pathText(keys: readonly (string | number)[]): string {
  return keys.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  )
}

/** Edit distance (Levenshtein), for the nearest known key. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
