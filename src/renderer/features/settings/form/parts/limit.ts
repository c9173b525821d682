/** A limit that overrides the catalogue's, in the form. */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'

export interface LimitDraft {
  metric: string
  warning: number | ''
  critical: number | ''
  kept: Kept
}

export const newLimit = (): LimitDraft => ({ metric: '', warning: '', critical: '', kept: NOTHING_KEPT })

export function limitDrafts(limits: DeploymentProfile['limits']): LimitDraft[] {
  return Object.entries(limits).map(([metric, limit]) => ({
    metric,
    warning: limit?.warning ?? '',
    critical: limit?.critical ?? '',
    kept: limit ?? NOTHING_KEPT,
  }))
}

export function limitsOf(drafts: readonly LimitDraft[]): Record<string, unknown> {
  return Object.fromEntries(
    drafts
      .filter(({ metric }) => metric !== '')
      .map(({ metric, warning, critical, kept }) => [metric, onTop(kept, { warning, critical })]),
  )
}
