/** Notes that go to the pages that are open, over the change log, as pages ask it. */
import { expect, it } from 'vitest'
import type { DesktopNote } from '#shared/model/desktop-note.ts'
import { NotShown } from '../../../../../../src/main/engine/alerts/notify/desktop/desktop.ts'
import { createPageDesktop } from '../../../../../../src/main/engine/alerts/notify/desktop/pages.ts'
import { createChangeLog } from '../../../../../../src/main/engine/changes.ts'
import { createDrivenClock } from '../../../../../support/driven-clock.ts'

const never = new AbortController().signal
const NOTE: DesktopNote = {
  ...{ tag: 'i1', title: 'Critical · shop', body: 'Value: 95 %', language: 'en' },
  ...{ deployment: 'shop', alert: 'a1', isUrgent: true, rings: true },
}

function setUp() {
  const clock = createDrivenClock()
  const changes = createChangeLog({ clock })
  const desktop = createPageDesktop({ changes, clock })
  return {
    clock,
    desktop,
    /** A page that holds a cursor: the answer is which notes it is told of when it asks next. */
    async openPage() {
      const { cursor } = await changes.next({ topics: ['desktop'], cursor: null, waitMs: 0 }, never)
      return async () => {
        const asked = changes.next({ topics: ['desktop'], cursor, waitMs: 0 }, never)
        await clock.advance(0)
        const told = await asked
        return told.changes.flatMap((change) => (change.kind === 'desktop' ? [change] : []))
      }
    },
    /** Why it was not shown; `null`: it was. */
    outcomeOf: (showing: Promise<void>) =>
      showing.then(
        () => null,
        (error: unknown) => (error instanceof NotShown ? error.why : error),
      ),
  }
}

it('is shown as soon as one page says so, whatever others say', async () => {
  const { desktop, openPage, outcomeOf } = setUp()
  const [one, other] = [await openPage(), await openPage()]
  const outcome = outcomeOf(desktop.show(NOTE, never))
  const [told] = await one()
  expect(told?.note).toEqual(NOTE)
  expect((await other())[0]?.id).toBe(told?.id)
  expect(desktop.answered(told?.id ?? '', 'blocked')).toBe(true)
  expect(desktop.answered(told?.id ?? '', 'shown')).toBe(true)
  expect(await outcome).toBe(null)
  expect(desktop.answered(told?.id ?? '', 'shown')).toBe(false)
})

it('is of a page that is opened meanwhile, and of none that is opened once it was given up', async () => {
  const { clock, desktop, openPage, outcomeOf } = setUp()
  const page = await openPage()
  const outcome = outcomeOf(desktop.show(NOTE, never))
  await clock.advance(5_000)
  expect(await outcome).toBe('no-page')
  expect(await page()).toEqual([])
})

it.each([
  [[], 'unanswered'],
  [['not-shown'], 'not-shown'],
  [['not-shown', 'blocked'], 'blocked'],
  [['blocked', 'not-asked', 'not-shown'], 'not-asked'],
] as const)('that pages answered with %j is told as %s after its time', async (answers, why) => {
  const { clock, desktop, openPage, outcomeOf } = setUp()
  const page = await openPage()
  const outcome = outcomeOf(desktop.show(NOTE, never))
  const [told] = await page()
  for (const answer of answers) desktop.answered(told?.id ?? '', answer)
  await clock.advance(5_000)
  expect(await outcome).toBe(why)
})

it('ends with the attempt that it is of, and leaves nothing behind', async () => {
  const { clock, desktop, openPage, outcomeOf } = setUp()
  const page = await openPage()
  const stopping = new AbortController()
  const outcome = outcomeOf(desktop.show(NOTE, stopping.signal))
  const reason = new Error('the console stops')
  stopping.abort(reason)
  expect(await outcome).toBe(reason)
  expect(clock.waiting()).toBe(0)
  expect(await page()).toEqual([])
})

it('is told to a page that says that it is there while it waits to be shown', async () => {
  const { clock, desktop, openPage, outcomeOf } = setUp()
  const outcome = outcomeOf(desktop.show(NOTE, never))
  await clock.advance(1_000)
  const page = await openPage()
  expect(await page()).toEqual([])
  desktop.attended()
  const [told] = await page()
  desktop.answered(told?.id ?? '', 'shown')
  expect(await outcome).toBe(null)
})
