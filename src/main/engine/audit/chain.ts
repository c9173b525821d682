/** The audit in `state.db`: each record's hash covers the record and the hash before it, so that no edit goes unseen. */
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import { sha256 } from '../vault/primitives.ts'
import type { Audit, AuditEntry, AuditRecord } from './audit.ts'
import { canonicalJson } from './canonical-json.ts'

type AuditRow = { id: number; at: number; entry: string; hash: string }

const PAGE = 1_000
/** The hash "before" the first record. */
const GENESIS = ''

export interface AuditDependencies {
  readonly store: Store
  readonly clock: Clock
}

/** Rejects with `StoreError` where the store cannot be read or written. */
export function createAudit({ store, clock }: AuditDependencies): Audit {
  return {
    append(entry) {
      return store.write((database) => {
        const last = database.prepare('SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1').get()
        // Counted on from the sequence: a record put behind a cut tail must not fill the gap.
        const sequence = database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'audit'`).get()
        const id = Number(sequence?.seq ?? 0) + 1
        const at = clock.now()
        const text = canonicalJson(entry)
        const hash = hashOf(id, at, text, last === undefined ? GENESIS : String(last.hash))
        database
          .prepare('INSERT INTO audit (id, at, entry, hash) VALUES (?, ?, ?, ?)')
          .run(id, at, text, hash)
        return toRecord({ id, at, entry: text, hash })
      })
    },

    async list({ limit, before = Number.MAX_SAFE_INTEGER }) {
      const rows = await store.all<AuditRow>(
        'SELECT id, at, entry, hash FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?',
        before,
        limit,
      )
      return rows.map(toRecord)
    },

    async verify() {
      let records = 0
      let id = 0
      let hash = GENESIS
      for (;;) {
        const page = await store.all<AuditRow>(
          'SELECT id, at, entry, hash FROM audit WHERE id > ? ORDER BY id LIMIT ?',
          id,
          PAGE,
        )
        for (const row of page) {
          records += 1
          const fits = row.id === id + 1 && row.hash === hashOf(row.id, row.at, row.entry, hash)
          if (!fits) return { ok: false, records, firstBad: row.id }
          id = row.id
          hash = row.hash
        }
        if (page.length < PAGE) break
        await setImmediate()
      }
      // SQLite remembers the highest id ever given: a tail that was cut by accident shows. (Against somebody who also
      // edits that note, only a signed head kept elsewhere helps.)
      const sequence = await store.first<{ seq: number }>(
        `SELECT seq FROM sqlite_sequence WHERE name = 'audit'`,
      )
      if (sequence !== null && sequence.seq > id) return { ok: false, records, firstBad: id + 1 }
      return { ok: true, records, firstBad: null }
    },
  }
}

/** The text of the entry is covered as it is stored: it is canonical from the start. */
function hashOf(id: number, at: number, entry: string, previous: string): string {
  return sha256(canonicalJson({ at, entry, id, previous }))
}

function toRecord({ id, at, entry, hash }: AuditRow): AuditRecord {
  return { ...(JSON.parse(entry) as AuditEntry), id, at, hash }
}
