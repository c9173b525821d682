/** Run inside a network namespace: two connections as they are opened for watching, one of them asked for something slow. */
import { systemClock } from '../../src/main/engine/clock.ts'
import { createDirectWay } from '../../src/main/engine/reach/direct.ts'
import { openPostgres } from '../../src/main/engine/reach/postgres/first-suitable.ts'

const [url = ''] = process.argv.slice(2)
const dependencies = {
  postgres: { url, application: {}, queries: [] },
  way: createDirectWay({ clock: systemClock }),
  resolveSecret: () => Promise.reject(new Error('nothing is secret here')),
  authorities: () => [],
  clock: systemClock,
  random: Math.random,
}
const { signal } = new AbortController()
await openPostgres(dependencies, signal)
const busy = await openPostgres(dependencies, signal)
busy.client.query('SELECT pg_sleep(1)').catch(() => {})
process.stdout.write('open\n')
setInterval(() => {}, 60_000)
