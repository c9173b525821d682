/** What `vakhta operations` ends with, by where the operation was going and what became of it. */
import { afterEach, expect, it } from 'vitest'
import { run } from '../../../../src/main/cli/run.ts'
import { gatheringTerminal } from '../../../support/gathering-terminal.ts'
import { type ScriptedConsole, startScriptedConsole } from '../../../support/scripted-console.ts'
import { toldOperation } from './told-operation.ts'

let console_: ScriptedConsole
afterEach(() => console_.stop())

it.each([
  ['resume', 'forward', 'succeeded', 'available', 0],
  ['resume', 'cancelled', 'cancelled', 'done', 0],
  ['resume', 'undone', 'undone', 'done', 0],
  // It failed before: that all of it is taken back is what was asked for.
  ['resume', 'failed', 'failed', 'done', 0],
  ['resume', 'failed', 'failed', 'failed', 1],
  ['resume', 'undone', 'failed', 'failed', 1],
  ['resume', 'undone', 'interrupted', 'available', 4],
  // It went forward, failed, and turned back.
  ['resume', 'forward', 'failed', 'done', 1],
  ['cancel', 'forward', 'cancelled', 'done', 0],
  ['cancel', 'forward', 'succeeded', 'available', 1],
  ['undo', 'forward', 'undone', 'done', 0],
  ['undo', 'forward', 'failed', 'failed', 1],
])('%s of one that went %s and is %s, undo %s, ends with %i', async (act, heading, state, undo, code) => {
  let isAsked = false
  console_ = await startScriptedConsole((request, response) => {
    if (request.method === 'POST') isAsked = true
    const turned = state === 'failed' ? 'failed' : heading
    const one = isAsked
      ? { state, undo, heading: turned }
      : { state: 'interrupted', undo: 'available', heading }
    response.end(JSON.stringify(toldOperation(one)))
  })
  const { given, said } = gatheringTerminal()
  const ended = await run(['operations', act, 'op-1', '--data', console_.directory], given)
  expect({ ended, said: said() }).toMatchObject({ ended: code })
})
