/**
 * A program: watches what the message tells, stops when all of it is healthy, and says what is left that keeps the
 * process alive. It never exits by itself: it has to end because nothing keeps it.
 */
import { systemClock } from '../../../../src/main/engine/clock.ts'
import { createEngine } from '../../../../src/main/engine/create-engine.ts'
import { silentLog } from '../../../../src/main/engine/log.ts'
import { openSealedFile } from '../../../../src/main/engine/vault/sealed-file.ts'
import { until } from '../../../support/until.ts'

export interface Order {
  readonly dataDirectory: string
  readonly vault: { readonly path: string; readonly keyFile: string }
  readonly secrets: Readonly<Record<string, string>>
  readonly profile: { readonly name: string }
}

async function watchAndStop({ dataDirectory, vault: place, secrets, profile }: Order): Promise<void> {
  const vault = await openSealedFile({ ...place, clock: systemClock })
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
  await engine.deployments.save(profile, null)
  await engine.start()
  await until(() => {
    const latest = engine.live.latest(profile.name)
    return latest.length === 3 && latest.every(({ status }) => status === 'HEALTHY')
  })
  await engine.stop()
  process.send?.(process.getActiveResourcesInfo(), () => process.disconnect())
}

process.once('message', (message) => void watchAndStop(message as Order))
