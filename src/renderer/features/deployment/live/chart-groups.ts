/** Which charts there are, in which groups and what each draws: data, in the order of the screen. */
import type { LabelledMetric } from '#shared/catalogue/labelled.ts'
import type { ChartedMetric, GroupDefinition } from './groups/definition.ts'
import { EXPOSITION } from './groups/exposition.ts'
import { HOST } from './groups/host.ts'
import { POOL } from './groups/pool.ts'
import { REDIS } from './groups/redis.ts'
import { SERVICE } from './groups/service.ts'

export const CHART_GROUPS: readonly GroupDefinition[] = [POOL, REDIS, SERVICE, HOST, EXPOSITION]

/** Every metric that the charts draw, each once: what one call asks the history for. */
export const CHARTED_METRICS: (ChartedMetric | LabelledMetric)[] = [
  ...new Set(
    CHART_GROUPS.flatMap(({ charts, labelled = [] }) => [
      ...charts.flatMap(({ lines }) => lines.map((one) => one.metric)),
      ...labelled.map((chart) => chart.labelled),
    ]),
  ),
]
