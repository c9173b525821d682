/** Which rows of the fleet are shown, and in which order. */
import { badness, type Status, TONE } from '#shared/catalogue/statuses.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import type { Environment } from '#shared/model/profile/deployment.ts'

/** `attention`: everything that is worse than healthy and is watched. */
export type StatusFilter = Status | 'attention' | null

export interface FleetFilter {
  readonly text: string
  readonly status: StatusFilter
  readonly environment: Environment | null
}

export const NO_FILTER: FleetFilter = { text: '', status: null, environment: null }

/** The worst first; the name decides between equals, so that rows keep their places. */
export function byBadness(a: FleetRow, b: FleetRow): number {
  return badness(b.status) - badness(a.status) || a.name.localeCompare(b.name)
}

/** Rows that the filter lets through. `wordsOf` gives a row's reason as it is read. */
export function filterRows(
  rows: readonly FleetRow[],
  { text, status, environment }: FleetFilter,
  wordsOf: (row: FleetRow) => string,
): FleetRow[] {
  const wanted = text.trim().toLowerCase()
  return rows.filter((row) => {
    if (environment !== null && row.environment !== environment) return false
    if (
      status === 'attention'
        ? TONE[row.status] === 'good' || row.paused
        : status !== null && row.status !== status
    ) {
      return false
    }
    if (wanted === '') return true
    const matches = (words: string) => words.toLowerCase().includes(wanted)
    return matches(row.name) || matches(row.description ?? '') || matches(wordsOf(row))
  })
}
