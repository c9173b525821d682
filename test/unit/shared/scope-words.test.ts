import { describe, expect, it } from 'vitest'
import { createTranslator, operationText, scopeWords } from '../../../src/shared/locales/translate.ts'

describe('what an operation works on', () => {
  it.each([
    ['database shop', 'the database shop', 'база данных shop'],
    ['backup shop', 'the backups of shop', 'копии shop'],
    ['service shop/api', 'the service shop/api', 'сервис shop/api'],
    ['drill', 'the drills there', 'учебные восстановления там'],
    ['database my own', 'the database my own', 'база данных my own'],
    ['files', 'files', 'files'],
    ['queue shop', 'queue shop', 'queue shop'],
  ])('%s is called so in words of each language', (scope, english, russian) => {
    expect(scopeWords(createTranslator('en'), scope)).toBe(english)
    expect(scopeWords(createTranslator('ru'), scope)).toBe(russian)
  })

  it('is told in words in the log, too', () => {
    const taken = { code: 'lock-taken', params: { scope: 'database shop' } }
    expect(operationText(createTranslator('ru'), taken)).toContain('база данных shop')
    expect(operationText(createTranslator('en'), taken)).toContain('kept off the database shop')
  })
})
