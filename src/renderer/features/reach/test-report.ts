/** What a test found as plain text, for a colleague or a ticket. It holds what the screen shows, and no secret. Pure. */
import type { i18n } from 'i18next'
import { quantityText } from '#shared/locales/quantity.ts'
import { failureText, stepDetailText } from '#shared/locales/translate.ts'
import type { ReachStepResult } from '#shared/model/failure.ts'
import { legsOf } from './legs.ts'

interface Report {
  /** The deployment's name; may be empty while it is being typed. */
  readonly name: string
  /** How it ended, in words. */
  readonly outcome: string
  /** When it was begun, milliseconds since the epoch. */
  readonly at: number
  readonly steps: readonly ReachStepResult[]
}

const MARK = { ok: '✓', failed: '✗', skipped: '–' } as const

export function testReport(translator: i18n, { name, outcome, at, steps }: Report): string {
  const { t, language } = translator
  const head = [t('reach.title'), name, new Date(at).toISOString()].filter((part) => part !== '').join(' · ')
  const width = Math.max(...steps.map(({ step }) => t(`reach.step-${step}`).length))
  const legs = legsOf(steps).map(({ hop, steps: walked, status }) =>
    [
      `${MARK[status]} ${hop}`,
      ...walked.map((step) => {
        const found =
          step.failure !== null
            ? failureText(translator, step.failure)
            : step.detail === null
              ? ''
              : stepDetailText(translator, step.detail)
        const time =
          step.status === 'ok' && step.ms !== null
            ? quantityText(language, t, step.ms, 'milliseconds')
            : t(`reach.word-${step.status}`)
        return `  ${t(`reach.step-${step.step}`).padEnd(width)}  ${time.padStart(9)}  ${found}`.trimEnd()
      }),
    ].join('\n'),
  )
  return [head, outcome, ...legs].join('\n\n')
}
