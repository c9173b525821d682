/** Forecasts within the charts of their metrics: the trend as a dashed line with its range, and room for it on the right. Pure. */
import type { Outlook, Stretch } from '../../../components/charts/series.ts'
import type { GroupToDraw } from '../live/charts-of.ts'
import type { ForecastOut } from './use-forecasts.ts'

/** Of the stretch that is shown so much is added for what may come. */
const ROOM = 0.2

/**
 * Every chart gets the same room, so that one cursor is at one time on all of them; none does where nothing that is drawn
 * is foretold, or where a stretch of the past is shown.
 */
export function withOutlooks(
  groups: readonly GroupToDraw[],
  forecasts: readonly ForecastOut[],
  following: boolean,
): readonly GroupToDraw[] {
  if (!following) return groups
  const drawn = groups.map((group) =>
    group.charts.map((chart) => {
      const metrics = chart.definition.lines.map(({ metric }) => metric as string)
      const forecast = forecasts.find(
        ({ metric, target, from }) => from !== null && target === group.target && metrics.includes(metric),
      )
      return forecast === undefined ? null : outlookOf(forecast)
    }),
  )
  if (drawn.flat().every((outlook) => outlook === null)) return groups
  return groups.map((group, index) => ({
    ...group,
    charts: group.charts.map((chart, place) => ({
      ...chart,
      content: {
        ...chart.content,
        window: withRoom(chart.content.window),
        outlook: drawn[index]?.[place] ?? null,
      },
    })),
  }))
}

function withRoom({ from, to }: Stretch): Stretch {
  return { from, to: to + (to - from) * ROOM }
}

function outlookOf({ from, at, limit, observedMs }: ForecastOut): Outlook | null {
  if (from === null || at === null || limit === null) return null
  return {
    at: Date.parse(from.at),
    value: from.value,
    observedMs: observedMs ?? 0,
    limit,
    earliest: Date.parse(at.earliest),
    likely: Date.parse(at.likely),
    latest: Date.parse(at.latest),
  }
}
