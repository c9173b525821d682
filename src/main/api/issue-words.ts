/** What a schema of the contract says of an input, in the product's own words: those of zod are English, and speak of code. */
import type { i18n } from 'i18next'
import type { profile as texts } from '#shared/locales/en/profile.ts'

/** Of an issue of zod, as far as anything is said of it. What was given is not in it, but for its type in the message. */
export interface SchemaIssue {
  readonly message: string
  readonly code?: unknown
  readonly expected?: unknown
  readonly values?: unknown
  /** Of a choice by one field: what that may be. */
  readonly options?: unknown
  readonly origin?: unknown
  readonly minimum?: unknown
  readonly maximum?: unknown
  readonly inclusive?: unknown
  readonly format?: unknown
  readonly keys?: unknown
}

/** As zod begins what a schema says that has no words of its own. */
const ITS_OWN = /^(?:Invalid |Too small: |Too big: |Unrecognized key)/
const RECEIVED = /, received (\S+)$/
/** As many names as anybody reads, and as much of each: those of keys come from whoever asked. */
const MOST_NAMED = 50
const LONGEST_NAME = 100

/** `null`: the schema says it in words of its own. */
export function issueWords(translator: i18n, issue: SchemaIssue): string | null {
  if (issue.code === 'custom' || !ITS_OWN.test(issue.message)) return null
  const t = (key: keyof typeof texts, params: Record<string, string | number> = {}) =>
    String(translator.t(key as never, { ns: 'profile', ...params } as never))
  const kindOf = (type: unknown) => {
    const key = `type-${String(type)}`
    return translator.exists(key, { ns: 'profile' }) ? t(key as keyof typeof texts) : String(type)
  }
  switch (issue.code) {
    case 'invalid_type': {
      const expected = kindOf(issue.expected)
      const [, found = 'undefined'] = RECEIVED.exec(issue.message) ?? []
      if (issue.expected === 'int' && found === 'number') return t('not-whole')
      return found === 'undefined'
        ? t('missing', { expected })
        : t('wrong-type', { expected, found: kindOf(found) })
    }
    case 'invalid_value':
      return t('not-one-of', { values: listOf(issue.values) })
    case 'invalid_union':
      return Array.isArray(issue.options)
        ? t('not-one-of', { values: listOf(issue.options) })
        : t('malformed')
    case 'too_small':
    case 'too_big':
      return outOfBounds(t, issue)
    case 'invalid_format': {
      const form = `form-${String(issue.format)}`
      return translator.exists(form, { ns: 'profile' })
        ? t('malformed-as', { form: t(form as keyof typeof texts) })
        : t('malformed')
    }
    case 'unrecognized_keys':
      return t('unknown-here', { keys: listOf(issue.keys) })
    default:
      return t('malformed')
  }
}

function outOfBounds(
  t: (key: keyof typeof texts, params: Record<string, string | number>) => string,
  { code, origin, minimum, maximum, inclusive }: SchemaIssue,
): string {
  const small = code === 'too_small'
  const limit = Number(small ? minimum : maximum)
  if (origin === 'array') return t(small ? 'too-few' : 'too-many', { limit })
  if (origin === 'string')
    return t(small ? (limit > 1 ? 'shorter-than' : 'too-short') : 'too-long', { limit })
  if (inclusive === false) return t(small ? 'not-above' : 'not-below', { limit })
  return t(small ? 'too-small' : 'too-big', { limit })
}

function listOf(values: unknown): string {
  if (!Array.isArray(values)) return ''
  const named = values.slice(0, MOST_NAMED).map((value) => String(value).slice(0, LONGEST_NAME))
  return [...named, ...(values.length > MOST_NAMED ? ['…'] : [])].join(', ')
}
