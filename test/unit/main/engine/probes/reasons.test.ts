import { describe, expect, it } from 'vitest'
import { reasons as english } from '../../../../../src/shared/locales/en/reasons.ts'
import { reasons as russian } from '../../../../../src/shared/locales/ru/reasons.ts'
import { createTranslator, reasonText } from '../../../../../src/shared/locales/translate.ts'

const parameters = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name).sort()

describe('reasons in words', () => {
  it.each(Object.keys(english) as (keyof typeof english)[])('%s says the same in both languages', (code) => {
    expect(parameters(russian[code])).toEqual(parameters(english[code]))
    expect(russian[code]).toMatch(/[а-яё]/i)
  })

  it('writes numbers the way of the reader', () => {
    const reason = {
      code: 'pool-utilization-high',
      params: { value: 95.25, checkedOut: 1_234, size: 1_300, limit: 90 },
    }
    expect(reasonText(createTranslator('en'), reason)).toBe(
      'Pool 95 % used: 1,234 of 1,300 connections checked out (limit 90 %)',
    )
    expect(reasonText(createTranslator('ru'), reason).replaceAll('\u00a0', ' ')).toBe(
      'Пул занят на 95 %: 1 234 соединений из 1 300 (порог 90 %)',
    )
  })

  it('counts the days that are left of a certificate in whole ones, as the certificate itself does', () => {
    const reason = { code: 'health-tls-expiring', params: { value: 11.9, limit: 30 } }
    expect(reasonText(createTranslator('en'), reason)).toBe('The certificate ends in 11 days (limit 30)')
    expect(reasonText(createTranslator('ru'), reason)).toContain('11')
  })
})
