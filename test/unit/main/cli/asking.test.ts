/** What commands ask the console for. */
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { run } from '../../../../src/main/cli/run.ts'
import { gatheringTerminal } from '../../../support/gathering-terminal.ts'
import { type ScriptedConsole, startScriptedConsole } from '../../../support/scripted-console.ts'
import { toldOperation } from './told-operation.ts'

let console_: ScriptedConsole
afterEach(() => console_.stop())

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
