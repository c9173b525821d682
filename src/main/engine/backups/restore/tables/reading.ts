/** Who reads what changes in the database, and what that means for a restore of tables. Pure. */
import type { Reason } from '#shared/model/reason.ts'
import type { Table } from '../../postgres/snapshot.ts'
import { tellsOfRewrites } from '../../postgres/untold.ts'
import { listOf } from './missing-words.ts'

export interface Reading {
  /** Slots of it. */
  readonly readers: readonly string[]
  /** By one of them, or for all that is known by others. */
  readonly isRead: boolean
  /** Publications of all tables. */
  readonly publications: readonly string[]
  /** Of the server, in words and as `server_version_num`. */
  readonly version: string
  readonly number: number
}

export function refusalsOfReading({
  readers,
  version,
  number,
}: Pick<Reading, 'readers' | 'version' | 'number'>): Reason[] {
  if (readers.length === 0 || !tellsOfRewrites(number)) return []
  return [{ code: 'restore-tables-read-too-old', params: { version, slots: readers.join(', ') } }]
}

/** @param before the schema that rows are put aside in @param kept tables that get other rows @param made those that are made anew */
export function aboutReading(
  { readers, publications }: Pick<Reading, 'readers' | 'publications'>,
  about: { readonly database: string; readonly before: string },
  { kept, made }: { readonly kept: readonly Table[]; readonly made: readonly Table[] },
): Reason[] {
  const { database, before } = about
  const slots = readers.join(', ')
  const isSeen = readers.length > 0
  const reasons: (Reason | false)[] = [
    isSeen &&
      kept.length > 0 && { code: 'restore-tables-read', params: { database, slots, tables: listOf(kept) } },
    isSeen &&
      made.length > 0 && {
        code: 'restore-tables-read-made',
        params: { database, slots, tables: listOf(made) },
      },
    kept.length > 0 &&
      publications.length > 0 && {
        code: 'restore-tables-published',
        params: { before, publications: publications.join(', ') },
      },
  ]
  return reasons.filter((one) => one !== false)
}
