/** The channels of this console, and where people reach it: kept in `state.db`, read from memory. */
import { Channel, type ChannelInput, NotifySettings } from '#shared/model/channel.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Store } from '../../store/store.ts'
import { sendAgain } from './delivery-store.ts'

export interface KnownChannel {
  readonly channel: Channel
  /** Milliseconds since the epoch. */
  readonly updatedAt: number
}

export interface ChannelRepository {
  /** In the order of their names. */
  list(): readonly KnownChannel[]
  get(name: string): Channel | null
  /** @param replaces the name that it had; `null` for a new one */
  save(channel: ChannelInput, replaces: string | null): Promise<'saved' | 'name-taken' | 'missing'>
  /** Whether there was one. */
  remove(name: string): Promise<boolean>
  settings(): NotifySettings
  /** Where people reach this console, as the settings have it, else as its host was started; `null`: nobody said. */
  baseUrl(): string | null
  /** As its host was started. */
  readonly publicUrl: string | null
  configure(settings: NotifySettings): Promise<void>
  /** Called after each change. */
  onChange(listener: () => void): void
}

const NO_SETTINGS: NotifySettings = { baseUrl: null, consoleName: null }
const SETTINGS_KEY = 'notify'

export async function createChannelRepository({
  store,
  clock,
  log,
  publicUrl = null,
}: {
  store: Store
  clock: Clock
  log: Log
  publicUrl?: string | null
}): Promise<ChannelRepository> {
  const known = new Map<string, KnownChannel>()
  const listeners: (() => void)[] = []
  let settings = NO_SETTINGS

  const rows = await store.all<{ name: string; channel: string; updated_at: number }>(
    'SELECT name, channel, updated_at FROM channels',
  )
  for (const row of rows) {
    const { data } = Channel.safeParse(JSON.parse(row.channel))
    // Of a newer console: it stays where it is, and is not used.
    if (data === undefined)
      log.error({ channel: row.name }, 'a channel on record is not understood, and is left out')
    else known.set(row.name, { channel: data, updatedAt: row.updated_at })
  }
  const kept = await store.first<{ value: string }>('SELECT value FROM settings WHERE key = ?', SETTINGS_KEY)
  if (kept !== null) settings = NotifySettings.catch(NO_SETTINGS).parse(JSON.parse(kept.value))

  function changed(): void {
    for (const listener of listeners) listener()
  }

  return {
    list: () => [...known.values()].sort((a, b) => a.channel.name.localeCompare(b.channel.name)),
    get: (name) => known.get(name)?.channel ?? null,
    async save(input, replaces) {
      const channel = Channel.parse(input)
      if (replaces !== null && !known.has(replaces)) return 'missing'
      if (channel.name !== replaces && known.has(channel.name)) return 'name-taken'
      const updatedAt = clock.now()
      await store.write((database) => {
        if (replaces !== null && replaces !== channel.name) {
          database.prepare('DELETE FROM channels WHERE name = ?').run(replaces)
          // What waits for it goes on under its new name.
          database
            .prepare("UPDATE OR IGNORE deliveries SET channel = ? WHERE channel = ? AND state = 'waiting'")
            .run(channel.name, replaces)
        }
        if (replaces !== null) sendAgain(database, { from: replaces, to: channel.name }, updatedAt)
        database
          .prepare(
            'INSERT INTO channels (name, channel, updated_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET channel = excluded.channel, updated_at = excluded.updated_at',
          )
          .run(channel.name, JSON.stringify(channel), updatedAt)
      })
      if (replaces !== null) known.delete(replaces)
      known.set(channel.name, { channel, updatedAt })
      changed()
      return 'saved'
    },
    async remove(name) {
      if (!known.has(name)) return false
      await store.write((database) => database.prepare('DELETE FROM channels WHERE name = ?').run(name))
      known.delete(name)
      changed()
      return true
    },
    settings: () => settings,
    baseUrl: () => settings.baseUrl ?? publicUrl,
    publicUrl,
    async configure(next) {
      await store.write((database) =>
        database
          .prepare(
            'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
          )
          .run(SETTINGS_KEY, JSON.stringify(next)),
      )
      settings = next
      changed()
    },
    onChange: (listener) => listeners.push(listener),
  }
}
