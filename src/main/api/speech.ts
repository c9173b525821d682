/** Words and moments as scripts get them: reasons and failures with their text, times as ISO 8601 with `Z`. */
import type { i18n } from 'i18next'
import type { errors as errorTexts } from '#shared/locales/en/errors.ts'
import type { Language } from '#shared/locales/languages.ts'
import { createTranslator, failureText, reasonText } from '#shared/locales/translate.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Reason } from '#shared/model/reason.ts'

const translators = new Map<Language, i18n>()

export function translatorOf(language: Language): i18n {
  const known = translators.get(language)
  if (known !== undefined) return known
  const translator = createTranslator(language)
  translators.set(language, translator)
  return translator
}

type Singular<K extends string> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K
/** A key of `locales/<language>/errors.ts`; one with plural forms without its suffix, and with a `count`. */
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

export function speakFailure(language: Language, failure: Failure): Failure & { text: string } {
  return { ...failure, text: failureText(translatorOf(language), failure) }
}

export function moment(at: number): string {
  return new Date(at).toISOString()
}

export function momentOrNull(at: number | null): string | null {
  return at === null ? null : moment(at)
}
