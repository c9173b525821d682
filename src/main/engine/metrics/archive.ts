/** `metrics.db`: takes observations in as rows, and gives stretches of a series back as frames. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { Status } from '#shared/catalogue/statuses.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { openDatabase } from '../store/database.ts'
import { asStoreError } from '../store/sqlite-error.ts'
import { inTransaction } from '../store/transaction.ts'
import { type CatalogueNumbers, createCatalogueNumbers } from './catalogue-numbers.ts'
import { decodeChunk } from './chunk.ts'
import { type Frame, mergeFrames, sliceFrame } from './frame.ts'
import { CHUNK_MS, GRAIN_MS, MINUTE_MS, type Source, startOf } from './grains.ts'
import { createLabelledNames, type LabelledNames } from './labelled-names.ts'
import { keptValue, type Numbered, type PackedRow, packValues, unpackRows } from './packing.ts'
import { rollUp } from './rollup.ts'
import { METRICS_APPLICATION_ID, METRICS_MIGRATIONS } from './schema.ts'
import { statusCode } from './status-codes.ts'

/** What of an observation goes into the history. */
export interface Sighting {
  readonly deployment: string
  readonly probe: ProbeId
  readonly target: string
  readonly at: number
  readonly status: Status
  readonly values: MetricValues
}

export interface Archive {
  readonly numbers: CatalogueNumbers
  readonly labelled: LabelledNames
  /** Runs `work` in one transaction; what fails is taken back, and thrown as `StoreError` where the disk is to blame. */
  write<T>(work: (database: DatabaseSync) => T): T
  read<T>(work: (database: DatabaseSync) => T): T
  /** Stores all or none. One of the same series and time as another takes its place. */
  store(sightings: readonly Sighting[]): void
  /**
   * Rows with `from` ≤ time < `to`, from chunks and from what is not sealed yet.
   * @param wanted numbers of metrics; `null`: all
   */
  frame(source: Source, series: number, from: number, to: number, wanted: ReadonlySet<number> | null): Frame
  /** Rows that are not sealed yet. */
  openRows(series: number, from: number, to: number, wanted: ReadonlySet<number> | null): Frame
  /** One sealed chunk; `null` where there is none, or it is damaged. */
  chunk(source: Source, series: number, start: number): Frame | null
  /** Deletes rows that were sealed; within `write`. */
  clearOpenRows(series: number, from: number, to: number): void
  /** `rows`: observations, sealed or not. `bytes`: of the file and its log. */
  size(): { rows: number; bytes: number }
  close(): void
}

export interface ArchiveOptions {
  readonly dataDirectory: string
  /** Told of a chunk that cannot be read; the others still are. */
  readonly onDamage: (message: string) => void
}

