/** What a preview says of tables that are made anew: what comes back with them, what does not, and what taking it back loses. Pure. */
import type { Reason } from '#shared/model/reason.ts'
import type { Table } from '../../postgres/snapshot.ts'
import { besidesMissing, grantsLeftOut, keysAgain } from './judge-missing.ts'
import { type MissingFound, sequencesThere } from './missing.ts'
import { inWords } from './names.ts'

export interface MissingWords {
  readonly changes: readonly Reason[]
  readonly irreversible: readonly Reason[]
  readonly warnings: readonly Reason[]
  readonly locked: readonly Table[]
}

export const NO_TABLES: MissingWords = { changes: [], irreversible: [], warnings: [], locked: [] }

export function aboutMissing(found: MissingFound): MissingWords {
  const { tables } = found.definitions
  if (tables.length === 0) return NO_TABLES
  const kept = tables.flatMap((table) => sequencesThere(table, found))
  return {
    changes: [
      ...tables.flatMap(({ partition, ...table }): Reason[] =>
        partition === null
          ? []
          : [
              {
                code: 'restore-tables-joins',
                params: { table: inWords(table), parent: inWords(partition.parent) },
              },
            ],
      ),
      ...keysAgain(found).flatMap(({ key, not }): Reason[] =>
        not === null ? [{ code: 'restore-tables-key-again', params: paramsOf(key) }] : [],
      ),
      { code: 'restore-tables-builds', params: { tables: listOf(tables) } },
    ],
    irreversible: [{ code: 'restore-tables-undo-drops', params: { tables: listOf(tables) } }],
    warnings: [
      ...keysAgain(found).flatMap(({ key, not }): Reason[] =>
        not === null ? [] : [{ code: not, params: paramsOf(key) }],
      ),
      ...tables.flatMap((table): Reason[] => {
        const roles = grantsLeftOut(table, found)
        return roles.length === 0
          ? []
          : [
              {
                code: 'restore-tables-grants-left',
                params: { table: inWords(table), roles: roles.join(', ') },
              },
            ]
      }),
      ...tables.flatMap(({ dependents, ...table }): Reason[] =>
        dependents.length === 0
          ? []
          : [
              {
                code: 'restore-tables-not-again',
                params: { table: inWords(table), things: dependents.join(', ') },
              },
            ],
      ),
      ...(kept.length === 0
        ? []
        : [{ code: 'restore-tables-sequences-there', params: { sequences: listOf(kept) } }]),
    ],
    locked: besidesMissing(found),
  }
}

function paramsOf({ name, from, to }: { readonly name: string; readonly from: Table; readonly to: Table }) {
  return { constraint: name, from: inWords(from), to: inWords(to) }
}

export function listOf(tables: readonly Table[]): string {
  return [...new Set(tables.map(inWords))].join(', ')
}
