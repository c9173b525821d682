import { describe, expect, it } from 'vitest'
import { chooseLanguage, LANGUAGES } from '../../../src/shared/locales/languages.ts'
import { createTranslator, linkText, reasonText, resources } from '../../../src/shared/locales/translate.ts'

type Texts = Record<string, string>
const FORM = /_(zero|one|two|few|many|other)$/

/** Texts by key, plural forms gathered under the key that callers use. */
function gathered(texts: Texts): Map<string, Map<string, string>> {
  const keys = new Map<string, Map<string, string>>()
  for (const [key, text] of Object.entries(texts)) {
    const form = FORM.exec(key)?.[1] ?? ''
    const base = form === '' ? key : key.replace(FORM, '')
    keys.set(base, (keys.get(base) ?? new Map<string, string>()).set(form, text))
  }
  return keys
}

function parametersOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*([^},\s]+)/g)].map(([, name]) => name ?? ''))].sort()
}

const namespaces = Object.keys(resources.en) as (keyof typeof resources.en)[]

describe.each(LANGUAGES.filter((language) => language !== 'en'))('%s', (language) => {
  describe.each(namespaces)('%s', (namespace) => {
    const english = gathered(resources.en[namespace])
    const translated = gathered(resources[language][namespace])

    it('has every text of English and no other', () => {
      expect([...translated.keys()].sort()).toEqual([...english.keys()].sort())
    })

    it('takes the same parameters in every text', () => {
      for (const [key, forms] of english) {
        const expected = parametersOf([...forms.values()].join())
        expect(parametersOf([...(translated.get(key)?.values() ?? [])].join()), key).toEqual(expected)
      }
    })

    it('has every plural form that its numbers need', () => {
      for (const [key, forms] of translated) {
        if (forms.has('')) continue
        const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
        expect([...forms.keys()].sort(), key).toEqual([...needed].sort())
      }
    })
  })
})

it.each(LANGUAGES)('has no empty text in %s', (language) => {
  for (const namespace of namespaces) {
    for (const [key, text] of Object.entries(resources[language][namespace])) {
      expect(text.trim(), `${namespace}:${key}`).not.toBe('')
    }
  }
})

it('counts in Russian as Russian does', () => {
  const { t } = createTranslator('ru')
  const counted = [1, 2, 5, 21, 112].map((count) => t('fleet.count' as never, { count } as never))
  expect(counted).toEqual([
    '1 развёртывание',
    '2 развёртывания',
    '5 развёртываний',
    '21 развёртывание',
    '112 развёртываний',
  ])
})

describe('a link of a cause', () => {
  const HIT_RATE = { code: 'redis-hit-rate-low', params: { value: 42, limit: 80 } }
  it.each([
    ['redis', 'cache', HIT_RATE, /^Redis cache: Hit rate 42/],
    // Its own words name Redis.
    ['redis', 'cache', { code: 'redis-writes-refused', params: {} }, /^Redis refuses every write/],
    ['host', 'db-1', { code: 'host-cpu-high', params: { value: 99, limit: 80 } }, /^Host db-1: CPU 99/],
    ['traffic', 'api', { code: 'traffic-errors-high', params: { value: 9, limit: 5 } }, /^api: 5xx answers/],
    ['pool', 'postgres', { code: 'pool-slow-statements', params: {} }, /^Statements over 1000/],
    ['redis', null, HIT_RATE, /^Hit rate 42/],
    // What was made for a link names its subject itself.
    ['redis', 'cache', { code: 'redis-down', params: { redis: 'cache' } }, /^Redis cache is down$/],
    ['health', 'api', { code: 'tcp-refused', params: { host: 'api', port: 80 } }, /^api refused/],
  ] as const)('of %s, %s, says whose it is: %j', (probe, target, reason, words) => {
    const link = { probe, target, reason: { ...reason, params: { ...reason.params } } }
    expect(linkText(createTranslator('en'), link)).toMatch(words)
  })
})

describe('the choice of a language', () => {
  it.each([
    ['ru-RU,ru;q=0.9,en;q=0.8', 'ru'],
    ['de, en-GB;q=0.7, ru;q=0.9', 'ru'],
    ['en;q=0, ru;q=0.1', 'ru'],
    ['fr', 'en'],
    ['', 'en'],
    [undefined, 'en'],
    [['de-DE', 'ru'], 'ru'],
    [['rus'], 'en'],
  ] as const)('for %j is %s', (preferred, language) => {
    expect(chooseLanguage(preferred)).toBe(language)
  })
})

it.each([
  ['en', 'db1:5432 (nothing listens there), db2:5432 (is a standby), [::1]:5432 (no-such-code)'],
  ['ru', 'db1:5432 (порт никто не слушает), db2:5432 (это резервный сервер), [::1]:5432 (no-such-code)'],
] as const)('says in %s what became of each of several servers', (language, words) => {
  const tried = 'db1:5432 (tcp-refused), db2:5432 (standby), [::1]:5432 (no-such-code)'
  const told = reasonText(createTranslator(language), {
    code: 'postgres-no-server',
    params: { hop: '', tried },
  })
  expect(told).toContain(words)
})