/** @throws StoreError where the file is corrupt, newer, read-only or occupied, or the disk is full */
export function openArchive({ dataDirectory, onDamage }: ArchiveOptions): Archive {
  const path = join(dataDirectory, 'metrics.db')
  const database = openDatabase({
    path,
    applicationId: METRICS_APPLICATION_ID,
    migrations: METRICS_MIGRATIONS,
    synchronous: 'NORMAL',
    // A large one would keep the console waiting; its chunks carry checksums of their own.
    checkUpToBytes: 32 * 1024 * 1024,
  })
  database.exec('PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 67108864')
  const numbers = createCatalogueNumbers(database)
  const labelled = createLabelledNames(database)
  const insert = database.prepare(
    'INSERT OR IGNORE INTO raw (status, shape, packed, series, at) VALUES (?, ?, ?, ?, ?)',
  )
  const update = database.prepare(
    'UPDATE raw SET status = ?, shape = ?, packed = ? WHERE series = ? AND at = ?',
  )
  const clear = database.prepare('DELETE FROM raw WHERE series = ? AND at >= ? AND at < ?')
  const selectRows = database.prepare(
    'SELECT at, status, shape, packed FROM raw WHERE series = ? AND at >= ? AND at < ? ORDER BY at',
  )
  const selectChunks = database.prepare(
    'SELECT blob FROM chunks WHERE series = ? AND grain = ? AND start >= ? AND start < ? ORDER BY start',
  )

  /** Rows of `raw`, counted once and kept up; `null` until somebody asks, and after a write that was taken back. */
  let openRowCount: number | null = null

  function read<T>(work: (database: DatabaseSync) => T): T {
    try {
      return work(database)
    } catch (error) {
      throw asStoreError(error, path, 'read it')
    }
  }

  function write<T>(work: (database: DatabaseSync) => T): T {
    try {
      return inTransaction(database, work)
    } catch (error) {
      openRowCount = null
      numbers.reload()
      labelled.reload()
      throw asStoreError(error, path, 'write to it')
    }
  }

  function openRows(series: number, from: number, to: number, wanted: ReadonlySet<number> | null): Frame {
    const rows = read(() => selectRows.all(series, Math.ceil(from), Math.ceil(to)))
    return unpackRows(
      rows.map(
        ({ at, status, shape, packed }): PackedRow => ({
          at: Number(at),
          status: Number(status),
          metrics: numbers.metricsOfShape(Number(shape)),
          packed: packed as Uint8Array,
        }),
      ),
      wanted,
    )
  }

  /** The frames of the chunks that begin in [from, to). */
  function chunks(
    source: Source,
    series: number,
    from: number,
    to: number,
    wanted: ReadonlySet<number> | null,
  ): Frame[] {
    const rows = read(() => selectChunks.all(series, GRAIN_MS[source], from, to))
    return rows.flatMap(({ blob }) => {
      try {
        return [decodeChunk(blob as Uint8Array, wanted)]
      } catch (error) {
        onDamage(`${path}: ${error instanceof Error ? error.message : String(error)}`)
        return []
      }
    })
  }

  return {
    numbers,
    labelled,
    read,
    write,
    store(sightings) {
      write(() => {
        for (const { deployment, probe, target, at, status, values } of sightings) {
          const { id } = numbers.series(deployment, probe, target)
          const { plain, numbered } = split(values, (name) => labelled.numberOf(id, name, at))
          const shape = numbers.shapeOf(plain)
          const row = [
            statusCode(status),
            shape.id,
            packValues(shape.names, plain, numbered),
            id,
            Math.round(at),
          ] as const
          if (insert.run(...row).changes === 0) update.run(...row)
          else if (openRowCount !== null) openRowCount += 1
        }
      })
    },
    openRows,
    frame(source, series, from, to, wanted) {
      const sealed = mergeFrames(chunks(source, series, startOf(from, CHUNK_MS[source]), to, wanted))
      if (source === 'raw')
        return mergeFrames([sliceFrame(sealed, from, to), openRows(series, from, to, wanted)])
      // An hour is sealed into all three grains at once: what is still in rows is in none of them, but for late
      // observations, which count from the next sealing on.
      const grain = GRAIN_MS[source]
      const rows = openRows(series, startOf(from, grain), startOf(to - 1, grain) + grain, wanted)
      // By way of minutes, as sealing does: the means are then the same to the last digit.
      const minutes = rollUp(rows, MINUTE_MS)
      const open = source === 'minute' ? minutes : rollUp(minutes, grain)
      return sliceFrame(mergeFrames([open, sealed]), from, to)
    },
    chunk(source, series, start) {
      return chunks(source, series, start, start + 1, null)[0] ?? null
    },
    clearOpenRows(series, from, to) {
      const { changes } = clear.run(series, from, to)
      if (openRowCount !== null) openRowCount -= Number(changes)
    },
    size() {
      return read(() => {
        const count = (sql: string) => Number(database.prepare(sql).get()?.count ?? 0)
        openRowCount ??= count('SELECT count(*) AS count FROM raw')
        return {
          rows: openRowCount + count('SELECT sum(rows) AS count FROM chunks WHERE grain = 0'),
          bytes: statSync(path).size + (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0),
        }
      })
    },
    close() {
      if (database.isOpen) database.close()
    },
  }
}

/** The values without labels, and the known ones of those with labels by their numbers. */
function split(
  values: MetricValues,
  numberOf: (name: string) => number | null,
): { plain: MetricValues; numbered: Numbered[] } {
  if (!Object.keys(values).some(hasLabels)) return { plain: values, numbered: [] }
  const plain: MetricValues = {}
  const numbered: Numbered[] = []
  for (const [name, value] of Object.entries(values)) {
    if (!hasLabels(name)) {
      plain[name] = value
      continue
    }
    const kept = keptValue(value)
    const number = kept === null ? null : numberOf(name)
    if (kept !== null && number !== null) numbered.push([number, kept])
  }
  return { plain, numbered }
}

function hasLabels(name: string): boolean {
  return name.endsWith('"}')
}
