import { expect, it } from 'vitest'
import { speakOperation } from '../../../../src/main/api/operations.ts'
import { watchOperation } from '../../../../src/main/engine/timeline/watchers/operation.ts'
import { LANGUAGES } from '../../../../src/shared/locales/languages.ts'
import { createTranslator, eventText } from '../../../../src/shared/locales/translate.ts'
import { NO_PROGRESS, OPERATION_KINDS, type Operation } from '../../../../src/shared/model/operation.ts'

function operationOf(kind: Operation['kind'], options: Operation['options']): Operation {
  return {
    ...{ id: 'one', kind, deployment: 'shop', effect: 'writes', state: 'running', heading: 'forward' },
    ...{ willPause: false, undo: 'none', target: 'unchanged', steps: [], progress: NO_PROGRESS, options },
    ...{
      actor: 'anna',
      reason: null,
      createdAt: 0,
      startedAt: null,
      endedAt: null,
      error: null,
      result: null,
    },
  }
}

const RESTORED = { backup: 'one' }
it.each<[Operation['kind'], Operation['options'], string, string]>([
  ['drill', {}, 'Restore drill', 'Учебное восстановление'],
  ['drill', { verifyOnly: true }, 'Read back', 'Перечитывание копии'],
  ['restore', { ...RESTORED, mode: 'side-by-side' }, 'Restore', 'Восстановление'],
  ['restore', { ...RESTORED, mode: 'in-place' }, 'Restore in place', 'Восстановление на месте'],
  ['restore', { ...RESTORED, mode: 'tables' }, 'Restore of tables', 'Восстановление таблиц'],
  ['restore', { ...RESTORED, mode: 'elsewhere' }, 'Restore elsewhere', 'Восстановление на другой сервер'],
  ['restore', { mode: 'keep', operation: 'one' }, 'Keep what was restored', 'Оставить восстановленное'],
  // Of a newer console, and what names no mode of a restore.
  ['restore', { mode: 'pondering' }, 'Restore', 'Восстановление'],
  ['backup', { mode: 'tables' }, 'Backup', 'Резервное копирование'],
])('%s of %j is called %s, in its list and in the timeline', (kind, options, english, russian) => {
  const operation = operationOf(kind, options)
  expect(speakOperation('en', operation).title).toBe(english)
  expect(speakOperation('ru', operation).title).toBe(russian)
  const [event] = watchOperation(null, operation, 0)
  const told = (language: 'en' | 'ru') => event && eventText(createTranslator(language), event.reason)
  expect(told('en')).toBe(`operation “${english.toLowerCase()}” (anna)`)
  expect(told('ru')).toBe(`операция «${russian.toLowerCase()}» (anna)`)
})

it.each(LANGUAGES)('every kind has words of its own (%s)', (language) => {
  const titles = OPERATION_KINDS.map((kind) => speakOperation(language, operationOf(kind, {})).title)
  expect(titles.filter((title) => title.startsWith('kind-'))).toEqual([])
  expect(new Set(titles).size).toBe(OPERATION_KINDS.length)
})
