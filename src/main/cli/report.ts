/** What `vakhta probe` says: steps as they are walked, then statuses with their reasons and metrics. */
import type { i18n } from 'i18next'
import { METRICS, type MetricName, type MetricUnit } from '#shared/catalogue/metrics.ts'
import type { ConnectionStatus } from '#shared/catalogue/statuses.ts'
import { failureText, reasonText, stepDetailText } from '#shared/locales/translate.ts'
import type { ReachStepResult } from '#shared/model/failure.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'

const MARK = { ok: 'ok', failed: 'FAILED', skipped: 'skipped' } as const

const UNITS: Partial<Record<MetricUnit, string>> = {
  percent: ' %',
  seconds: ' s',
  milliseconds: ' ms',
  bytes: ' bytes',
  'bytes-per-second': ' bytes/s',
  'per-second': ' /s',
  'per-minute': ' /min',
  days: ' days',
}

/** One step of the way, with what to do where it failed. */
export function stepLine(
  translator: i18n,
  { step, hop, status, ms, failure, detail }: ReachStepResult,
): string {
  const took = ms === null ? '' : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
  const line = `  ${MARK[status].padEnd(8)}${step.padEnd(20)}${took.padStart(9)}  ${hop}`
  const found = detail === null ? null : stepDetailText(translator, detail)
  const more = failure === null ? found : failureText(translator, failure)
  if (more === null) return line
  return failure === null ? `${line} (${more})` : `${line}\n          ${more}`
}

/** One probe's status, its reason, and the metrics that are known; the others by name alone. */
export function observationLines(translator: i18n, observation: Observation): string {
  const { probe, target, status, reason, values } = observation
  const known = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [`      ${name} ${metric(name, value)}`],
  )
  const unknown = Object.keys(values).filter((name) => values[name as MetricName] === null)
  // Where nothing is known, the reason says why.
  const named = known.length === 0 || unknown.length === 0 ? [] : [`      not known: ${unknown.join(', ')}`]
  const head = `  ${status.padEnd(13)}${probe} ${target}: ${reasonText(translator, reason)}`
  return [head, ...known, ...named].join('\n')
}

function metric(name: string, value: number): string {
  const unit = Object.hasOwn(METRICS, name) ? UNITS[METRICS[name as MetricName].unit] : undefined
  return `${Math.round(value * 1000) / 1000}${unit ?? ''}`
}

export interface ProbedDeployment {
  readonly profile: DeploymentProfile
  readonly steps: readonly ReachStepResult[]
  readonly connection: ConnectionStatus
  readonly observations: readonly Observation[]
}

/** The same for scripts: times in ISO 8601, reasons with their text. */
export function deploymentReport(
  translator: i18n,
  { profile, steps, connection, observations }: ProbedDeployment,
) {
  return {
    name: profile.name,
    environment: profile.environment,
    connection,
    steps: steps.map(({ failure, ...step }) => ({
      ...step,
      failure: failure === null ? null : { ...failure, text: failureText(translator, failure) },
    })),
    observations: observations.map(({ probe, target, at, status, reason, values, cost }) => ({
      probe,
      target,
      at: new Date(at).toISOString(),
      status,
      reason: { ...reason, text: reasonText(translator, reason) },
      metrics: values,
      cost,
    })),
  }
}
