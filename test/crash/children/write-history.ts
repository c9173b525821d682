/** Appends observations for ever, from four hours ago on, and seals what is over; prints how many are on disk. */
import { silentLog } from '../../../src/main/engine/log.ts'
import { openArchive } from '../../../src/main/engine/metrics/archive.ts'
import { DEFAULT_RETENTION } from '../../../src/main/engine/metrics/history.ts'
import { createUpkeep } from '../../../src/main/engine/metrics/upkeep.ts'

const [dataDirectory = '', start = ''] = process.argv.slice(2)
const archive = openArchive({ dataDirectory, onDamage: (message) => silentLog.warn({}, message) })
const upkeep = createUpkeep({ archive, retention: DEFAULT_RETENTION })
let at = Number(start) + archive.size().rows * 5_000
for (;;) {
  const looks = Array.from({ length: 60 }, () => {
    at += 5_000
    const values = { db_pool_utilization: (at / 5_000) % 101, db_up: 1 }
    return { deployment: 'shop', probe: 'pool', target: 'db', at, status: 'HEALTHY', values } as const
  })
  archive.store(looks)
  upkeep.turn({ now: at, budgetMs: 1_000, monotonic: () => performance.now() })
  process.stdout.write(`${(at - Number(start)) / 5_000}\n`)
}
