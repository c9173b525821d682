/** Dead man's switches over a store of their own, which a test may start again on the same directory. */
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { createHeartbeats, type Heartbeats } from '../../../src/main/engine/alerts/heartbeat/heartbeats.ts'
import { createAttempt } from '../../../src/main/engine/alerts/notify/registry.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import type { DrivenClock } from '../../support/driven-clock.ts'
import { afterwards, resolverOf } from './notify-kit.ts'

export interface Running {
  readonly heartbeats: Heartbeats
  stop(): Promise<void>
}

export async function startHeartbeats(
  clock: DrivenClock,
  secrets: Readonly<Record<string, string>> = {},
  directory = newDirectory(),
): Promise<Running> {
  const store = openStore({ dataDirectory: directory, log: silentLog })
  const resolveSecret = resolverOf(secrets)
  const attempt = createAttempt({ clock, log: silentLog, desktop: null, resolveSecret })
  const heartbeats = await createHeartbeats({ store, clock, log: silentLog, attempt })
  let isOver = false
  const stop = async () => {
    if (isOver) return
    isOver = true
    heartbeats.stop()
    await store.close()
  }
  afterwards(stop)
  heartbeats.start()
  return { heartbeats, stop }
}

export function newDirectory(): string {
  const { path, remove } = createTemporaryDirectory('heartbeats')
  afterwards(remove)
  return path
}
