/** What commands ask the console for. */
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { run } from '../../../../src/main/cli/run.ts'
import { LANGUAGES } from '../../../../src/shared/locales/languages.ts'
import { resources } from '../../../../src/shared/locales/translate.ts'
import { gatheringTerminal } from '../../../support/gathering-terminal.ts'
import { type ScriptedConsole, startScriptedConsole } from '../../../support/scripted-console.ts'
import { toldOperation } from './told-operation.ts'

let console_: ScriptedConsole | null = null
afterEach(async () => {
  await console_?.stop()
  console_ = null
})

it.each([
  [['backup', 'shop']],
  [['backup', 'verify', 'shop']],
  [['backup', 'register', 'shop', './shop.sql', '--database', 'shop']],
  [['drill', 'shop']],
  [['restore', 'shop', '--backup', 'one']],
])('%j goes on in spite of what another console left, where that is named', async (words) => {
  let asked: unknown = null
  const answer = async (request: IncomingMessage) => {
    asked = JSON.parse(await text(request))
    return JSON.stringify(toldOperation({ state: 'succeeded' }))
  }
  console_ = await startScriptedConsole((request, response) =>
    answer(request).then((told) => response.end(told)),
  )
  const { given, said } = gatheringTerminal()
  const ended = await run([...words, '--take-over', 'op-of-theirs', '--data', console_.directory], given)
  expect({ ended, said: ended === 0 || said() }).toEqual({ ended: 0, said: true })
  expect(asked).toMatchObject({ deployment: 'shop', takeOver: 'op-of-theirs' })
})

it.each([
  ['en', 'Left by theirs. To go on in spite of it: --take-over op-of-theirs\n'],
  ['ru', 'Left by theirs. Чтобы продолжить, несмотря на неё: --take-over op-of-theirs\n'],
])('says with which option one goes on in spite of what is left (%s)', async (lang, words) => {
  const holder = { console: 'theirs', operation: 'op-of-theirs', since: null, isLeft: true }
  const refused = (more: object) => ({
    ...{ code: 'TARGET_LOCKED', message: 'Left by theirs.' },
    data: { scope: 'backup shop', deployment: 'shop', holder: { ...holder, ...more } },
  })
  let isLeft = true
  console_ = await startScriptedConsole((_request, response) =>
    response.writeHead(409).end(JSON.stringify(refused({ isLeft }))),
  )
  const asked = ['backup', 'shop', '--data', console_.directory, '--lang', lang, '--json']
  const left = gatheringTerminal()
  expect(await run(asked, left.given)).toBe(5)
  expect(left.said()).toBe(`vakhta: ${words}`)
  expect(JSON.parse(left.out())).toMatchObject({ code: 'TARGET_LOCKED', status: 409, data: { holder } })
  // Of one that is at it nothing of the kind.
  isLeft = false
  const held = gatheringTerminal()
  expect(await run(asked, held.given)).toBe(5)
  expect(held.said()).toBe('vakhta: Left by theirs.\n')
})

it.each(LANGUAGES)('is told of what is left in words alone, not in those of scripts (%s)', (language) => {
  expect(resources[language].errors['target-left']).not.toMatch(/takeOver|--/)
})
