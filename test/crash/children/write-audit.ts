/** Appends to the audit for ever; prints each record's id once it is durable. */
import { createAudit } from '../../../src/main/engine/audit/chain.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'

const [dataDirectory = ''] = process.argv.slice(2)
const store = openStore({ dataDirectory, log: silentLog })
const audit = createAudit({ store, clock: systemClock })
const actor = { id: 'os:child', name: 'Child', role: 'ADMIN', via: 'engine' } as const
for (;;) {
  const detail = { filler: 'x'.repeat(500) }
  const { id } = await audit.append({ actor, action: 'test.write', target: null, outcome: 'asked', detail })
  process.stdout.write(`${id}\n`)
}
