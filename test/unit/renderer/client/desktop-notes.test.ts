import { afterEach, expect, it } from 'vitest'
import { followDesktopNotes } from '../../../../src/renderer/client/desktop-notes.ts'
import type { Change } from '../../../../src/shared/model/change.ts'
import type { NoteOutcome } from '../../../../src/shared/model/desktop-note.ts'
import { until } from '../../../support/until.ts'
import { type PlayedConsole, playConsole } from '../support/console-over-port.ts'

let played: PlayedConsole | undefined
afterEach(() => played?.console.close())

const change = (id: string): Change => ({
  kind: 'desktop',
  id,
  note: {
    ...{ tag: 'i1', title: 'Critical · shop', body: '', language: 'en' },
    ...{ deployment: 'shop', alert: 'a1', isUrgent: true, rings: true },
  },
})
const answerOf = (cursor: string, ...ids: string[]) => ({ cursor, reset: false, changes: ids.map(change) })

/** A page with a browser that answers as it is told to. */
function setUp(outcome: NoteOutcome = 'shown') {
  const shown: string[] = []
  let begin = () => {}
  const page = playConsole({ rows: [] })
  played = page
  followDesktopNotes(page.console, {
    onTurn: (call) => {
      begin = call
    },
    show: async (note) => {
      shown.push(note.title)
      return outcome
    },
  })
  return { page, shown, begin: () => begin() }
}

it('asks for notes only while it is its turn to show those of its browser', async () => {
  const { page, begin } = setUp()
  await until(() => page.asked.length === 2)
  expect(page.asked[1]?.topics).not.toContain('desktop')
  begin()
  await until(() => page.asked.length === 3)
  expect(page.asked[2]?.topics).toContain('desktop')
})

it('says what came of each, and shows one that comes again only once', async () => {
  const { page, shown, begin } = setUp('blocked')
  begin()
  await until(() => page.asked.at(-1)?.topics.includes('desktop') === true)
  page.answer(answerOf('epoch:1', 'n1'))
  await until(() => page.noted.length === 1)
  page.answer(answerOf('epoch:2', 'n1', 'n2'))
  await until(() => page.noted.length === 3)
  expect(page.noted.map(({ id }) => id).sort()).toEqual(['n1', 'n1', 'n2'])
  expect(page.noted.every(({ outcome }) => outcome === 'blocked')).toBe(true)
  expect(shown).toHaveLength(2)
})
