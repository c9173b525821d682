/** What a look at a real server says of a signal that was sent. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import type { Kind, StepContext } from '../../../src/main/engine/operations/kind.ts'
import { createSessionKinds } from '../../../src/main/engine/operations/sessions/kinds.ts'
import type { SessionOptions } from '../../../src/main/engine/operations/sessions/target.ts'
import type { OperationFacts } from '../../../src/shared/model/operation.ts'
import { until } from '../../support/until.ts'
import { createKit } from '../reach/reach-kit.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
  await server.query(`create role watcher login password 'pw' in role pg_monitor`)
}, 60_000)
afterAll(() => server?.stop(), 60_000)

it('was sent, and the session is there still: what becomes of it is not known', async () => {
  const kit = await createKit()
  kit.secrets.set('pg', 'pw')
  const url = `postgresql://watcher@127.0.0.1:${server.port}/postgres`
  const reach = kit.reach({ postgres: { url, password: 'secret:pg' } })
  await until(() => reach.connection().status === 'CONNECTED')
  const session = await server.connect()
  const { rows } = await session.query('select pg_backend_pid() as pid')
  const pid = Number(rows[0]?.pid)
  const kinds = createSessionKinds({ clock: systemClock }) as unknown as Kind<SessionOptions>[]
  const terminate = kinds.find(({ kind }) => kind === 'terminate-backend')
  if (terminate === undefined) throw new Error('there is none')
  const profile = kit.profile({ postgres: { url, password: 'secret:pg' } })
  const of = { profile, reach: () => reach, signal: new AbortController().signal }
  const options = (await terminate.settle?.({ ...of, options: { pid } })) ?? { pid }
  const told: OperationFacts[] = []
  const inspect = (signalled: boolean) => {
    const result = (facts: OperationFacts) => void told.push(facts)
    const context = { ...of, options, result, facts: () => ({ signalled }) }
    return terminate.steps(options, profile)[0]?.inspect(context as unknown as StepContext<SessionOptions>)
  }
  expect(await inspect(false)).toBe('not-done')
  expect(await inspect(true)).toBe('partial')
  await session.end()
  expect(told).toEqual([])
  await until(async () => (await inspect(true)) === 'done')
  expect(told).toEqual([{ pid }])
})
