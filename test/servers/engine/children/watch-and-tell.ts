/**
 * A program: watches what the first message tells, and at each further one tells everything that was observed and noticed;
 * at one that says `stop` it stops watching before. It ends with whoever started it.
 */
import { systemClock } from '../../../../src/main/engine/clock.ts'
import { createEngine } from '../../../../src/main/engine/create-engine.ts'
import { silentLog } from '../../../../src/main/engine/log.ts'
import { openSealedFile } from '../../../../src/main/engine/vault/sealed-file.ts'
import type { Notice } from '../../../../src/shared/model/change.ts'
import type { ChannelInput } from '../../../../src/shared/model/channel.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'
import { type Counted, createConnectionCounter } from '../../../support/connection-counter.ts'

export interface WatchOrder {
  readonly dataDirectory: string
  readonly vault: { readonly path: string; readonly keyFile: string }
  readonly secrets: Readonly<Record<string, string>>
  readonly profiles: readonly { readonly name: string }[]
  /** Where it tells of its alerts, and what others call it. */
  readonly channels?: readonly ChannelInput[]
  readonly consoleName?: string
  readonly hostKeys: readonly { readonly host: string; readonly fingerprint: string }[]
  /** Ports that the program itself dials; what it held there is told when it stops. */
  readonly count?: readonly number[]
}

export interface Told {
  readonly observed: readonly Observation[]
  readonly notices: readonly Notice[]
  /** That this program has open. */
  readonly sockets: number
  /** What it held at once since it began; nothing before it stops. */
  readonly counted: readonly Counted[]
}

async function watch(order: WatchOrder): Promise<{ tell: () => Told; stop: () => Promise<void> }> {
  const { dataDirectory, secrets, profiles, hostKeys } = order
  const vault = await openSealedFile({ ...order.vault, clock: systemClock })
  for (const [name, value] of Object.entries(secrets)) await vault.set(name, value)
  const historyWorker = new URL('../../../../src/main/engine/metrics/worker.ts', import.meta.url)
  const engine = await createEngine({
    dataDirectory,
    vault,
    historyWorker,
    backupWorker: new URL('../../../../src/main/engine/backups/worker/worker.ts', import.meta.url),
    clock: systemClock,
    log: silentLog,
  })
  for (const profile of profiles) await engine.deployments.save(profile, null)
  for (const channel of order.channels ?? []) await engine.notify.channels.save(channel, null)
  const { consoleName = null } = order
  await engine.notify.channels.configure({ baseUrl: null, consoleName })
  for (const { host, fingerprint } of hostKeys) await engine.hostKeys.accept(host, fingerprint)
  const notices: Notice[] = []
  const counter = createConnectionCounter()
  let counted: readonly Counted[] = []
  for (const port of order.count ?? []) counter.watch(port)
  const ending = new AbortController()
  const { signal } = ending
  void (async () => {
    for (let cursor: string | null = null; !signal.aborted; ) {
      const answer = await engine.changes({ topics: ['console'], cursor, waitMs: 20_000 }, signal)
      cursor = answer.cursor
      for (const change of answer.changes) if (change.kind === 'notice') notices.push(change.notice)
    }
  })().catch(() => {})
  await engine.start()
  return {
    async stop() {
      counted = await counter.taken()
      await counter.stop()
      ending.abort()
      await engine.stop()
    },
    tell: () => ({
      notices,
      counted,
      sockets: process.getActiveResourcesInfo().filter((kind) => kind.includes('TCP')).length,
      observed: profiles.flatMap(({ name }) =>
        engine.live.latest(name).flatMap(({ probe, target }) => engine.live.ring(name, probe, target)),
      ),
    }),
  }
}

async function tell(order: WatchOrder): Promise<void> {
  const watching = await watch(order)
  process.on('message', (message) => {
    const stopping = typeof message === 'object' && message !== null && 'stop' in message
    void (stopping ? watching.stop() : Promise.resolve()).then(() => process.send?.(watching.tell()))
  })
  process.send?.(watching.tell())
}

process.once('message', (order) => void tell(order as WatchOrder))
process.once('disconnect', () => process.exit())
