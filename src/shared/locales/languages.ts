/** The languages that every text exists in. */
export const LANGUAGES = ['en', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]

/** The best of our languages for an `Accept-Language` header or a list of BCP 47 tags; English where none fits. */
export function chooseLanguage(preferred: string | readonly string[] | undefined): Language {
  const tags = typeof preferred === 'string' ? preferred.split(',') : (preferred ?? [])
  const ranked = tags
    .map((tag, index) => {
      const [name = '', ...parameters] = tag.trim().split(';')
      const quality = parameters
        .map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1])
        .find((q) => q !== undefined)
      return { name: name.trim().toLowerCase(), quality: quality === undefined ? 1 : Number(quality), index }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.index - b.index)
  for (const { name } of ranked) {
    const language = LANGUAGES.find((known) => name === known || name.startsWith(`${known}-`))
    if (language !== undefined) return language
  }
  return 'en'
}
