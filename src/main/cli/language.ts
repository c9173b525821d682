/** In which language the console's own words are asked for. */
import { chooseLanguage, type Language } from '#shared/locales/languages.ts'
import type { Terminal } from './terminal.ts'

/** As programs on this machine take it from `LANG=ru_RU.UTF-8`. */
export function surroundingLanguage({ env }: Pick<Terminal, 'env'>): Language {
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((one) => one !== undefined && one !== '')
  return chooseLanguage(locale?.replace(/[.@].*$/, '').replaceAll('_', '-'))
}
