/** Which rows of the fleet are shown, and in which order. */
import { ENVIRONMENTS } from '#shared/catalogue/environments.ts'
import { badness, TONE } from '#shared/catalogue/statuses.ts'
import type { FleetView } from '#shared/contract/console.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import type { Environment } from '#shared/model/profile/deployment.ts'

export const FIRST_VIEW: FleetView = {
  text: '',
  status: null,
  environment: null,
  tag: null,
  sort: 'badness',
  group: 'none',
}

/** What narrows the fleet down; its order and groups stay. */
export const NO_FILTER = {
  text: '',
  status: null,
  environment: null,
  tag: null,
} as const satisfies Partial<FleetView>
export type FleetFilter = Pick<FleetView, keyof typeof NO_FILTER>

/** Worse than healthy, and watched. */
export function needsAttention({ status, paused }: FleetRow): boolean {
  return TONE[status] !== 'good' && !paused
}

/** The worst first; the name decides between equals, so that rows keep their places. */
export function byBadness(a: FleetRow, b: FleetRow): number {
  return badness(b.status) - badness(a.status) || a.name.localeCompare(b.name)
}

/** Rows that the filter lets through. `wordsOf` gives a row's reason as it is read. */
export function filterRows(
  rows: readonly FleetRow[],
  { text, status, environment, tag }: FleetFilter,
  wordsOf: (row: FleetRow) => string,
): FleetRow[] {
  const wanted = text.trim().toLowerCase()
  return rows.filter((row) => {
    if (environment !== null && row.environment !== environment) return false
    if (tag !== null && !row.tags.includes(tag)) return false
    if (status === 'attention' ? !needsAttention(row) : status !== null && row.status !== status) {
      return false
    }
    if (wanted === '') return true
    const matches = (words: string) => words.toLowerCase().includes(wanted)
    return (
      matches(row.name) || matches(row.description ?? '') || row.tags.some(matches) || matches(wordsOf(row))
    )
  })
}

/** The order of rows: by what was chosen, then the worst first, so that rows keep their places. */
export function inOrder(sort: FleetView['sort']): (a: FleetRow, b: FleetRow) => number {
  if (sort === 'badness') return byBadness
  if (sort === 'name') return (a, b) => a.name.localeCompare(b.name)
  const figureOf = (row: FleetRow) =>
    row.sparklines.find(({ metric }) => metric === sort)?.value ?? Number.NEGATIVE_INFINITY
  return (a, b) => {
    const [first, second] = [figureOf(a), figureOf(b)]
    return first === second ? byBadness(a, b) : second > first ? 1 : -1
  }
}

/** Every tag that some deployment has, in the order of the alphabet. */
export function tagsOf(rows: readonly FleetRow[]): string[] {
  return [...new Set(rows.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b))
}

export interface FleetGroup {
  /** What its rows have in common; `null`: they are all there are. `tag` is `null` for those without any. */
  readonly of:
    | { readonly by: 'environment'; readonly environment: Environment }
    | { readonly by: 'tag'; readonly tag: string | null }
    | null
  readonly rows: readonly FleetRow[]
}

/**
 * Rows in groups that are not empty. By environment production comes first: what matters most stands on top, however it is.
 * By tag each stands with its first, and those without come last.
 */
export function inGroups(rows: readonly FleetRow[], group: FleetView['group']): FleetGroup[] {
  if (group === 'none') return [{ of: null, rows }]
  const groups: FleetGroup[] =
    group === 'environment'
      ? ENVIRONMENTS.map((environment) => ({
          of: { by: group, environment },
          rows: rows.filter((row) => row.environment === environment),
        }))
      : [...tagsOf(rows), null].map((tag) => ({
          of: { by: group, tag },
          rows: rows.filter((row) => (row.tags[0] ?? null) === tag),
        }))
  return groups.filter((one) => one.rows.length > 0)
}

/** A group's name among the others. */
export function keyOf({ of }: FleetGroup): string {
  if (of === null) return 'all'
  return of.by === 'environment' ? of.environment : `tag ${of.tag ?? ''}`
}
