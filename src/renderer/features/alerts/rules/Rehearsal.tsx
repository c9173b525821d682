/** What a rule would have done within the last week on a deployment: how often, for how long, and where that is on its history. */
import { Button, Select } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { refusalOf } from '../../../client/client.ts'
import { useErrorText } from '../../../client/error-text.ts'
import { Chart } from '../../../components/charts/Chart.tsx'
import { createChartCursor } from '../../../components/charts/cursor.ts'
import type { Stretch } from '../../../components/charts/series.ts'
import { useQuantity } from '../../../components/useQuantity.ts'
import type { Definition } from './draft.ts'
import classes from './rules.module.css'
import { StretchTable } from './StretchTable.tsx'
import { useDrawing } from './use-drawing.ts'
import type { RehearsalOf } from './use-rehearsal.ts'

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
  /** What of it is looked at closer; `null`: all of it. */
  readonly chosen: Stretch | null
  readonly onChoose: (stretch: Stretch | null) => void
  readonly rehearsal: RehearsalOf
}

export function Rehearsal(props: Props) {
  const { name, definition, drawn, unit, deployment, onDeployment, chosen, onChoose, rehearsal } = props
  const { t } = useTranslation()
  const errorText = useErrorText()
  const id = useId()
  const { duration } = useQuantity()
  const [cursor] = useState(createChartCursor)
  const { told } = rehearsal
  const unobserved = told?.unobservedSeconds ?? 0
  const drawing = useDrawing({ definition, drawn, unit, deployment, chosen, told })
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
      {drawing.unit !== null && (
        <Chart
          id={`${id}-chart`}
          title={drawing.title}
          source={`${deployment} · ${name}`}
          unit={drawing.unit}
          scale={drawing.scale}
          content={drawing.content}
          cursor={cursor}
          onSelect={({ from, to }) => onChoose({ from: Math.round(from), to: Math.round(to) })}
        />
      )}
      {chosen !== null && (
        <Button variant="default" size="compact-xs" onClick={() => onChoose(null)}>
          {t('rules.whole')}
        </Button>
      )}
      {drawing.left > 0 && <p className={classes.quiet}>{t('rules.not-drawn', { count: drawing.left })}</p>}
      {drawing.far !== null && (
        <p className={classes.quiet}>{t('rules.far', { length: duration(drawing.far * 1_000) })}</p>
      )}
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
