/** What a console finds wrong with what it was asked for, as the command line says it. */
import { afterEach, expect, it } from 'vitest'
import { run } from '../../../../src/main/cli/run.ts'
import { gatheringTerminal } from '../../../support/gathering-terminal.ts'
import { type ScriptedConsole, startScriptedConsole } from '../../../support/scripted-console.ts'

let console_: ScriptedConsole | null = null
afterEach(async () => {
  await console_?.stop()
  console_ = null
})

it.each<[string[], string, string]>([
  [['backup', 'register', 'shop', 'full.sql'], 'options.register.database', '--database'],
  [['backup', 'register', 'shop', 'full.sql'], 'options.register.file', 'FILE'],
  [['backup', 'shop', '--database', 'a'], 'options.databases[0]', '--database'],
  [['backup', 'verify', 'shop', 'one'], 'options.backup', 'BACKUP'],
  [['drill', 'shop', '--on', 'lab'], 'options.from', 'DEPLOYMENT'],
  [['restore', 'shop', '--backup', 'one', '--mode', 'weird'], 'options.mode', '--mode'],
  [['restore', 'shop', '--backup', 'one', '--table', 'a'], 'options.tables[0].name', '--table'],
  [['restore', 'shop', '--backup', 'one', '--reason', ' '], 'reason', '--reason'],
  [['operations', 'run', 'terminate-backend', 'shop'], 'options.pid', '--options (pid)'],
  [['operations', 'run', 'make-coffee', 'shop'], 'kind', 'KIND'],
])('%j: %s is called %s, and scripts get it as it is', async (words, path, name) => {
  const issues = [{ path, message: 'не то' }]
  const refused = { code: 'BAD_REQUEST', message: `As the console says it. ${path}: не то`, data: { issues } }
  console_ = await startScriptedConsole((_request, response) =>
    response.writeHead(400).end(JSON.stringify(refused)),
  )
  const { given, out, said } = gatheringTerminal()
  const asked = [...words, '--lang', 'ru', '--json', '--data', console_.directory]
  expect(await run(asked, given)).toBe(65)
  expect(said()).toBe(`vakhta: Запрос составлен не так, как ожидалось. ${name}: не то\n`)
  expect(JSON.parse(out())).toMatchObject({ code: 'BAD_REQUEST', status: 400, data: { issues } })
})
