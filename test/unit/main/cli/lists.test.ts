/** Lists that the console tells in part. */
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

describe.each([
  [['operations', 'list'], 'GET /api/v1/operations', [toldOperation()]],
  [['backup', 'list'], 'GET /api/v1/backups', []],
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
