/** What a restore of tables would do, whom it holds up, what of it is lost, and why it would not be begun. */
import type { OperationPreview } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { RestoreTables } from '#shared/model/restore.ts'
import type { Subject } from '../../../operations/kind.ts'
import { aboutStaging } from '../../staging/plan.ts'
import type { RestoreDependencies } from '../kind.ts'
import { stagingOfOne } from '../staging.ts'
import { isOf } from './is-of.ts'
import { newColumns } from './judge-columns.ts'
import { ownInbound } from './live.ts'
import { locked, WAITS_MS } from './locking.ts'
import { aboutMissing, listOf, NO_TABLES } from './missing-words.ts'
import { inWords, tableNamesOf } from './names.ts'
import { newPartitions } from './partitions.ts'
import { aboutReading } from './reading.ts'
import { lookBeforeTables, refusalsOf } from './source.ts'
import { CONNECTIONS } from './steps.ts'

type Preview = Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>

export async function previewTables(
  dependencies: RestoreDependencies,
  subject: Subject<RestoreTables>,
): Promise<Preview> {
  const { options, profile } = subject
  const looked = await lookBeforeTables(dependencies, subject)
  const { source, found, free } = looked
  const { database, backup } = source
  const { manifest } = backup
  const { before } = tableNamesOf(database, null)
  const staged = await aboutStaging(stagingOfOne(dependencies, profile, source), source.part.plainBytes)
  const seconds = Math.max(0, Math.round((dependencies.clock.now() - manifest.startedAt) / 1000))
  const tables = found.chosen.flatMap((table): Reason[] => {
    const now = found.live.tables.find(isOf(table))
    const rows = found.counted.find(isOf(table))?.rows
    const made = found.missing?.definitions.tables.find(isOf(table))
    if (now === undefined && made !== undefined && rows !== undefined) {
      const params = {
        table: inWords(table),
        restored: rows,
        owner: made.owner,
        backup: manifest.id,
        seconds,
      }
      return [{ code: 'restore-tables-makes', params }]
    }
    const parts = found.wholes.filter(({ partition }) => partition !== null && isOf(table)(partition.parent))
    if (parts.length > 0 || now?.kind === 'p' || made?.kind === 'partitioned') {
      const params = { table: inWords(table), partitions: parts.length, owner: made?.owner ?? '' }
      return [{ code: now === undefined ? 'restore-tables-makes-whole' : 'restore-tables-whole', params }]
    }
    if (now === undefined || rows === undefined) return []
    const about = { table: inWords(table), restored: rows, backup: manifest.id, seconds }
    const added = newColumns(now, found.dumped.find(isOf(table))?.columns ?? [])
    return [
      now.rows === null
        ? { code: 'restore-tables-fills-uncounted', params: about }
        : { code: 'restore-tables-fills', params: { ...about, now: now.rows } },
      ...(added.length === 0
        ? []
        : [
            {
              code: 'restore-tables-columns-new',
              params: { table: inWords(table), columns: added.map(({ name }) => name).join(', ') },
            },
          ]),
    ]
  })
  const referring = ownInbound(found.live).map(({ name, from, to }) => ({
    code: 'restore-tables-referred',
    params: { constraint: name, from: inWords(from), to: inWords(to) },
  }))
  const triggers = found.live.tables.flatMap((table) =>
    table.triggers.map(({ name }) => `${inWords(table)}: ${name}`),
  )
  const sequences = found.live.tables.flatMap((table) => table.sequences.map(inWords))
  const added = newPartitions(found.live, found.chosen)
  const bytes = found.live.tables.reduce((sum, table) => sum + table.bytes, 0)
  const makes = found.missing === null ? NO_TABLES : aboutMissing(found.missing)
  const names = listOf([...locked(found.live), ...makes.locked])
  const filled = found.chosen.filter((table) => found.live.tables.some(isOf(table)))
  const kept = listOf(filled)
  return {
    changes: [
      ...staged.changes,
      ...tables,
      ...referring,
      ...makes.changes,
      ...(kept === '' ? [] : [{ code: 'restore-tables-keeps', params: { before, tables: kept } }]),
      ...(kept === ''
        ? []
        : [
            {
              code: 'restore-tables-as-owner',
              params: {
                owners: [...new Set(found.live.tables.map(({ owner }) => owner))].join(', '),
                user: found.server.user,
              },
            },
          ]),
      ...(sequences.length === 0
        ? []
        : [{ code: 'restore-tables-sequences', params: { sequences: sequences.join(', ') } }]),
      ...(names === ''
        ? []
        : [{ code: 'restore-tables-locks', params: { tables: names, seconds: WAITS_MS / 1_000 } }]),
    ],
    irreversible: [
      ...(kept === ''
        ? []
        : [
            { code: 'restore-tables-loses-since', params: { tables: kept, before, seconds } },
            { code: 'restore-tables-undo-loses', params: { tables: kept } },
          ]),
      ...makes.irreversible,
    ],
    warnings: [
      ...(added.length === 0
        ? []
        : [{ code: 'restore-tables-partitions-new', params: { tables: listOf(added) } }]),
      ...makes.warnings,
      ...aboutReading(
        found.server,
        { database, before },
        { kept: filled, made: found.missing?.definitions.tables ?? [] },
      ),
      ...(kept === '' ? [] : [roomFor(bytes, found.server.isRead)]),
      ...(triggers.length === 0
        ? []
        : [{ code: 'restore-tables-triggers', params: { triggers: triggers.join(', ') } }]),
      ...(backup.state === 'proven' ? [] : [{ code: 'restore-not-proven', params: {} }]),
      ...(backup.problem === null ? [] : [backup.problem]),
    ],
    refusals: [...refusalsOf(looked, options), ...staged.refusals],
    databases: [{ name: database, bytes: looked.bytes }],
    connections: { needed: CONNECTIONS, free },
    // They wait for the locks, however short.
    services: names === '' ? [] : profile.services.map(({ name }) => name),
  }
}

/** Where somebody reads what changes, or may, rows that are put aside are written twice. */
function roomFor(bytes: number, isRead: boolean): Reason {
  return {
    code: isRead ? 'restore-tables-room-read' : 'restore-tables-room',
    params: { megabytes: Math.ceil(((isRead ? 4 : 3) * bytes) / 1_048_576) },
  }
}
