/** An alert as labels, which tell it apart elsewhere and which silences may go by. Pure. */
import type { Severity } from '#shared/catalogue/severities.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { LabelMatcher } from '#shared/model/label-matcher.ts'

export type Labelled = Pick<Alert, 'rule' | 'deployment' | 'severity' | 'subject'>

/** Names that a label of ours may have whatever the alert is about. */
export const COMMON_LABELS = ['alertname', 'deployment', 'severity', 'probe', 'target'] as const

export function labelsOf(
  { rule, deployment, subject, severity: own }: Labelled,
  severity: Severity = own,
): Record<string, string> {
  const labels = Object.entries(subject.labels).map(([name, value]) => [labelName(name), value])
  return {
    ...Object.fromEntries(labels),
    alertname: rule,
    deployment,
    severity: severity.toLowerCase(),
    ...(subject.probe === null ? {} : { probe: subject.probe }),
    ...(subject.target === null ? {} : { target: subject.target }),
  }
}

/** As Alertmanager takes it. */
export function labelName(name: string): string {
  return name.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_')
}

export function fitsLabels(
  matchers: readonly LabelMatcher[],
  labels: Readonly<Record<string, string>>,
): boolean {
  return matchers.every((matcher) => fitsValue(matcher, labels[matcher.name] ?? ''))
}

/** A pattern is of the whole value. */
export function fitsValue(matcher: LabelMatcher, value: string): boolean {
  const { isRegex, isEqual } = matcher
  return (isRegex ? patternOf(matcher).test(value) : value === matcher.value) === isEqual
}

const patterns = new WeakMap<LabelMatcher, RegExp>()

function patternOf(matcher: LabelMatcher): RegExp {
  const known = patterns.get(matcher) ?? new RegExp(`^(?:${matcher.value})$`, 'u')
  patterns.set(matcher, known)
  return known
}
