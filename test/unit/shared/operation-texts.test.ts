/** What plans and refusals say, for one and for several, and how they name what is said to have it all the same. */
import { describe, expect, it } from 'vitest'
import { tableNamesGiven } from '../../../src/main/cli/table-names.ts'
import { inWords } from '../../../src/main/engine/backups/restore/tables/names.ts'
import { LANGUAGES } from '../../../src/shared/locales/languages.ts'
import { createTranslator, operationText, resources } from '../../../src/shared/locales/translate.ts'

const said = (language: 'en' | 'ru', code: string, params: Record<string, string | number>) =>
  operationText(createTranslator(language), { code, params })

const ANOTHER = /[`“«]another[`”»]|--another/
const SAID = new RegExp(`${ANOTHER.source}|\`key\`|--key`)

describe.each(LANGUAGES)('%s', (language) => {
  const { operations, backups } = resources[language]
  it.each(Object.entries({ ...operations, ...backups }).filter(([, text]) => SAID.test(text)))(
    'names the option of %s over REST and on the command line',
    (_code, text) => {
      if (ANOTHER.test(text)) expect(text).toMatch(/\(`another` .*--another /)
      if (/key`|--key/.test(text)) expect(text).toMatch(/\(`key`: .*--key /)
    },
  )

  it('has some that name them', () => {
    const all = Object.values({ ...operations, ...backups }).join('\n')
    expect(all.match(/--another /g)).toHaveLength(5)
    expect(all.match(/--key /g)).toHaveLength(1)
  })
})

it.each([
  ['en', 'Keeps everybody out of “shop” for a moment for that. Nobody is connected to it now'],
  ['ru', 'Для этого на миг никого не впускает в «shop». Сейчас к ней никто не подключён'],
] as const)('counts no sessions where there are none (%s)', (language, words) => {
  const params = { database: 'shop', count: 0, applications: '—' }
  expect(said(language, 'restore-ends-sessions', params)).toBe(words)
  const some = said(language, 'restore-ends-sessions', { ...params, count: 1, applications: 'api (1)' })
  expect(some).toContain('(1)')
  expect(some).toContain('api (1)')
})

const ONE = {
  ...{ tables: 'public.orders', owners: 'shop_owner', user: 'vakhta', before: 'b', staged: 's' },
  ...{ database: 'shop', seconds: 60, slots: 'feed', roles: 'app', sessions: 'api', services: 'api' },
}
it.each([
  'restore-tables-keeps',
  'restore-tables-as-owner',
  'restore-tables-read',
  'restore-tables-read-made',
  'restore-tables-locked',
  'restore-tables-undo-drops',
  'restore-makes-roles',
  'restore-not-ready-again',
  'restore-not-ready-late',
  'leaves-tables-staged',
  'leaves-tables-swapped',
  'leaves-tables-swap-in-doubt',
  'undo-tables-nothing',
  'undo-tables-drops-staged',
  'undo-tables-puts-back',
  'undo-tables-drops',
])('%s is right of one as of several', (code) => {
  // A name that a verb in one number or the other follows, or a pronoun.
  expect(said('en', code, ONE)).not.toMatch(
    /\b(?:public\.orders|shop_owner|app|api),? (?:are|is|have|has|hold|holds|were|was|who|come|stay|could)\b|the roles app/,
  )
})

it.each([
  ['public', 'orders', 'public.orders'],
  ['public', 'склад', 'public.склад'],
  ['public', 'Sales 2026', 'public."Sales 2026"'],
  ['Склад "А"', 'q1.2', '"Склад ""А"""."q1.2"'],
])('shows the table %s, %s as %s, which the command line reads back', (schema, name, shown) => {
  expect(inWords({ schema, name })).toBe(shown)
  expect(tableNamesGiven(shown)).toEqual([{ schema, name }])
})
