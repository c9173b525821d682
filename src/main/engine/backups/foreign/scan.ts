/** Reads a dump that others made to its end, and runs nothing of it: what is in it, and whether it may be restored at all. */
import type { Counted } from '../postgres/snapshot.ts'
import { createReading, type Told } from './reading.ts'
import { readScript } from './script.ts'

export interface Scanned extends Told {
  /** Rows that `COPY` brings; those of `INSERT` are not counted. */
  readonly tables: readonly Counted[]
}

/** @throws BackupError that says what is wrong with it, and in which line */
export async function scanScript(source: AsyncIterable<Buffer>): Promise<Scanned> {
  const reading = createReading()
  const tables = new Map<string, Counted>()
  let at: string | null = null
  for await (const unit of readScript(source)) {
    if (unit.kind === 'rows-end') at = null
    else if (unit.kind === 'rows') {
      const table = at === null ? undefined : tables.get(at)
      if (table !== undefined && at !== null) tables.set(at, { ...table, rows: table.rows + unit.count })
    } else {
      const deed = reading.judge(unit)
      if (deed.kind !== 'copy' || deed.table === null) continue
      at = JSON.stringify([deed.table.schema, deed.table.name])
      tables.set(at, tables.get(at) ?? { ...deed.table, rows: 0 })
    }
  }
  return { ...reading.end(), tables: [...tables.values()] }
}
