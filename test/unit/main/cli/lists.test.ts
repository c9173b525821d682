/** Lists, in words of the language, and those that the console tells in part. */
import { afterEach, describe, expect, it } from 'vitest'
import { run } from '../../../../src/main/cli/run.ts'
import { gatheringTerminal } from '../../../support/gathering-terminal.ts'
import { type ScriptedConsole, startScriptedConsole } from '../../../support/scripted-console.ts'
import { toldOperation } from './told-operation.ts'

let console_: ScriptedConsole
afterEach(() => console_.stop())

/** What is printed of one page, and said besides. */
async function listed(words: readonly string[], items: readonly object[], nextCursor: string | null) {
  console_ = await startScriptedConsole((_request, response) =>
    response.end(JSON.stringify({ items, nextCursor })),
  )
  const { given, out, said } = gatheringTerminal()
  const code = await run([...words, '--data', console_.directory], given)
  return { code, out: out(), said: said() }
}

const KEPT = {
  ...{ id: 'shop-1', deployment: 'shop', startedAt: '2026-11-28T02:00:00.000Z', bytes: 3 * 2 ** 20 },
  ...{ state: 'verified', partial: false, foreign: null, problem: null },
}

describe.each([
  [['operations', 'list'], 'GET /api/v1/operations', [toldOperation()]],
  [['backup', 'list'], 'GET /api/v1/backups', [KEPT]],
] as const)('%j', (words, path, items) => {
  it.each([
    ['en', `There are older ones, too: ${path} has all.\n`],
    ['ru', `Есть и более старые: все даёт ${path}.\n`],
  ])('says that there are more (%s)', async (lang, older) => {
    const { code, said } = await listed([...words, '--lang', lang], items, '50')
    expect({ code, said }).toEqual({ code: 0, said: older })
  })

  it('says nothing of the kind where that is all, or to scripts', async () => {
    expect((await listed(words, items, null)).said).toBe('')
    await console_.stop()
    const json = await listed([...words, '--json'], items, '50')
    expect(json.said).toBe('')
    expect(JSON.parse(json.out)).toMatchObject({ nextCursor: '50' })
  })
})

it.each([
  ['en', 'No backup is on record.\n'],
  ['ru', 'Резервных копий нет.\n'],
])('says that there is nothing in it (%s)', async (lang, none) => {
  const { code, said } = await listed(['backup', 'list', '--lang', lang], [], null)
  expect({ code, said }).toEqual({ code: 0, said: none })
})

it.each([
  ['en', /^op-1 {2}interrupted, waits for a decision {2}/],
  ['ru', /^op-1 {2}прервана, ждёт решения {2}/],
])('says in words of the language how operations are (%s)', async (lang, words) => {
  const { out } = await listed(
    ['operations', 'list', '--lang', lang],
    [toldOperation({ state: 'interrupted' })],
    null,
  )
  expect(out).toMatch(words)
})

it('leaves the state of a newer console as it is', async () => {
  const { out } = await listed(['operations', 'list'], [toldOperation({ state: 'pondering' })], null)
  expect(out).toMatch(/^op-1 {2}pondering {2}/)
})

it.each([
  [
    'en',
    [
      '3 MiB  verified',
      '3 MiB  proven, partial',
      '3 MiB  verified, registered',
      '3 MiB  of no use',
      '  It is torn.',
    ],
  ],
  [
    'ru',
    [
      '3 МиБ  перечитана',
      '3 МиБ  доказана, частичная',
      '3 МиБ  перечитана, зарегистрирована',
      '3 МиБ  непригодна',
      '  It is torn.',
    ],
  ],
])('says in words of the language how far backups are proven (%s)', async (lang, ends) => {
  const items = [
    KEPT,
    { ...KEPT, state: 'proven', partial: true },
    { ...KEPT, partial: true, foreign: { file: '/srv/shop.sql' } },
    { ...KEPT, problem: { text: 'It is torn.' } },
  ]
  const { out } = await listed(['backup', 'list', '--lang', lang], items, null)
  const lines = out.trimEnd().split('\n')
  expect(lines.map((line) => line.replace(/^.*000Z {2}/, '').replaceAll('\u00a0', ' '))).toEqual(ends)
})
