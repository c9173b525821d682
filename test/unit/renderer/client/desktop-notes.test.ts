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
function setUp(outcome: NoteOutcome = 'shown', may = { show: true }) {
  const shown: string[] = []
  let begin = () => {}
  let allow = () => {}
  const page = playConsole({ rows: [] })
  played = page
  followDesktopNotes(page.console, {
    onTurn: (call) => {
      begin = call
    },
    mayShow: () => may.show,
    onPermission: (listener) => {
      allow = listener
    },
    show: async (note) => {
      shown.push(note.title)
      return outcome
    },
  })
  return { page, shown, begin: () => begin(), allow: () => allow() }
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

it('says that it can show notes once it follows what the console tells, and after each new link', async () => {
  const { page, begin } = setUp()
  begin()
  await until(() => page.attended() === 1)
  expect(page.asked[0]?.cursor).toBe(null)
  // The console was restarted: only with its new cursor nothing is missed.
  page.answer({ cursor: 'other:0', reset: true, changes: [] })
  await until(() => page.attended() === 2)
  page.drop()
  await until(() => page.asked.at(-1)?.waitMs === 0)
  page.answer({ cursor: 'other:1', reset: false, changes: [] })
  await until(() => page.attended() === 3)
})

it('says so when somebody allows it, and not before', async () => {
  const may = { show: false }
  const { page, begin, allow } = setUp('not-asked', may)
  begin()
  await until(() => page.asked.at(-1)?.topics.includes('desktop') === true)
  expect(page.attended()).toBe(0)
  expect(page.asked.at(-1)?.topics).not.toContain('desktop-allowed')
  may.show = true
  allow()
  await until(() => page.attended() === 1)
  await until(() => page.asked.at(-1)?.topics.includes('desktop-allowed') === true)
  may.show = false
  allow()
  await until(() => page.asked.at(-1)?.topics.includes('desktop-allowed') === false)
})

it('says it no longer once a note showed that the browser lets nobody show any', async () => {
  const may = { show: true }
  const { page, begin } = setUp('not-shown', may)
  begin()
  await until(() => page.asked.at(-1)?.topics.includes('desktop-allowed') === true)
  may.show = false
  page.answer(answerOf('epoch:1', 'n1'))
  await until(() => page.noted.length === 1)
  await until(() => page.asked.at(-1)?.topics.includes('desktop-allowed') === false)
})
