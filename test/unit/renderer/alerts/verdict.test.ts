import { expect, it } from 'vitest'
import { stepText, verdictText } from '../../../../src/renderer/features/alerts/detail/trace-words.ts'
import {
  type Delivery,
  type Trace,
  type TraceEntry,
  verdictOf,
} from '../../../../src/renderer/features/alerts/detail/verdict.ts'
import { LANGUAGES } from '../../../../src/shared/locales/languages.ts'
import { createTranslator } from '../../../../src/shared/locales/translate.ts'
import { TRACE_STEPS } from '../../../../src/shared/model/alert-trace.ts'
import { NOTIFICATION_KINDS } from '../../../../src/shared/model/notification.ts'

const AT = '2026-11-21T12:00:00.000Z'
const LATER = '2026-11-21T12:05:00.000Z'

function entry(given: Partial<TraceEntry> & { step: TraceEntry['step'] }): TraceEntry {
  return {
    ...{ at: AT, because: null, value: null, threshold: null, severity: null, looks: null },
    ...{ until: null, by: null, notification: null, escalation: null, times: 1, last: null, earlier: [] },
    ...given,
  }
}

function delivery(given: Partial<Delivery> = {}): Delivery {
  return {
    ...{ notification: 'n1', channel: 'chat', state: 'delivered', decidedAt: AT, nextAt: null },
    ...{ attempts: 1, possibleRepeat: false },
    tried: [{ at: AT, answer: { status: 'delivered', code: 200, text: 'ok', failure: null, ms: 4 } }],
    ...given,
  }
}

const told = entry({ step: 'told', notification: { id: 'n1', kind: 'firing' } })

it.each<[string, Partial<Trace>, string]>([
  [
    'a channel took it',
    { items: [told], deliveries: [delivery(), delivery({ channel: 'mail', state: 'refused' })] },
    'Told once, by chat, ',
  ],
  [
    'it was told again',
    {
      items: [told],
      deliveries: [delivery(), delivery({ notification: 'n2', channel: 'mail' })],
    },
    'Told 2 times by chat, mail, last ',
  ],
  [
    'it was told so often that one stands for several',
    { items: [{ ...told, times: 37, last: LATER }], deliveries: [delivery()] },
    'Told 37 times by chat, last ',
  ],
  [
    'a first step of an escalation went out with each of those',
    {
      items: [
        { ...told, times: 37, last: LATER },
        { ...told, step: 'escalated', because: 'at-once', times: 37, last: LATER },
      ],
      deliveries: [delivery()],
    },
    'Told 37 times by chat, last ',
  ],
  [
    'a call of its own followed',
    {
      items: [told, entry({ step: 'escalated', notification: { id: 'n2', kind: 'escalated' } })],
      deliveries: [delivery(), delivery({ notification: 'n2' })],
    },
    'Told 2 times by chat, last ',
  ],
  [
    'of those that one stands for the newest was refused',
    {
      items: [{ ...told, times: 37, last: LATER, earlier: ['n0', 'n-1'] }],
      deliveries: [
        delivery({ state: 'refused' }),
        delivery({ notification: 'n0' }),
        delivery({ notification: 'n-1' }),
      ],
    },
    'Told 36 times by chat, last ',
  ],
  [
    'a channel is being tried',
    { items: [told], deliveries: [delivery({ state: 'waiting', tried: [] })] },
    'On its way to chat; nobody has it yet.',
  ],
  [
    'the only channel refused',
    { items: [told], deliveries: [delivery({ state: 'refused' })] },
    'Not told: chat did not take it.',
  ],
  ['there is no channel', { items: [told] }, 'Not told: no channel was there to tell it by.'],
  [
    'it is silenced',
    { items: [entry({ step: 'held', because: 'silenced', until: LATER })] },
    'Not told so far: silenced, until ',
  ],
  [
    'it stands behind another',
    { items: [entry({ step: 'held', because: 'inhibited' })] },
    'Not told so far: it stands behind another alert.',
  ],
  ['nothing was decided yet', { items: [entry({ step: 'fires' })] }, 'Not told so far.'],
])('where %s it says so in a sentence', (_, trace, words) => {
  const verdict = verdictOf({ items: [], nextCursor: null, deliveries: [], ...trace })
  expect(verdictText(createTranslator('en'), verdict)).toContain(words)
})

const alert = { unit: 'percent', direction: 'above' as const }

it('says of each decision what was measured, what followed and why', () => {
  const words = (given: TraceEntry) => stepText(createTranslator('en'), given, alert, () => 'Way is down')
  expect(words(entry({ step: 'fires', value: 95, threshold: 90, severity: 'CRITICAL', looks: 2 }))).toBe(
    'Fires, Critical: 95\u00a0%, limit 90\u00a0%, 2 looks in a row',
  )
  expect(words({ ...told, because: 'first-of-incident' })).toBe('Told as “fires”: the first of its incident')
  expect(words({ ...told, because: 'came-back', times: 37, last: LATER })).toMatch(
    /^Told as “fires”: .+ \(37 times by .+\)$/,
  )
  expect(words(entry({ step: 'inhibited', by: 'some-id' }))).toContain('Way is down')
  expect(words(entry({ step: 'acknowledged', by: 'ada' }))).toBe('Acknowledged by ada')
  expect(words(entry({ step: 'not-observed', because: 'paused' }))).toBe('Nobody looked: Watching is paused')
  expect(words(entry({ step: 'ended', because: 'a-code-of-tomorrow' }))).toBe('Over: a-code-of-tomorrow')
})

it.each(LANGUAGES)('has words in %s for every decision and every kind of message', (language) => {
  const translator = createTranslator(language)
  for (const step of TRACE_STEPS) {
    for (const kind of NOTIFICATION_KINDS) {
      const said = stepText(translator, entry({ step, notification: { id: 'n', kind } }), alert, () => null)
      expect(said).not.toMatch(/trace\.|\{\{/)
    }
  }
})
