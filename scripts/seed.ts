/** Puts the demo's deployments and their secrets into a console's data directory, before the console starts. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Demo } from '../demo/start.ts'
import { systemClock } from '../src/main/engine/clock.ts'
import { createEngine } from '../src/main/engine/create-engine.ts'
import { silentLog } from '../src/main/engine/log.ts'
import { defaultKeyFile } from '../src/main/engine/store/default-paths.ts'
import { openSealedFile } from '../src/main/engine/vault/sealed-file.ts'

/** Where the history's worker is in a checkout. */
const BACKUP_WORKER = new URL('../src/main/engine/backups/worker/worker.ts', import.meta.url)
const HISTORY_WORKER = new URL('../src/main/engine/metrics/worker.ts', import.meta.url)

/** Saves each profile, in place of one of its name; nothing is watched meanwhile. */
export async function seedConsole(options: {
  readonly dataDirectory: string
  /** The user's own where it is `null`. */
  readonly keyFile: string | null
  readonly demo: Pick<Demo, 'profiles' | 'secrets'>
}): Promise<void> {
  const { dataDirectory, demo } = options
  const surroundings = { platform: process.platform, env: process.env, home: homedir() }
  const vault = await openSealedFile({
    path: join(dataDirectory, 'vault.json'),
    keyFile: options.keyFile ?? defaultKeyFile(surroundings),
    clock: systemClock,
  })
  for (const [name, value] of Object.entries(demo.secrets)) await vault.set(name, value)
  const engine = await createEngine({
    dataDirectory,
    vault,
    historyWorker: HISTORY_WORKER,
    backupWorker: BACKUP_WORKER,
    clock: systemClock,
    log: silentLog,
  })
  try {
    for (const profile of demo.profiles) {
      const known = engine.deployments.get(profile.name) !== null
      await engine.deployments.save(profile, known ? profile.name : null)
    }
  } finally {
    await engine.stop()
  }
}
