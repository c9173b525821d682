/**
 * A program: watches what the first message tells, and at each further one tells everything that was observed and noticed.
 * It ends with whoever started it.
 */
import { systemClock } from '../../../../src/main/engine/clock.ts'
import { createEngine } from '../../../../src/main/engine/engine.ts'
import { silentLog } from '../../../../src/main/engine/log.ts'
import { openSealedFile } from '../../../../src/main/engine/vault/sealed-file.ts'
import type { Notice } from '../../../../src/shared/model/change.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'

export interface WatchOrder {
  readonly dataDirectory: string
  readonly vault: { readonly path: string; readonly keyFile: string }
  readonly secrets: Readonly<Record<string, string>>
  readonly profiles: readonly { readonly name: string }[]
  readonly hostKeys: readonly { readonly host: string; readonly fingerprint: string }[]
}

export interface Told {
  readonly observed: readonly Observation[]
  readonly notices: readonly Notice[]
}

async function watch(order: WatchOrder): Promise<() => Told> {
  const { dataDirectory, secrets, profiles, hostKeys } = order
  const vault = await openSealedFile({ ...order.vault, clock: systemClock })
  for (const [name, value] of Object.entries(secrets)) await vault.set(name, value)
  const historyWorker = new URL('../../../../src/main/engine/metrics/worker.ts', import.meta.url)
  const engine = await createEngine({
    dataDirectory,
    vault,
    historyWorker,
    clock: systemClock,
    log: silentLog,
  })
  for (const profile of profiles) await engine.deployments.save(profile, null)
  for (const { host, fingerprint } of hostKeys) await engine.hostKeys.accept(host, fingerprint)
  const notices: Notice[] = []
  void (async () => {
    const { signal } = new AbortController()
    for (let cursor: string | null = null; ; ) {
      const answer = await engine.changes({ topics: ['console'], cursor, waitMs: 20_000 }, signal)
      cursor = answer.cursor
      for (const change of answer.changes) if (change.kind === 'notice') notices.push(change.notice)
    }
  })()
  await engine.start()
  return () => ({
    notices,
    observed: profiles.flatMap(({ name }) =>
      engine.live.latest(name).flatMap(({ probe, target }) => engine.live.ring(name, probe, target)),
    ),
  })
}

async function tell(order: WatchOrder): Promise<void> {
  const told = await watch(order)
  process.on('message', () => process.send?.(told()))
  process.send?.(told())
}

process.once('message', (order) => void tell(order as WatchOrder))
process.once('disconnect', () => process.exit())
