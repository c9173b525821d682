/** The language of the page: what the actor prefers, else what the browser asks for; remembered for the next start. */
import { useQueryClient } from '@tanstack/react-query'
import type { i18n } from 'i18next'
import { useEffect } from 'react'
import type { Preferences } from '#shared/contract/console.ts'
import { chooseLanguage, LANGUAGES, type Language } from '#shared/locales/languages.ts'
import { sayAnew } from '../client/say-anew.ts'

const KEY = 'vakhta-language'

/** What the last visit spoke: the first words are right before the console has answered. */
export function rememberedLanguage(): Language | null {
  const remembered = localStorage.getItem(KEY)
  return LANGUAGES.find((language) => language === remembered) ?? null
}

/** Follows the preference at run time, and tells the document; what the console said in another language it says anew. */
export function useLanguage(translator: i18n, preferred: Preferences['language'] | undefined): void {
  const cache = useQueryClient()
  useEffect(() => {
    function speak(language: Language) {
      const spoken = document.documentElement.lang
      document.documentElement.lang = language
      if (spoken !== language) void sayAnew(cache)
      if (translator.language !== language) void translator.changeLanguage(language)
    }
    if (preferred === undefined) {
      speak(chooseLanguage(translator.language))
      return
    }
    const language = preferred === 'system' ? chooseLanguage(navigator.languages) : preferred
    if (preferred === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, language)
    speak(language)
  }, [translator, preferred, cache])
}
