/** Which backups there are and how far each is proven: in `state.db`, and made again from what lies beside the backups themselves. */
import type { Backup, BackupFailure, BackupState } from '#shared/model/backup.ts'
import type { Clock } from '../clock.ts'
import type { Row, Store } from '../store/store.ts'
import { BackupError } from './backup-error.ts'
import { FOUND_BY_RESTORING, isItsOwnFault } from './faults.ts'
import { Manifest, manifestText, readManifest } from './manifest.ts'
import { manifestFileText } from './manifest-file.ts'
import type { SeenRecipient } from './recovery-keys.ts'
import { namesOf } from './stores/names-of.ts'
import type { BackupStore } from './stores/store.ts'
import { type Made, madeOf } from './view.ts'

export interface CataloguedBackup {
  readonly manifest: Manifest
  /** Where it is kept, as its store is called. */
  readonly place: string
  readonly state: BackupState
  readonly signedBy: 'this-console' | 'another'
  /** When it was read back, and restored, without a fault; milliseconds since the epoch. */
  readonly verifiedAt: number | null
  readonly provenAt: number | null
  /** How long the drill took from nothing to databases that can be used. */
  readonly recoveryMs: number | null
  /** The deployment on whose server that was; `null`: on this machine. */
  readonly recoveryOn: string | null
  /** What the latest look found wrong with it; `null`: nothing. */
  readonly problem: BackupFailure | null
}

/** Where in the order of backups one stands. */
export interface CataloguePlace {
  readonly at: number
  readonly id: string
}

export interface CatalogueQuery {
  /** `null`: of all. */
  readonly deployment: string | null
  /** Only what is behind it; `null`: from the newest on. */
  readonly before: CataloguePlace | null
  readonly limit: number
}

export interface Catalogue {
  /** Newest first, without what is told table by table. */
  list(deployment: string): Promise<Backup[]>
  /** A page of them, newest first; `next` is where the one after it begins. */
  page(query: CatalogueQuery): Promise<{ backups: Backup[]; next: CataloguePlace | null }>
  get(id: string): Promise<CataloguedBackup | null>
  /** The public keys that backups of all deployments are encrypted for. */
  recipients(): Promise<SeenRecipient[]>
  add(manifest: Manifest, place: string, signedBy: CataloguedBackup['signedBy']): Promise<void>
  /** Takes one out whose files are gone. */
  forget(id: string): Promise<void>
  /** Read back without a fault: clears what reading finds, and not what a drill found. */
  verified(id: string): Promise<void>
  /** @param on the deployment on whose server; `null`: on this machine */
  proven(id: string, recoveryMs: number, on: string | null): Promise<void>
  /** Something is wrong with it: what it was proven to be does not count any more. */
  faulty(id: string, problem: BackupFailure): Promise<void>
  /**
   * Refuses a place that has nothing of the backups that are known to be in it, and is not known as one of backups otherwise: what is mounted there is missing.
   * @throws BackupError `store-not-there`
   */
  requirePresent(store: BackupStore): Promise<void>
  /** How a place is called on record: by its name, and by others that lead to the same directory. */
  namesOf(store: BackupStore): Promise<ReadonlySet<string>>
  /**
   * Makes the entries of a place again from the manifests there: new ones are entered, those of backups that are gone are taken
   * out, and what is known of the others stays. What cannot be read or was altered is told and not entered, and so is what is known
   * at another place for as long as it is there, too; one that is not any more has moved, and is to be proven anew. What only leads elsewhere is told and left as it is.
   * @throws BackupError `store-not-there`
   */
  rebuild(
    store: BackupStore,
    ownKey: string,
  ): Promise<{ added: string[]; gone: string[]; problems: { id: string; problem: BackupFailure }[] }>
}

interface KnownRow extends Row {
  id: string
  place: string
  signed_by: CataloguedBackup['signedBy']
  verified_at: number | null
  proven_at: number | null
  recovery_ms: number | null
  recovery_on: string | null
  problem: string | null
}
interface BackupRow extends KnownRow {
  manifest: string
}
interface ListedRow extends KnownRow {
  made: string | null
}

const KNOWN = 'id, place, signed_by, verified_at, proven_at, recovery_ms, recovery_on, problem'
const NOTHING_PROVEN = 'verified_at = NULL, proven_at = NULL, recovery_ms = NULL'

export interface CatalogueOptions {
  readonly store: Store
  readonly clock: Clock
  readonly storeAt: (place: { readonly directory: string }) => BackupStore
}

