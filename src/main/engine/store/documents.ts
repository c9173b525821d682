/** Documents of one kind that people set up by name: in memory, and in `state.db` before a change of them is answered. */
import type { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createOneAtATime } from '../one-at-a-time.ts'
import type { Store } from './store.ts'

export interface Named {
  readonly name: string
}

export type Saved = 'saved' | 'name-taken' | 'missing' | 'too-many'

export interface Documents<T extends Named> {
  /** In the order of their names. */
  all(): readonly T[]
  get(name: string): T | null
  /** @param replaces the name that it had; `null` for a new one */
  save(document: T, replaces: string | null): Promise<Saved>
  remove(name: string): Promise<boolean>
}

/** Nobody keeps so many by hand. */
export const MOST_DOCUMENTS = 500

/** Reads those on record; one that this version does not understand stays there, and is left out. */
export async function createDocuments<T extends Named>({
  store,
  clock,
  log,
  kind,
  schema,
}: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly kind: string
  readonly schema: z.ZodType<T>
}): Promise<Documents<T>> {
  const inTurn = createOneAtATime()
  const byName = new Map<string, T>()
  const rows = await store.all<{ name: string; document: string }>(
    'SELECT name, document FROM documents WHERE kind = ?',
    kind,
  )
  for (const { name, document } of rows) {
    const { data } = schema.safeParse(JSON.parse(document))
    if (data === undefined) log.error({ kind, name }, 'what is on record is not understood, and is left out')
    else byName.set(name, data)
  }

  return {
    all: () => [...byName.values()].sort((a, b) => a.name.localeCompare(b.name)),
    get: (name) => byName.get(name) ?? null,
    save: (document, replaces) =>
      inTurn(async () => {
        const { name } = document
        if (replaces !== null && !byName.has(replaces)) return 'missing'
        if (name !== replaces && byName.has(name)) return 'name-taken'
        if (replaces === null && byName.size >= MOST_DOCUMENTS) return 'too-many'
        await store.write((database) => {
          if (replaces !== null) {
            database.prepare('DELETE FROM documents WHERE kind = ? AND name = ?').run(kind, replaces)
          }
          database
            .prepare(
              'INSERT OR REPLACE INTO documents (kind, name, document, updated_at) VALUES (?, ?, ?, ?)',
            )
            .run(kind, name, JSON.stringify(document), clock.now())
        })
        if (replaces !== null) byName.delete(replaces)
        byName.set(name, document)
        return 'saved'
      }),
    remove: (name) =>
      inTurn(async () => {
        if (!byName.has(name)) return false
        await store.write((database) =>
          database.prepare('DELETE FROM documents WHERE kind = ? AND name = ?').run(kind, name),
        )
        byName.delete(name)
        return true
      }),
  }
}
