import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { runVakhta } from '../../support/run-vakhta.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'

let console_: TestConsole
const home = createTemporaryDirectory('handover')
beforeAll(async () => {
  console_ = await startTestConsole()
  await console_.engine.handover.notes.add('anna', 'Watch billing tonight')
})
afterAll(async () => {
  await console_?.stop()
  await home.remove()
})

const handover = (...words: string[]) =>
  runVakhta(['handover', ...words], { env: { LANG: 'C.UTF-8', LC_ALL: '', LC_MESSAGES: '' } })

describe('vakhta handover', () => {
  it('prints the last shift as Markdown', async () => {
    const outcome = await handover('--data', console_.dataDirectory)
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(outcome.stdout).toMatch(/^# Hand-over: /)
    expect(outcome.stdout).toContain('anna: Watch billing tonight')
  })

  it('prints it in another language, of another time', async () => {
    const words = ['--lang', 'ru', '--from', '2026-01-02T06:00', '--to', '2026-01-02T14:00']
    const outcome = await handover('--data', console_.dataDirectory, ...words)
    expect(outcome.stdout).toMatch(/^# Передача смены: 2 янв\. 2026 г\., 06:00 – 2 янв\. 2026 г\., 14:00/)
    expect(outcome.stdout).not.toContain('anna')
  })

  it('prints JSON, and writes the document into a file', async () => {
    const file = join(home.path, 'handover.md')
    const outcome = await handover(
      '--data',
      console_.dataDirectory,
      '--shift',
      '12h',
      '--json',
      '--output',
      file,
    )
    expect(outcome).toMatchObject({ code: 0, stderr: `Wrote ${file}.\n` })
    const told = JSON.parse(outcome.stdout)
    expect(told).toMatchObject({ totals: { alerts: 0 }, notes: [{ by: 'anna' }] })
    expect(Date.parse(told.to) - Date.parse(told.from)).toBe(12 * 3_600_000)
    expect(await readFile(file, 'utf8')).toBe(told.markdown)
  })

  it('says what could not be written', async () => {
    const outcome = await handover(
      '--data',
      console_.dataDirectory,
      '--output',
      join(home.path, 'no', 'such'),
    )
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    expect(outcome.stderr).toContain('could not be written')
  })

  it('is refused for a time that is none', async () => {
    const outcome = await handover('--data', console_.dataDirectory, '--shift', '60d', '--json')
    expect(outcome.code).toBe(65)
    expect(JSON.parse(outcome.stdout)).toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('says where no console runs', async () => {
    const outcome = await handover('--data', join(home.path, 'empty'))
    expect(outcome).toMatchObject({ code: 69, stdout: '' })
    expect(outcome.stderr).toContain('No console runs on')
  })
})
