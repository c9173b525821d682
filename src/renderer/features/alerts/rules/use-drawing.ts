/** What the chart beside a rule draws: what a rule over time read, as the rehearsal tells, else the history of its metrics. */
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { useApi } from '../../../client/console.tsx'
import type { Stretch } from '../../../components/charts/series.ts'
import type { Definition } from './draft.ts'
import { FAR, nearBy, observedWindow, rehearsalContent } from './rehearsal-content.ts'
import { KNOWN_METRICS } from './unit.ts'
import type { RehearsalOf } from './use-rehearsal.ts'

const WEEK_MS = 7 * 86_400_000
const POINTS = 600

interface Drawing {
  readonly definition: Definition
  /** Of a rule of the catalogue, which metrics its lines are drawn on; `null`: one of somebody's own. */
  readonly drawn: readonly string[] | null
  readonly unit: MetricUnit | null
  readonly deployment: string | null
  /** What was dragged over; `null`: all of it. */
  readonly chosen: Stretch | null
  readonly told: RehearsalOf['told']
}

export function useDrawing({ definition, drawn, unit, deployment, chosen, told }: Drawing) {
  const { t } = useTranslation()
  const [to] = useState(() => Date.now())
  const whole = { from: to - WEEK_MS, to }
  const api = useApi()
  const { condition } = definition
  const own =
    condition.kind === 'metrics' ? condition.metrics : 'metric' in condition ? [condition.metric] : []
  const metrics = (drawn ?? own).filter((metric) => metric in KNOWN_METRICS)
  const read = drawn === null && told?.drawing != null && told.drawing.lines.length > 0 ? told.drawing : null
  const isOnLines = drawn !== null ? drawn.length > 0 : condition.kind === 'metrics' || read !== null
  const chartUnit = isOnLines ? unit : (KNOWN_METRICS[metrics[0] ?? '']?.unit ?? null)
  const isAsked = deployment !== null && metrics.length > 0 && read === null
  const options = { enabled: isAsked, staleTime: Number.POSITIVE_INFINITY }
  const input = { deployment: deployment ?? '', metrics: [...metrics], points: POINTS }
  const week = useQuery({ ...api.history.range.queryOptions({ input: { ...input, ...whole } }), ...options })
  const window = chosen ?? observedWindow(read?.lines ?? week.data?.series ?? [], whole)
  const near = useQuery({
    ...api.history.range.queryOptions({ input: { ...input, ...window } }),
    ...{ ...options, enabled: isAsked && window.from > whole.from },
  })
  const range = (window.from > whole.from ? near.data : week.data) ?? null
  const firing = useMemo(
    () => (told?.stretches ?? []).map((one) => ({ from: Date.parse(one.from), to: Date.parse(one.to) })),
    [told],
  )
  const far = read !== null && condition.kind === 'forecast' ? FAR * topOf(definition) : null
  const { content, left } = rehearsalContent({
    range:
      read === null
        ? metrics.length === 0
          ? null
          : range
        : { stepMs: read.stepMs, series: far === null ? read.lines : nearBy(read.lines, far) },
    ...{ window, firing, lines: isOnLines ? definition : null },
  })
  const top = isOnLines ? Math.max(0, ...content.limits.map(({ value }) => value)) : 0
  const scale = useMemo(
    () => ({
      kind: chartUnit === 'percent' ? ('percent' as const) : ('from-zero' as const),
      atLeast: top * 1.05 || 1,
    }),
    [chartUnit, top],
  )
  const title =
    read === null || condition.kind === 'metrics' || condition.kind === 'special'
      ? metrics.join(', ')
      : t(`rules.draws-${condition.kind}`, { metric: condition.metric })
  return {
    ...{ content, scale, title },
    unit: deployment === null || metrics.length === 0 ? null : chartUnit,
    /** Series that are not drawn. */
    left: left + (read?.left ?? 0),
    /** Beyond how many seconds a moment is too far away to be drawn; `null`: all are drawn. */
    far,
  }
}

function topOf({ levels }: Definition): number {
  return Math.max(1, ...levels.flatMap(({ threshold, clear }) => [threshold, clear]).filter(Number.isFinite))
}
