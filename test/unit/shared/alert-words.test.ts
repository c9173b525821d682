import { expect, it } from 'vitest'
import { searchOf, wordsOf } from '../../../src/shared/locales/alert-words.ts'
import { createTranslator } from '../../../src/shared/locales/translate.ts'
import type { Alert } from '../../../src/shared/model/alert.ts'
import { anAlert } from '../renderer/support/alert.ts'

const alert = anAlert({
  id: 'pool',
  deployment: 'billing',
  subject: { probe: 'pool', target: 'main', labels: { queue: 'mail' } },
  acknowledgedBy: 'Ада',
  resolvedBy: 'grace',
  note: 'Жду выкатки',
})

it.each([
  ['', true],
  ['billing', true],
  ['POOL nearly', true],
  ['mail main', true],
  ['ада', true],
  ['выкатки', true],
  ['grace', true],
  ['billing shop', false],
  ['EMERGENCY', false],
])('whether %j is found', (text, isFound) => {
  const translator = createTranslator('en')
  expect(searchOf(text, (one: Alert) => wordsOf(translator, one))(alert)).toBe(isFound)
})

it('finds what a rule is called in the language of who looks', () => {
  const inRussian = createTranslator('ru')
  expect(searchOf('пул', (one: Alert) => wordsOf(inRussian, one))(alert)).toBe(true)
  const inEnglish = createTranslator('en')
  expect(searchOf('пул', (one: Alert) => wordsOf(inEnglish, one))(alert)).toBe(false)
})
