/** What people set of operations as a whole, kept in `state.db`. */
import { z } from 'zod'
import type { Store } from '../store/store.ts'
import type { OperationSettings } from './operations.ts'

const KEY = 'operations'
const Settings = z.object({ readOnly: z.boolean() })
const STANDARD: OperationSettings = { readOnly: false }

export async function createOperationSettings({
  store,
  onChange = () => {},
}: {
  readonly store: Store
  readonly onChange?: (() => void) | undefined
}) {
  const row = await store.first<{ value: string }>('SELECT value FROM settings WHERE key = ?', KEY)
  let settings = row === null ? STANDARD : Settings.catch(STANDARD).parse(JSON.parse(row.value))

  return {
    current: () => settings,
    async configure(next: OperationSettings): Promise<void> {
      await store.write((database) =>
        database
          .prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)')
          .run(KEY, JSON.stringify(next)),
      )
      settings = next
      onChange()
    },
  }
}
