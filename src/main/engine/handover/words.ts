/** The words of a hand-over in the reader's language: moments, lengths, names of rules, causes, what a silence keeps quiet. Pure. */
import type { i18n } from 'i18next'
import type { Severity } from '#shared/catalogue/severities.ts'
import type { handover } from '#shared/locales/en/handover.ts'
import type { Language } from '#shared/locales/languages.ts'
import type { Singular } from '#shared/locales/plurals.ts'
import { duration, type UnitKey } from '#shared/locales/quantity.ts'
import { alertText, causeLineText, createTranslator } from '#shared/locales/translate.ts'
import type { AlertCause } from '#shared/model/alert.ts'
import { matcherText } from '#shared/model/label-matcher.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { HandoverFacts } from './facts.ts'

const HALF_DAY_MS = 12 * 3_600_000

export interface Reading {
  readonly language: Language
  /** IANA name of the reader's. */
  readonly timeZone: string
}

export type Key = Singular<keyof typeof handover>
export type Say = (key: Key, params?: Record<string, string | number>) => string

export interface Words extends Reading {
  readonly say: Say
  readonly translator: i18n
  readonly facts: HandoverFacts
  moment(at: number): string
  lasted(ms: number): string
  severity(severity: Severity): string
  /** What a rule is called: of somebody's own, as they called it. */
  rule(id: string): string
  /** What a kind of operation is called. */
  operation(kind: string): string
}

export function wordsFor(facts: HandoverFacts, { language, timeZone }: Reading): Words {
  const translator = translatorOf(language)
  const say: Say = (key, params = {}) =>
    String(translator.t(key as never, { ns: 'handover', ...params } as never))
  const moment = momentFor(language, timeZone, facts.now)
  const unit = (key: UnitKey) => String(translator.t(key as never, { ns: 'ui' } as never))
  return {
    ...{ language, timeZone, say, translator, facts },
    moment,
    lasted: (ms) => duration(language, unit, ms, true),
    severity: (severity) =>
      String(translator.t(`severity-${severity}` as never, { ns: 'messages' } as never)),
    rule(id) {
      const title = facts.titles.get(id)
      if (title !== undefined) return title
      const known = `title-${id}`
      return translator.exists(known, { ns: 'alerts' })
        ? alertText(translator, { code: known, params: {} })
        : id
    },
    operation: (kind) =>
      translator.exists(`kind-${kind}`, { ns: 'operations' })
        ? String(translator.t(`kind-${kind}` as never, { ns: 'operations' } as never))
        : kind,
  }
}

/** With its year where that is another than now, and with its offset on a day that has an hour twice or lacks one. */
function momentFor(language: Language, timeZone: string, now: number): (at: number) => string {
  const shown = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, {
      ...{ timeZone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      ...options,
    })
  const year = { year: 'numeric' } as const
  const offset = { timeZoneName: 'shortOffset' } as const
  const [plain, ofYear, ofOffset, ofBoth] = [{}, year, offset, { ...year, ...offset }].map(shown)
  const part = (at: number, format: Intl.DateTimeFormat, type: Intl.DateTimeFormatPartTypes) =>
    format.formatToParts(at).find((one) => one.type === type)?.value
  const years = new Intl.DateTimeFormat('en', { timeZone, ...year })
  const offsets = new Intl.DateTimeFormat('en', { timeZone, ...offset })
  const offsetAt = (at: number) => part(at, offsets, 'timeZoneName')
  const thisYear = years.format(now)
  return (at) => {
    const isOther = years.format(at) !== thisYear
    const changes = offsetAt(at - HALF_DAY_MS) !== offsetAt(at + HALF_DAY_MS)
    const format = changes ? (isOther ? ofBoth : ofOffset) : isOther ? ofYear : plain
    return format?.format(at) ?? ''
  }
}

export function chain({ say, translator }: Words, cause: AlertCause | null): string {
  if (cause === null || cause.certainty === 'not-found') return ''
  // A chain of one link says what the alert says already.
  if (!cause.isBeside && cause.lines.length < 2) return ''
  const links = cause.lines.map((line) => causeLineText(translator, line)).join(' ← ')
  return cause.certainty === 'likely' ? say('cause-likely', { chain: links }) : links
}

/** What a silence keeps quiet. */
export function matched({ say, severity, rule, facts }: Words, { matchers }: Silence): string {
  const { alert, deployments, rules, severities, labels } = matchers
  if (alert !== null) {
    const meant = facts.open.items.find(({ id }) => id === alert)
    return say('silences-alert', {
      what: meant === undefined ? alert : `${meant.deployment}: ${rule(meant.rule)}`,
    })
  }
  const parts = [
    deployments ?? [],
    (rules ?? []).map(rule),
    (severities ?? []).map(severity),
    (labels ?? []).map(matcherText),
  ]
  const named = parts.flatMap((part) => (part.length === 0 ? [] : [part.join(', ')]))
  return named.length === 0 ? say('silences-everything') : named.join('; ')
}

export function withNote(words: string, note: string | null): string {
  return note === null || note === '' ? words : `${words}: ${note}`
}

const translators = new Map<Language, i18n>()

function translatorOf(language: Language): i18n {
  const known = translators.get(language) ?? createTranslator(language)
  translators.set(language, known)
  return known
}
