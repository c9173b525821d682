import { describe, expect, it } from 'vitest'
import { failed } from '../../../../../src/main/engine/reach/failed.ts'
import { failures as en } from '../../../../../src/shared/locales/en/failures.ts'
import { LANGUAGES } from '../../../../../src/shared/locales/languages.ts'
import { failures as ru } from '../../../../../src/shared/locales/ru/failures.ts'
import { createTranslator, failureText } from '../../../../../src/shared/locales/translate.ts'

const parameters = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name).toSorted()

describe('the texts of failures', () => {
  it.each(Object.keys(en) as (keyof typeof en)[])(
    '%s takes the same parameters in every language',
    (code) => {
      expect([...new Set(parameters(ru[code]))]).toEqual([...new Set(parameters(en[code]))])
    },
  )

  it.each([...LANGUAGES])('leave no parameter open in %s', (language) => {
    const { failure } = failed({ hop: 'ops@bastion:22', on: 'path' }, 'tcp', 'tcp-silent', {
      host: 'bastion',
      port: 22,
      seconds: 10,
    })
    const text = failureText(createTranslator(language), failure)
    expect(text).toContain('bastion')
    expect(text).toContain('10')
    expect(text).not.toContain('{{')
  })
})
