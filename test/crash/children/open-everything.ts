/** Claims and opens a data directory as a console does; prints how that went, as one line of JSON. */
import { join } from 'node:path'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openArchive } from '../../../src/main/engine/metrics/archive.ts'
import { claimDataDirectory } from '../../../src/main/engine/store/data-directory.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { openSealedFile } from '../../../src/main/engine/vault/sealed-file.ts'

const [dataDirectory = '', keyFile = ''] = process.argv.slice(2)

const STEPS = {
  claim: () => claimDataDirectory(dataDirectory),
  state: () => openStore({ dataDirectory, log: silentLog }),
  metrics: () => openArchive({ dataDirectory, onDamage: () => undefined }),
  async vault() {
    const vault = await openSealedFile({
      path: join(dataDirectory, 'vault.json'),
      keyFile,
      clock: systemClock,
    })
    await vault.set('db', 'hunter2')
  },
}

const outcome: Record<string, { code: unknown; message: string } | null> = {}
for (const [name, open] of Object.entries(STEPS)) {
  try {
    await open()
    outcome[name] = null
  } catch (error) {
    if (!(error instanceof Error)) throw error
    outcome[name] = { code: 'code' in error ? error.code : error.name, message: error.message }
  }
}
process.stdout.write(`${JSON.stringify(outcome)}\n`)
process.exit(0)
