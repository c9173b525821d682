/** What tells this console apart from others for ever: made once, kept in `state.db`. */
import { randomUUID } from 'node:crypto'
import type { Store } from './store/store.ts'

const KEY = 'console'

export async function readConsoleId({ store }: { readonly store: Store }): Promise<string> {
  const row = await store.first<{ value: string }>('SELECT value FROM settings WHERE key = ?', KEY)
  if (row !== null) return String(JSON.parse(row.value))
  const id = randomUUID()
  await store.write((database) =>
    database.prepare('INSERT INTO settings (key, value) VALUES (?, ?)').run(KEY, JSON.stringify(id)),
  )
  return id
}
