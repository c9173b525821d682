/** Words and moments as scripts get them: reasons and failures with their text, times as ISO 8601 with `Z`. */
import type { i18n } from 'i18next'
import type { Inert } from '#shared/catalogue/rules.ts'
import type { SpokenAnswer } from '#shared/contract/channels.ts'
import type { errors as errorTexts } from '#shared/locales/en/errors.ts'
import type { Language } from '#shared/locales/languages.ts'
import type { Singular } from '#shared/locales/plurals.ts'
import {
  alertText,
  causeLineText,
  chainText,
  createTranslator,
  eventText,
  failureText,
  linkText,
  reasonText,
} from '#shared/locales/translate.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { Cause } from '#shared/model/cause.ts'
import type { DeliveryAnswer, DeliveryAttempt, DeliveryTrace } from '#shared/model/delivery.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Unheard } from '#shared/model/unheard.ts'

const translators = new Map<Language, i18n>()

export function translatorOf(language: Language): i18n {
  const known = translators.get(language)
  if (known !== undefined) return known
  const translator = createTranslator(language)
  translators.set(language, translator)
  return translator
}

/** A key of `locales/<language>/errors.ts`. */
export type ErrorText = Singular<keyof typeof errorTexts>

export function errorText(
  language: Language,
  key: ErrorText,
  params: Record<string, string | number> = {},
): string {
  return String(translatorOf(language).t(key as never, { ns: 'errors', ...params } as never))
}

export function speak(language: Language, reason: Reason): Reason & { text: string } {
  return { ...reason, text: reasonText(translatorOf(language), reason) }
}

/** An event of the timeline: its code says what happened, where that is not the code of a reason. */
export function speakEvent(language: Language, reason: Reason): Reason & { text: string } {
  return { ...reason, text: eventText(translatorOf(language), reason) }
}

export function speakFailure(language: Language, failure: Failure): Failure & { text: string } {
  return { ...failure, text: failureText(translatorOf(language), failure) }
}

/** A chain of causes as scripts get it; `text` is read from the symptom to the root. */
export function speakCause(language: Language, cause: Cause) {
  const { code, certainty, alsoExplains, since, links } = cause
  const translator = translatorOf(language)
  const evidence = links.map((link) => ({
    code: link.reason.code,
    text: linkText(translator, link),
    probe: link.probe,
    target: link.target,
    since: momentOrNull(link.since),
    evidence: link.evidence,
  }))
  const text = chainText(translator, cause)
  return { code, text, certainty, alsoExplains, since: moment(since), evidence }
}

/** What a channel answered to an attempt. */
export function speakAttempt(language: Language, { at, answer }: DeliveryAttempt) {
  return { at: moment(at), answer: speakAnswer(language, answer) }
}

export function speakDelivery(language: Language, { decidedAt, nextAt, tried, ...trace }: DeliveryTrace) {
  return {
    ...trace,
    decidedAt: moment(decidedAt),
    nextAt: momentOrNull(nextAt),
    tried: tried.map((attempt) => speakAttempt(language, attempt)),
  }
}

export function speakAnswer(language: Language, answer: DeliveryAnswer): SpokenAnswer {
  const { failure } = answer
  return { ...answer, failure: failure === null ? null : speakFailure(language, failure) }
}

export function moment(at: number): string {
  return new Date(at).toISOString()
}

export function momentOrNull(at: number | null): string | null {
  return at === null ? null : moment(at)
}

/** An alert as scripts get it, with what it comes from in one line. */
export function speakAlert(language: Language, alert: Alert) {
  const translator = translatorOf(language)
  const { reason, cause, ...rest } = alert
  return {
    ...rest,
    reason: { ...reason, text: alertText(translator, reason) },
    pendingSince: moment(alert.pendingSince),
    since: moment(alert.since),
    endedAt: momentOrNull(alert.endedAt),
    acknowledgedAt: momentOrNull(alert.acknowledgedAt),
    silencedUntil: momentOrNull(alert.silencedUntil),
    cause:
      cause === null
        ? null
        : {
            code: cause.code,
            text: cause.lines.map((line) => causeLineText(translator, line)).join(' ← '),
            since: moment(cause.since),
            certainty: cause.certainty,
          },
  }
}

/** What a rule is called: of somebody's own, as they called it. */
export function speakRule(language: Language, { id, title }: Pick<AlertRule, 'id' | 'title'>): string {
  return title ?? alertText(translatorOf(language), { code: `title-${id}`, params: {} })
}

export function speakInert(language: Language, why: Inert, params: Reason['params'] = {}): string {
  return alertText(translatorOf(language), { code: `inert-${why}`, params })
}

/** Why a rehearsal tells nothing, or what it takes for granted. */
export function speakRehearsal(language: Language, code: string): string {
  return alertText(translatorOf(language), { code: `rehearsal-${code}`, params: {} })
}

/** That what is critical reaches nobody, in a sentence. */
export function speakUnheard(language: Language, { why, channels, rules, of, inPart }: Unheard): string {
  const translator = translatorOf(language)
  const said = alertText(translator, {
    code: `unheard-why-${why}`,
    params: { channels: channels.join(', ') },
  })
  const params = { why: said, count: rules }
  const code = !inPart ? 'unheard-all' : rules < of ? 'unheard-some' : 'unheard-part'
  return alertText(translator, { code, params })
}
