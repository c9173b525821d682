/** Plans on the command line: a preview, and what is shown with a question to confirm. */
import { afterEach, expect, it } from 'vitest'
import { run } from '../../../../src/main/cli/run.ts'
import { gatheringTerminal } from '../../../support/gathering-terminal.ts'
import { type ScriptedConsole, startScriptedConsole } from '../../../support/scripted-console.ts'

let console_: ScriptedConsole | null = null
afterEach(async () => {
  await console_?.stop()
  console_ = null
})

const line = (text: string) => ({ code: 'x', params: {}, text })
const PREVIEW = {
  changes: [line('It renames.')],
  irreversible: [line('It loses.')],
  warnings: [line('It is torn.')],
  refusals: [] as object[],
  databases: [{ name: 'shop', bytes: null }],
  connections: { needed: 0, free: null },
  ...{ services: [], lastTookMs: null },
}

async function asked(words: readonly string[], status: number, answer: object) {
  console_ = await startScriptedConsole((_request, response) =>
    response.writeHead(status).end(JSON.stringify(answer)),
  )
  const { given, out, said } = gatheringTerminal()
  const code = await run([...words, '--data', console_.directory], given)
  return { code, out: out().split('\n'), said: said().split('\n') }
}

const previewed = (lang: string, refusals: object[], confirm: string | null) =>
  asked(['backup', 'shop', '--preview', '--lang', lang], 200, {
    preview: { ...PREVIEW, refusals },
    ...{ confirm, plan: 'word' },
  })

const EN = [
  ...['What happens:', '  - It renames.', 'What cannot be taken back:', '  - It loses.'],
  ...['What to know:', '  - It is torn.', 'Databases: shop.'],
]

it('marks what changes, what is lost and what to know, and then says what it takes', async () => {
  expect(await previewed('en', [], 'shop')).toMatchObject({
    code: 0,
    out: [
      ...EN,
      'It has to be confirmed: --confirm shop',
      'To do it only while it is still this: --plan word',
      '',
    ],
  })
})

it('ends with why it is refused, and asks nobody to confirm that', async () => {
  expect(await previewed('en', [line('It is there already.')], 'shop')).toMatchObject({
    code: 65,
    out: [...EN, 'Not possible:', '  - It is there already.', 'As things are it would not be begun.', ''],
  })
})

it('still says what it takes to give one up, whatever is in its way back', async () => {
  const answer = { preview: { ...PREVIEW, refusals: [line('It is gone.')] }, confirm: 'shop', plan: 'word' }
  expect(await asked(['operations', 'cancel', 'op-1', '--preview', '--lang', 'en'], 200, answer)).toEqual({
    ...{ code: 65, said: [''] },
    out: [
      ...[...EN, 'It has to be confirmed: --confirm shop', 'Not possible:', '  - It is gone.'],
      ...['As things are it could not be taken back.', ''],
    ],
  })
})

it('does so in Russian', async () => {
  expect(await previewed('ru', [line('Она уже есть.')], null)).toMatchObject({
    code: 65,
    out: [
      ...['Что произойдёт:', '  - It renames.', 'Чего не вернуть:', '  - It loses.'],
      ...['Что важно знать:', '  - It is torn.', 'Базы: shop.'],
      ...['Невозможно:', '  - Она уже есть.', 'Пока всё так, операция не начнётся.', ''],
    ],
  })
})

it('shows the same where it has to be confirmed', async () => {
  const data = { reason: 'missing', deployment: 'shop', preview: PREVIEW, plan: 'word' }
  const { code, said } = await asked(['restore', 'shop', '--backup', 'one', '--lang', 'en'], 428, {
    ...{ code: 'CONFIRMATION_REQUIRED', message: 'It is production.', data },
  })
  expect(code).toBe(77)
  expect(said.slice(0, EN.length)).toEqual(EN)
})
