/** What a rule would have done within the last week on a deployment: how often, for how long, and where that is on its history. */
import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { refusalOf } from '../../../client/client.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { Chart } from '../../../components/charts/Chart.tsx'
import { createChartCursor } from '../../../components/charts/cursor.ts'
import type { Stretch } from '../../../components/charts/series.ts'
import { useQuantity } from '../../../components/useQuantity.ts'
import type { Definition } from './draft.ts'
import { observedWindow, rehearsalContent } from './rehearsal-content.ts'
import classes from './rules.module.css'
import { StretchTable } from './StretchTable.tsx'
import { KNOWN_METRICS } from './unit.ts'
import type { RehearsalOf } from './use-rehearsal.ts'

const WEEK_MS = 7 * 86_400_000
const POINTS = 600
/** Less of a week is a look that was late. */
const WORTH_SECONDS = 60

interface Props {
  readonly name: string
  readonly definition: Definition
  /** Of a rule of the catalogue, which metrics its lines are drawn on; `null`: one of somebody's own. */
  readonly drawn: readonly string[] | null
  readonly unit: MetricUnit | null
  readonly deployment: string | null
  readonly onDeployment: (deployment: string) => void
  readonly rehearsal: RehearsalOf
}

export function Rehearsal({ name, definition, drawn, unit, deployment, onDeployment, rehearsal }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const id = useId()
  const { duration } = useQuantity()
  const [cursor] = useState(createChartCursor)
  const [to] = useState(() => Date.now())
  const whole = { from: to - WEEK_MS, to }
  const [chosen, choose] = useState<Stretch | null>(null)
  const api = useApi()
  const { condition } = definition
  const own =
    condition.kind === 'metrics' ? condition.metrics : 'metric' in condition ? [condition.metric] : []
  const metrics = (drawn ?? own).filter((metric) => metric in KNOWN_METRICS)
  const isOnLines = drawn !== null ? drawn.length > 0 : condition.kind === 'metrics'
  const chartUnit = isOnLines ? unit : (KNOWN_METRICS[metrics[0] ?? '']?.unit ?? null)
  const options = { enabled: deployment !== null && metrics.length > 0, staleTime: Number.POSITIVE_INFINITY }
  const input = { deployment: deployment ?? '', metrics: [...metrics], points: POINTS }
  const week = useQuery({ ...api.history.range.queryOptions({ input: { ...input, ...whole } }), ...options })
  const window = chosen ?? observedWindow(week.data ?? null, whole)
  const near = useQuery({
    ...api.history.range.queryOptions({ input: { ...input, ...window } }),
    ...{ ...options, enabled: options.enabled && window.from > whole.from },
  })
  const range = (window.from > whole.from ? near.data : week.data) ?? null
  const { told } = rehearsal
  const unobserved = told?.unobservedSeconds ?? 0
  const firing = useMemo(
    () => (told?.stretches ?? []).map((one) => ({ from: Date.parse(one.from), to: Date.parse(one.to) })),
    [told],
  )
  const { content, left } = rehearsalContent({
    ...{ range: metrics.length === 0 ? null : range, window, firing },
    lines: isOnLines ? definition : null,
  })
  const top = isOnLines ? Math.max(0, ...content.limits.map(({ value }) => value)) : 0
  const scale = useMemo(
    () => ({
      kind: chartUnit === 'percent' ? ('percent' as const) : ('from-zero' as const),
      atLeast: top * 1.05 || 1,
    }),
    [chartUnit, top],
  )
  // Faults stand at their fields.
  const code = refusalOf(rehearsal.error)?.code
  const failure = code === 'UNPROCESSABLE' || code === 'BAD_REQUEST' ? null : rehearsal.error

  return (
    <section className={classes.rehearsal} aria-labelledby={id}>
      <div className={classes.head}>
        <h3 id={id}>{t('rules.rehearsal')}</h3>
        {deployment !== null && (
          <Select
            size="xs"
            aria-label={t('rules.rehearsal-of')}
            data={[...rehearsal.deployments]}
            value={deployment}
            allowDeselect={false}
            searchable
            onChange={(value) => value !== null && onDeployment(value)}
          />
        )}
      </div>
      {deployment === null ? (
        <p className={classes.quiet}>{t('rules.rehearsal-none')}</p>
      ) : (
        <div aria-live="polite" className={classes.told}>
          {told === null && rehearsal.error === null && (
            <p className={classes.quiet}>{t('rules.rehearsing')}</p>
          )}
          {failure !== null && (
            <p role="alert" className={classes.failed}>
              {errorText(failure)}
            </p>
          )}
          {told !== null && (
            <>
              <p data-running={rehearsal.isRunning}>{sentence()}</p>
              {told.looks !== null && told.looks > 0 && (
                <p className={classes.quiet}>
                  {[
                    t('rules.looks', { count: told.looks }),
                    ...(unobserved >= WORTH_SECONDS
                      ? [t('rules.unobserved', { length: duration(unobserved * 1_000, true) })]
                      : []),
                    ...told.doubts.map((doubt) => `${doubt.text}.`),
                  ].join(' ')}
                </p>
              )}
            </>
          )}
        </div>
      )}
      {deployment !== null && chartUnit !== null && metrics.length > 0 && (
        <Chart
          id={`${id}-chart`}
          title={metrics.join(', ')}
          source={`${deployment} · ${name}`}
          unit={chartUnit}
          scale={scale}
          content={content}
          cursor={cursor}
          onSelect={({ from, to: end }) => choose({ from: Math.round(from), to: Math.round(end) })}
        />
      )}
      {chosen !== null && (
        <Button variant="default" size="compact-xs" onClick={() => choose(null)}>
          {t('rules.whole')}
        </Button>
      )}
      {left > 0 && <p className={classes.quiet}>{t('rules.not-drawn', { count: left })}</p>}
      {told !== null && told.stretches.length > 0 && <StretchTable stretches={told.stretches} />}
    </section>
  )

  function sentence(): string {
    if (told === null) return ''
    if (told.why !== null) return `${told.why.text}.`
    if (told.looks === 0) return t('rules.no-looks')
    const count = told.fired ?? 0
    if (count === 0) return t('rules.would-not-have')
    return t('rules.would-have', { count, length: duration((told.seconds ?? 0) * 1_000) })
  }
}
