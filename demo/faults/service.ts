/** Faults of the service: what it answers, and how soon. */
import type { DemoDeployment } from '../deployment.ts'
import { SCHEMA_REVISION, VERSIONS } from '../service/settings.ts'
import { waitUntil } from '../wait-until.ts'
import { poolExhausted } from './database.ts'
import { dependency, type Fault, get } from './fault.ts'

/** What traffic asks for most. */
const POPULAR = '/orders/1'
const SLOW_MS = 5_000

export const notReady: Fault = {
  async begin(deployment) {
    await setRevision(deployment, SCHEMA_REVISION - 1)
    await waitUntil('ready answering 503', async () => {
      const [live, ready] = await Promise.all([get(deployment, '/health'), get(deployment, '/ready')])
      return live.status === 200 && ready.status === 503
    })
  },
  async end(deployment) {
    await setRevision(deployment, SCHEMA_REVISION)
    await waitUntil(
      'the schema known to be right',
      async () => !(await dependency(deployment, 'schema')).startsWith('at revision'),
    )
  },
}

export const errors: Fault = {
  async begin(deployment) {
    await deployment.tellService('errors', true)
    await waitUntil('orders answering 500, and counted', async () => {
      const [order, metrics] = [await get(deployment, POPULAR), await get(deployment, '/metrics')]
      return (
        order.status === 500 &&
        /^http_requests_total\{.*path="\/orders\/:id",status="500"\} [1-9]/m.test(metrics.text)
      )
    })
  },
  async end(deployment) {
    await deployment.tellService('errors', false)
    // Another fault may keep it from answering well; of this one it no longer answers 500.
    await waitUntil(
      'orders no longer answering 500',
      async () => (await get(deployment, POPULAR)).status !== 500,
    )
  },
}

export const slowHttp: Fault = {
  async begin(deployment) {
    await deployment.tellService('slow-http', true)
    await waitUntil('a request over 5 s', async () => (await get(deployment, POPULAR)).ms > SLOW_MS, 30_000)
  },
  async end(deployment) {
    await deployment.tellService('slow-http', false)
    await waitUntil('no request over 5 s', async () => (await get(deployment, POPULAR)).ms < SLOW_MS, 30_000)
  },
}

/** A deploy as it happens: the service is away for a moment, and the release that comes back does not fit the schema. */
export const badRelease: Fault = {
  async begin(deployment) {
    await deployment.deploy(VERSIONS.bad)
    await waitUntil('orders answering 500', async () => (await get(deployment, POPULAR)).status === 500)
  },
  async end(deployment) {
    await deployment.deploy(VERSIONS.good)
    await waitUntil(
      'orders no longer answering 500',
      async () => (await get(deployment, POPULAR)).status !== 500,
    )
  },
}

export const limited: Fault = {
  async begin(deployment) {
    await deployment.tellService('limited', true)
    await waitUntil('429 for an answer', async () => (await get(deployment, '/health')).status === 429)
  },
  async end(deployment) {
    await deployment.tellService('limited', false)
    await waitUntil('another answer than 429', async () => (await get(deployment, '/health')).status !== 429)
  },
}

export const readyLies: Fault = {
  async begin(deployment) {
    await deployment.tellService('ready-lies', true)
    await deployment.redis.halt()
    await waitUntil('ready without Redis', async () => (await get(deployment, '/ready')).status === 200)
  },
  async end(deployment) {
    if (!deployment.redis.running()) await deployment.redis.restart()
    await deployment.tellService('ready-lies', false)
    await waitUntil('Redis in use again', async () => (await dependency(deployment, 'redis')) === 'ok')
  },
}

export const readyBlocks: Fault = {
  async begin(deployment, others) {
    await deployment.tellService('ready-blocks', true)
    await poolExhausted.begin(deployment, others)
  },
  async end(deployment) {
    await poolExhausted.end(deployment)
    await deployment.tellService('ready-blocks', false)
  },
}

async function setRevision({ name, postgres }: DemoDeployment, revision: number): Promise<void> {
  await postgres.query('UPDATE schema_revision SET revision = $1', { database: name, values: [revision] })
}
