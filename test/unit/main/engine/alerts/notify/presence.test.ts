import { expect, it } from 'vitest'
import { createPresence } from '../../../../../../src/main/engine/alerts/notify/desktop/presence.ts'
import { createDrivenClock } from '../../../../../support/driven-clock.ts'

it('a page is there from its first question until some seconds after the last, and shows notes where it says so', async () => {
  const clock = createDrivenClock()
  const presence = createPresence({ clock })
  presence.enter(['fleet', 'console'])
  expect(presence.standing()).toBe('no-page')

  const answered = presence.enter(['console', 'desktop'])
  expect(presence.standing()).toBe('not-allowed')
  const allowed = presence.enter(['console', 'desktop', 'desktop-allowed'])
  await clock.advance(25_000)
  expect(presence.standing()).toBe('shows')

  answered()
  allowed()
  // Between two questions.
  await clock.advance(2_000)
  expect(presence.standing()).toBe('shows')
  await clock.advance(9_000)
  expect(presence.standing()).toBe('no-page')
})
