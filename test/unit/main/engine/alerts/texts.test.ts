import { describe, expect, it } from 'vitest'
import { alertReason } from '../../../../../src/main/engine/alerts/rules/reason-of.ts'
import { RULE_IDS } from '../../../../../src/shared/catalogue/rules.ts'
import { LANGUAGES } from '../../../../../src/shared/locales/languages.ts'
import { alertText, createTranslator } from '../../../../../src/shared/locales/translate.ts'
import { builtInRule } from '../../../../../src/shared/model/alert-rule.ts'

describe.each(LANGUAGES)('in %s', (language) => {
  const translator = createTranslator(language)
  const subject = { probe: 'redis', target: 'cache', labels: {} } as const
  const measured = { value: 93.456, threshold: 90, unit: 'percent' }

  it.each(RULE_IDS)('%s has a name, and says what it fires for', (id) => {
    const said = alertText(translator, alertReason(builtInRule(id), subject, measured))
    expect(said).not.toMatch(/alert-|\{\{|undefined|NaN| {2}/)
    expect(alertText(translator, { code: `title-${id}`, params: {} })).not.toMatch(/title-/)
  })

  it('a rule of somebody’s own says what they called it, and of which label', () => {
    const own = { id: 'own', title: 'Queue', direction: 'above' as const }
    const labels = { queue: 'celery' }
    const labelled = alertText(translator, alertReason(own, { ...subject, labels }, measured))
    expect(labelled).toMatch(/^Queue: cache celery 93[.,]46/)
    expect(alertText(translator, alertReason(own, subject, measured))).toMatch(/^Queue: cache 93[.,]46/)
  })
})