export function createCatalogue({ store, clock, storeAt }: CatalogueOptions): Catalogue {
  function set(id: string, changes: string, ...values: (number | string | null)[]): Promise<void> {
    return store.write((database) => {
      database.prepare(`UPDATE backups SET ${changes} WHERE id = ?`).run(...values, id)
    })
  }

  async function add(
    manifest: Manifest,
    place: string,
    signedBy: CataloguedBackup['signedBy'],
  ): Promise<void> {
    const { id, deployment, startedAt } = manifest
    await store.write((database) => {
      database
        .prepare(
          `INSERT INTO backups (id, deployment, at, place, manifest, made, signed_by) VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET place = excluded.place, manifest = excluded.manifest, made = excluded.made, signed_by = excluded.signed_by`,
        )
        .run(
          ...[id, deployment, startedAt, place],
          ...[JSON.stringify(manifest), JSON.stringify(madeOf(manifest)), signedBy],
        )
    })
  }

  function rowOf(id: string): Promise<BackupRow | null> {
    return store.first<BackupRow>('SELECT * FROM backups WHERE id = ?', id)
  }

  function idsIn(names: ReadonlySet<string>): Promise<{ id: string }[]> {
    const list = JSON.stringify([...names])
    return store.all('SELECT id FROM backups WHERE place IN (SELECT value FROM json_each(?))', list)
  }

  async function namesIn(kept: BackupStore): Promise<ReadonlySet<string>> {
    const sql = 'SELECT DISTINCT place FROM backups WHERE place <> ?'
    const others = (await store.all<{ place: string }>(sql, kept.name)).map(({ place }) => place)
    return namesOf(kept, others, storeAt)
  }

  /** One after the other, because those of before are read out of their manifests. */
  async function listed(rows: readonly ListedRow[]): Promise<Backup[]> {
    const backups: Backup[] = []
    for (const row of rows) {
      const made = row.made === null ? await madeOfBefore(row.id) : (JSON.parse(row.made) as Made)
      // One that was taken out meanwhile is none.
      if (made !== null) backups.push({ ...made, ...knownOf(row) })
    }
    return backups
  }

  async function madeOfBefore(id: string): Promise<Made | null> {
    const row = await store.first<{ manifest: string }>('SELECT manifest FROM backups WHERE id = ?', id)
    if (row === null) return null
    const made = madeOf(Manifest.parse(JSON.parse(row.manifest)))
    await set(id, 'made = ?', JSON.stringify(made))
    return made
  }

  async function requirePresent(kept: BackupStore): Promise<void> {
    if (await kept.isMarked()) return
    const known = await idsIn(await namesIn(kept))
    if (known.length === 0) return
    const there = await kept.list()
    if (!known.some(({ id }) => there.includes(id))) {
      throw new BackupError('store-not-there', { place: kept.name, file: kept.markedBy })
    }
    // It was written to before places were marked.
    await kept.mark()
  }

  return {
    ...{ requirePresent, namesOf: namesIn },
    async list(deployment) {
      const rows = await store.all<ListedRow>(
        `SELECT ${KNOWN}, made FROM backups WHERE deployment = ? ORDER BY at DESC, id DESC`,
        deployment,
      )
      return listed(rows)
    },
    async page({ deployment, before, limit }) {
      const rows = await store.all<ListedRow>(
        `SELECT ${KNOWN}, made FROM backups WHERE (?1 IS NULL OR deployment = ?1) AND (?2 IS NULL OR (at, id) < (?2, ?3))
          ORDER BY at DESC, id DESC LIMIT ?4`,
        ...[deployment, before?.at ?? null, before?.id ?? '', limit + 1],
      )
      const backups = await listed(rows.slice(0, limit))
      const last = rows.length > limit ? backups.at(-1) : undefined
      return { backups, next: last === undefined ? null : { at: last.startedAt, id: last.id } }
    },
    async recipients() {
      const rows = await store.all<Row & Omit<SeenRecipient, 'deployments'> & { deployments: string }>(
        `SELECT r.value AS recipient, count(*) AS count, min(at) AS first, max(at) AS last, json_group_array(DISTINCT deployment) AS deployments
           FROM backups, json_each(manifest, '$.recipients') r GROUP BY r.value`,
      )
      return rows.map((row) => ({ ...row, deployments: JSON.parse(row.deployments) as string[] }))
    },
    async get(id) {
      const row = await rowOf(id)
      return row === null ? null : backupOf(row)
    },
    add,
    forget: (id) =>
      store.write((database) => {
        database.prepare('DELETE FROM backups WHERE id = ?').run(id)
      }),
    verified: (id) =>
      set(
        id,
        `verified_at = ?, problem = iif(json_extract(problem, '$.code') IN (SELECT value FROM json_each(?)), problem, NULL)`,
        clock.now(),
        JSON.stringify(FOUND_BY_RESTORING),
      ),
    // What was restored was read, too.
    proven: (id, recoveryMs, on) =>
      set(
        id,
        'verified_at = ?, proven_at = ?, recovery_ms = ?, recovery_on = ?, problem = NULL',
        clock.now(),
        clock.now(),
        recoveryMs,
        on,
      ),
    faulty: (id, problem) => set(id, `${NOTHING_PROVEN}, problem = ?`, JSON.stringify(problem)),
    async rebuild(kept, ownKey) {
      await requirePresent(kept)
      // Before what lies there: what is entered meanwhile is not taken for gone.
      const names = await namesIn(kept)
      const known = await idsIn(names)
      const there = await kept.list()
      const links = await kept.links()
      const added: string[] = []
      const problems: { id: string; problem: BackupFailure }[] = []
      const tell = async (id: string, { failure }: BackupError, isHere: boolean) => {
        problems.push({ id, problem: failure })
        // What lies here says nothing of what lies elsewhere.
        if (isItsOwnFault(failure) && isHere)
          await set(id, `${NOTHING_PROVEN}, problem = ?`, JSON.stringify(failure))
      }
      for (const id of links) {
        const before = await rowOf(id)
        const isHere = before !== null && names.has(before.place)
        await tell(id, new BackupError('backup-is-link', { id, place: kept.name }), isHere)
      }
      for (const id of there) {
        const before = await rowOf(id)
        const isMoved = before !== null && !names.has(before.place)
        try {
          const { manifest, signedBy } = readManifest(await manifestFileText(kept, id), id, ownKey)
          const isReplaced = before !== null && !isOf(before, manifest)
          // What we wrote ourselves is known better here than there.
          if (isReplaced && before.signed_by === 'this-console')
            throw new BackupError('manifest-altered', { id })
          if (isMoved && (await storeAt({ directory: before.place }).list()).includes(id))
            throw new BackupError('backup-elsewhere-too', { id, place: before.place })
          if (before === null || isMoved) added.push(id)
          // Another name of this place stays: a profile may go by it.
          await add(manifest, before === null || isMoved ? kept.name : before.place, signedBy)
          if (isReplaced || isMoved) await set(id, `${NOTHING_PROVEN}, problem = NULL`)
        } catch (error) {
          if (!(error instanceof BackupError)) throw error
          await tell(id, error, !isMoved)
        }
      }
      // Once more, now that all is entered: what was let go meanwhile, and taken out, was entered again.
      const still = await kept.list()
      // Where the disk went away meanwhile nothing is gone.
      await requirePresent(kept)
      const isGone = (id: string) => !still.includes(id) && !links.includes(id)
      const knownIds = known.map(({ id }) => id)
      await store.write((database) => {
        const remove = database.prepare(
          'DELETE FROM backups WHERE id = ? AND place IN (SELECT value FROM json_each(?))',
        )
        for (const id of [...new Set([...knownIds, ...there])].filter(isGone))
          remove.run(id, JSON.stringify([...names]))
      })
      return { added: added.filter((id) => !isGone(id)), gone: knownIds.filter(isGone), problems }
    },
  }
}

/** Whether what is on record is of the same backup, to the last checksum. */
function isOf(row: BackupRow, manifest: Manifest): boolean {
  const known = Manifest.safeParse(JSON.parse(row.manifest)).data
  return known !== undefined && manifestText(known) === manifestText(manifest)
}

function backupOf(row: BackupRow): CataloguedBackup {
  return { manifest: Manifest.parse(JSON.parse(row.manifest)), ...knownOf(row) }
}

function knownOf(row: KnownRow): Omit<CataloguedBackup, 'manifest'> {
  const { place, signed_by, verified_at, proven_at, recovery_ms, recovery_on, problem } = row
  return {
    place,
    state: proven_at !== null ? 'proven' : verified_at !== null ? 'verified' : 'complete',
    signedBy: signed_by,
    verifiedAt: verified_at,
    provenAt: proven_at,
    recoveryMs: recovery_ms,
    recoveryOn: recovery_on,
    problem: problem === null ? null : (JSON.parse(problem) as BackupFailure),
  }
}
