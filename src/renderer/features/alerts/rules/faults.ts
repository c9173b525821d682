/** What the console found wrong with a rule, at the fields that it is about. Pure. */
import { refusalOf } from '../../../client/client.ts'
import type { RuleDraft } from './draft.ts'

export interface Faults {
  /** By the path of a field, as forms have it: `levels.0.clear`. */
  readonly fields: Readonly<Record<string, string>>
  /** What no field is about. */
  readonly elsewhere: readonly string[]
}

export const NO_FAULTS: Faults = { fields: {}, elsewhere: [] }

/** `null`: the error is of another kind. */
export function faultsIn(error: unknown, draft: RuleDraft): Faults | null {
  const refusal = refusalOf(error)
  if (refusal === null || (refusal.code !== 'BAD_REQUEST' && refusal.code !== 'UNPROCESSABLE')) return null
  const issues = issuesIn(refusal.data)
  if (issues.length === 0) return null
  const fields: Record<string, string> = {}
  const elsewhere: string[] = []
  for (const { path, message } of issues) {
    const field = fieldAt(path, draft)
    if (field === null) elsewhere.push(message)
    else fields[field] ??= message
  }
  return { fields, elsewhere }
}

function issuesIn(data: unknown): { path: string; message: string }[] {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return []
  return data.issues.flatMap((issue: unknown) => {
    if (typeof issue !== 'object' || issue === null || !('path' in issue) || !('message' in issue)) return []
    return [{ path: String(issue.path), message: String(issue.message) }]
  })
}

/** `settings.levels[0].clear` → `levels.0.clear`; lists that are one field are that field. */
function fieldAt(path: string, draft: RuleDraft): string | null {
  const keys = path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '' && key !== 'definition' && key !== 'settings')
  const [first = '', second = ''] = keys
  if (first === 'levels') return keys.length === 3 ? keys.join('.') : null
  if (first === 'condition')
    return second !== '' && second !== 'kind' && Object.hasOwn(draft, second) ? second : null
  if (first === 'scope') return second === 'tags' ? 'tags' : 'deployments'
  return Object.hasOwn(draft, first) ? first : null
}
