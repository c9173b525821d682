/** The decisions that an alert went through, in words. */
import type { i18n } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { quantityText } from '#shared/locales/quantity.ts'
import { reasonText } from '#shared/locales/translate.ts'
import type { Alert } from '#shared/model/alert.ts'
import { absolute } from '../../../components/moment.ts'
import type { TraceEntry, Verdict } from './verdict.ts'

type Of = Pick<Alert, 'unit' | 'direction'>

export function useTraceWords(alert: Of, nameOf: (id: string) => string | null) {
  const { i18n } = useTranslation()
  return {
    step: (entry: TraceEntry) => stepText(i18n, entry, alert, nameOf),
    verdict: (verdict: Verdict) => verdictText(i18n, verdict),
  }
}

/** A decision as a sentence; `nameOf` says what another alert is called. */
export function stepText(
  translator: i18n,
  entry: TraceEntry,
  alert: Of,
  nameOf: (id: string) => string | null,
): string {
  const { step, because, severity, looks, by, escalation } = entry
  const { t } = translator
  const figure = (value: number | null) =>
    quantityText(translator.language, (key) => t(key), value, alert.unit as MetricUnit)
  const behind = step === 'inhibited' || step === 'uninhibited' || because === 'inhibited'
  const sentence = t(`trace.${step}`, {
    value: figure(entry.value),
    limit: figure(entry.threshold),
    severity: severity === null ? '' : t(`severity.${severity}`),
    looks: looks ?? 0,
    until: entry.until === null ? t('trace.until-open') : momentText(translator, entry.until),
    by:
      (behind && by !== null ? nameOf(by) : by) ??
      t(step === 'escalated' ? 'trace.everybody' : 'trace.somebody'),
    number: escalation?.step ?? 0,
    of: escalation?.of ?? 0,
    minutes: escalation?.afterMinutes ?? 0,
    kind: entry.notification === null ? '' : t(`trace.kind-${entry.notification.kind}`),
  })
  const why = step === 'not-observed' ? lookText(translator, because) : becauseText(translator, because, by)
  const said = why === null ? sentence : `${sentence}: ${why}`
  if (entry.last === null) return said
  return t('trace.times', { said, count: entry.times, moment: momentText(translator, entry.last) })
}

export function verdictText(translator: i18n, verdict: Verdict): string {
  const { t } = translator
  switch (verdict.kind) {
    case 'told':
      return t('trace.verdict-told', {
        count: verdict.times,
        channels: verdict.channels.join(', '),
        moment: momentText(translator, verdict.at),
      })
    case 'held':
      return t(verdict.until === null ? 'trace.verdict-held' : 'trace.verdict-held-until', {
        because: becauseText(translator, verdict.because, verdict.by) ?? verdict.because,
        until: verdict.until === null ? '' : momentText(translator, verdict.until),
      })
    case 'on-its-way':
    case 'not-taken':
      return t(`trace.verdict-${verdict.kind}`, { channels: verdict.channels.join(', ') })
    default:
      return t(`trace.verdict-${verdict.kind}`)
  }
}

/** A code that has no words of its own stays one: what it means can still be looked up. */
function becauseText(translator: i18n, because: string | null, by: string | null = null): string | null {
  if (because === null) return null
  return String(
    translator.t(`trace.because-${because}` as never, { defaultValue: because, by: by ?? '' } as never),
  )
}

/** Why nobody looked: the code of a probe's reason. */
function lookText(translator: i18n, because: string | null): string | null {
  if (because === null || !translator.exists(because, { ns: 'reasons' })) return null
  return reasonText(translator, { code: because, params: {} })
}

function momentText(translator: i18n, at: string): string {
  return absolute(translator.language, Date.parse(at), Date.now())
}
