/** The numbers under which series, metrics and shapes are stored: read once, then kept in memory as new ones come. */
import type { DatabaseSync } from 'node:sqlite'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { MetricValues } from '#shared/model/observation.ts'

export interface Series {
  readonly id: number
  readonly deployment: string
  readonly probe: ProbeId
  readonly target: string
}

export interface Shape {
  readonly id: number
  readonly names: readonly string[]
}

export interface CatalogueNumbers {
  /** The series of a deployment; none, where nothing was ever stored for it. */
  seriesOf(deployment: string): readonly Series[]
  allSeries(): Iterable<Series>
  series(deployment: string, probe: ProbeId, target: string): Series
  /** `null` where no value of that name was ever stored. */
  metric(name: string): number | null
  shapeOf(values: MetricValues): Shape
  /** Numbers of the metrics of a shape. */
  metricsOfShape(shape: number): readonly number[]
  /** Forgets what was numbered in a transaction that did not succeed, by reading the tables again. */
  reload(): void
}

export function createCatalogueNumbers(database: DatabaseSync): CatalogueNumbers {
  const insertSeries = database.prepare('INSERT INTO series (deployment, probe, target) VALUES (?, ?, ?)')
  const insertMetric = database.prepare('INSERT INTO metrics (name) VALUES (?)')
  const insertShape = database.prepare('INSERT INTO shapes (metrics) VALUES (?)')

  const series = new Map<string, Map<string, Series>>()
  const metrics = new Map<string, number>()
  const names = new Map<number, string>()
  /** By the metrics' numbers, ascending. */
  const shapes = new Map<string, Shape>()
  const shapeMetrics = new Map<number, readonly number[]>()
  /** By the names as an observation has them: a probe always makes its values in the same order. */
  const known = new Map<string, Shape>()

  function reload(): void {
    for (const map of [series, metrics, names, shapes, shapeMetrics, known]) map.clear()
    for (const row of database.prepare('SELECT id, deployment, probe, target FROM series').all()) {
      remember(row as unknown as Series)
    }
    for (const row of database.prepare('SELECT id, name FROM metrics').all()) {
      metrics.set(String(row.name), Number(row.id))
      names.set(Number(row.id), String(row.name))
    }
    for (const row of database.prepare('SELECT id, metrics FROM shapes').all()) {
      addShape(Number(row.id), String(row.metrics))
    }
  }

  function remember(one: Series): Series {
    let ofDeployment = series.get(one.deployment)
    if (ofDeployment === undefined) {
      ofDeployment = new Map()
      series.set(one.deployment, ofDeployment)
    }
    ofDeployment.set(`${one.probe}/${one.target}`, one)
    return one
  }

  function addShape(id: number, text: string): Shape {
    const numbers = JSON.parse(text) as number[]
    const shape = { id, names: numbers.map((number) => names.get(number) ?? '') }
    shapes.set(text, shape)
    shapeMetrics.set(id, numbers)
    return shape
  }

  function numberOf(name: string): number {
    const found = metrics.get(name)
    if (found !== undefined) return found
    const id = Number(insertMetric.run(name).lastInsertRowid)
    metrics.set(name, id)
    names.set(id, name)
    return id
  }

  reload()
  return {
    seriesOf: (deployment) => [...(series.get(deployment)?.values() ?? [])],
    *allSeries() {
      for (const ofDeployment of series.values()) yield* ofDeployment.values()
    },
    series(deployment, probe, target) {
      const found = series.get(deployment)?.get(`${probe}/${target}`)
      if (found !== undefined) return found
      const id = Number(insertSeries.run(deployment, probe, target).lastInsertRowid)
      return remember({ id, deployment, probe, target })
    },
    metric: (name) => metrics.get(name) ?? null,
    shapeOf(values) {
      const key = Object.keys(values).join('\n')
      const found = known.get(key)
      if (found !== undefined) return found
      const numbers = Object.keys(values)
        .map(numberOf)
        .sort((a, b) => a - b)
      const text = JSON.stringify(numbers)
      const shape = shapes.get(text) ?? addShape(Number(insertShape.run(text).lastInsertRowid), text)
      known.set(key, shape)
      return shape
    },
    metricsOfShape: (shape) => shapeMetrics.get(shape) ?? [],
    reload,
  }
}
