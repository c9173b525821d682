/** The faults of a profile that the console refused. */
import { ProfileIssue } from '#shared/model/profile/deployment.ts'
import { refusalOf } from '../../../client/client.ts'

/** None where the error is of another kind. */
export function issuesOf(error: unknown): ProfileIssue[] {
  const data = refusalOf(error)?.data
  if (typeof data !== 'object' || data === null || !('issues' in data)) return []
  return ProfileIssue.array().safeParse(data.issues).data ?? []
}
