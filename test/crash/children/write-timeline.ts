/** A service is deployed again and again, for ever; prints each version whose deploy was answered with, and so is durable. */
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { createTimeline } from '../../../src/main/engine/timeline/timeline.ts'
import type { Observation } from '../../../src/shared/model/observation.ts'

const [dataDirectory = '', firstVersion = '0'] = process.argv.slice(2)
const store = openStore({ dataDirectory, log: silentLog })
const timeline = await createTimeline({
  ...{ store, clock: systemClock, log: silentLog },
  connectionOf: () => ({ status: 'CONNECTED', hops: [] }),
  deployments: { list: () => [], onEdit: () => () => {} },
  onEvents() {},
})
const looked: Omit<Observation, 'at'> = {
  deployment: 'shop',
  probe: 'redis',
  target: 'cache',
  status: 'HEALTHY',
  values: {},
  reason: { code: 'redis-healthy', params: {} },
  cost: { ms: 1, rows: 0, bytes: 0 },
}
const all = { deployment: 'shop', from: 0, to: Number.MAX_SAFE_INTEGER, kinds: [], limit: 1, before: null }
for (let version = Number(firstVersion); ; version++) {
  timeline.observe({ ...looked, at: Date.now() }, [{ of: '', version: String(version) }])
  if (version === 0 || version % 3 !== 0) continue
  await timeline.between(all)
  process.stdout.write(`${version}\n`)
}
