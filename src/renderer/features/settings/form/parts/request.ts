/** A request of the profile's own in the form. */
import type { Request } from '#shared/model/profile/request.ts'
import { type BoundsDraft, boundsDraft, boundsOf } from './bounds.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'

export interface RequestDraft extends BoundsDraft {
  name: string
  path: string
  every: number | ''
  status: number | ''
  json: string
  kept: Kept
}

export const newRequest = (): RequestDraft => ({
  ...requestDraft({ name: '', path: '', every: 60 }),
  kept: NOTHING_KEPT,
})

export function requestDraft(request: Request): RequestDraft {
  const { name, path, every, status, json } = request
  return { name, path, every, status: status ?? '', json: json ?? '', ...boundsDraft(request), kept: request }
}

export function requestOf(draft: RequestDraft): Record<string, unknown> {
  const { name, path, every, status, json, kept } = draft
  const fields = {
    name: name.trim(),
    path: path.trim(),
    every,
    status,
    json: json.trim(),
    ...boundsOf(draft),
  }
  return onTop(kept, fields, ['name', 'path'])
}
