import { expect, it } from 'vitest'
import { actorText, createTranslator, eventText } from '../../../src/shared/locales/translate.ts'

it.each([
  ['en', 'the console', 'the schedule', 'operation “backup” (the schedule)'],
  ['ru', 'консоль', 'расписание', /^операция «.+» \(расписание\)$/],
] as const)(
  'says in %s who did what nobody asked for, and leaves names of people alone',
  (language, console, schedule, event) => {
    const translator = createTranslator(language)
    expect(['engine', 'schedule', 'anna', 'toString'].map((name) => actorText(translator, name))).toEqual([
      ...[console, schedule, 'anna', 'toString'],
    ])
    const began = { code: 'operation-began', params: { said: 'did-backup', by: 'schedule', seconds: 0 } }
    expect(eventText(translator, began)).toEqual(
      typeof event === 'string' ? event : expect.stringMatching(event),
    )
  },
)
