/** How urgent an alert is by its rule, where it is, and what of a look it is judged by. */
import { capped, type Severity, type SeverityCaps, urgency } from '#shared/catalogue/severities.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { AlertRecord } from './records.ts'
import { isBeyond } from './rules/evaluate.ts'
import { alertReason } from './rules/reason-of.ts'
import type { Decided } from './rules/rounds.ts'
import type { Measured } from './turns.ts'

/** What of a rule an alert goes by for as long as it fires. */
export type Ruling = Pick<
  AlertRule,
  'levels' | 'direction' | 'unit' | 'channels' | 'cooldownSeconds' | 'checklist'
>

export interface RulingOptions {
  readonly capsOf: () => SeverityCaps
  readonly profileOf: (deployment: string) => Pick<DeploymentProfile, 'environment'> | null
}

export function createRuling({ capsOf, profileOf }: RulingOptions) {
  function severityOf(
    { rule }: { readonly rule: Pick<AlertRule, 'levels'> },
    level: number,
    deployment: string,
  ): Severity {
    const severity = (rule.levels[level] ?? rule.levels.at(-1))?.severity ?? 'WARNING'
    return capped(severity, capsOf()[environmentOf(deployment)])
  }

  function environmentOf(deployment: string): AlertRecord['environment'] {
    return profileOf(deployment)?.environment ?? 'production'
  }

  return {
    severityOf,
    environmentOf,

    /** How urgent it is by its rule. Of an edited rule the level in that place may be another, that what was measured is not beyond. */
    rulingOf(record: AlertRecord, rule: Ruling, isEdited: boolean): Severity {
      const severity = severityOf({ rule }, record.level, record.deployment)
      const { level: place, value, unit } = record
      const level = rule.levels[place]
      if (!isEdited || urgency(severity) <= urgency(record.severity)) return severity
      if (level === undefined || value === null || unit !== rule.unit) return severity
      return isBeyond(rule.direction, level.threshold, value) ? severity : record.severity
    },
  }
}

export type Rulings = ReturnType<typeof createRuling>

/** What a look measured, beside the line of a level. */
export function measuredBy({ rule, reading, subject }: Decided, level: number): Measured {
  const { threshold, unit } = {
    ...(rule.levels[level] ?? rule.levels[0]),
    unit: rule.unit,
    ...reading.instead,
  } as {
    threshold: number
    unit: string
  }
  const { value } = reading
  const measured = { value, threshold, unit }
  return { ...measured, reason: alertReason(rule, subject, measured, reading.because) }
}
