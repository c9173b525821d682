/** Migrations: the revision that the schema is at, as the tool that migrates it keeps it in a table. */
import { type Draft, type Sighting, seenChange } from '../draft.ts'

type Revisions = Readonly<Record<string, string>>

/** A table that is not there now may only be locked, or not be readable: what it said the last time is kept. */
export function watchSchema(
  before: Revisions | undefined,
  revisions: Revisions | undefined,
  sighting: Sighting,
): { events: Draft[]; known: Revisions | undefined } {
  if (revisions === undefined || before === undefined) return { events: [], known: revisions ?? before }
  const events = Object.entries(revisions).flatMap(([place, revision]) => {
    const last = before[place]
    if (last === revision) return []
    return last === undefined
      ? [seenChange('schema', sighting, 'schema-first', { place, revision })]
      : [seenChange('schema', sighting, 'schema-changed', { place, before: last, revision })]
  })
  return { events, known: { ...before, ...revisions } }
}
