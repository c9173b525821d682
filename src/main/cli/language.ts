/** In which language the console's own words are asked for. */
import type { i18n } from 'i18next'
import { chooseLanguage, type Language } from '#shared/locales/languages.ts'
import { createTranslator } from '#shared/locales/translate.ts'
import type { Options } from './arguments.ts'
import type { Terminal } from './terminal.ts'

/** As it was asked for, else as the surroundings have it. */
export function languageOf({ lang }: Pick<Options, 'lang'>, terminal: Pick<Terminal, 'env'>): Language {
  return lang ?? surroundingLanguage(terminal)
}

/** What words are said with, in that language. */
export function translatorOf(options: Pick<Options, 'lang'>, terminal: Pick<Terminal, 'env'>): i18n {
  return createTranslator(languageOf(options, terminal))
}

/** As programs on this machine take it from `LANG=ru_RU.UTF-8`. */
export function surroundingLanguage({ env }: Pick<Terminal, 'env'>): Language {
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((one) => one !== undefined && one !== '')
  return chooseLanguage(locale?.replace(/[.@].*$/, '').replaceAll('_', '-'))
}
