// Each fault of the demo, as the fleet shows it: the status and the reason in words while it lasts, and neither after.
import type { Page } from '@playwright/test'
import type { FaultName } from '../../demo/fault-names.ts'
import type { DeploymentName } from '../../demo/profiles.ts'
import { expect, test } from './fixture.ts'

interface Shown {
  readonly fault: FaultName
  readonly deployment: DeploymentName
  readonly status: RegExp
  readonly reason: RegExp
}

/** One for each deployment at a time: they are each other's proof that a fault stays where it is. */
const ROUNDS: readonly (readonly Shown[])[] = [
  [
    {
      fault: 'pool-exhausted',
      deployment: 'shop',
      status: /critical/i,
      reason: /8 of 8 .*idle in transaction/,
    },
    { fault: 'not-ready', deployment: 'billing', status: /degraded/i, reason: /schema/ },
    {
      fault: 'redis-down',
      deployment: 'ledger',
      status: /disconnected/i,
      reason: /nothing listens|connection/i,
    },
  ],
  [
    {
      fault: 'lock',
      deployment: 'shop',
      status: /critical/i,
      reason: /wait for PID \d+ ← PID \d+ \(nightly-migration\) idle in transaction/,
    },
    { fault: 'tunnel-cut', deployment: 'billing', status: /disconnected|unknown/i, reason: /SSH|refused/ },
    { fault: 'slow-query', deployment: 'ledger', status: /warning/i, reason: /over 1000 ms/ },
  ],
  [
    { fault: 'slow-http', deployment: 'shop', status: /warning/i, reason: /on average/ },
    {
      fault: 'idle-in-transaction',
      deployment: 'billing',
      status: /warning/i,
      reason: /oldest transaction/i,
    },
    { fault: 'errors', deployment: 'ledger', status: /critical/i, reason: /5xx/ },
  ],
  [
    { fault: 'redis-memory', deployment: 'billing', status: /critical/i, reason: /nothing may be evicted/ },
    { fault: 'latency', deployment: 'ledger', status: /warning/i, reason: /30\d/ },
  ],
]

/** The rates of a minute, and a transaction that is only forgotten after a while, take their time to show. */
const SHOWN_WITHIN_MS = 75_000

const row = (page: Page, deployment: DeploymentName) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: deployment, exact: true }) })

for (const round of ROUNDS) {
  const names = round.map(({ fault, deployment }) => `${fault} of ${deployment}`).join(', ')
  test(`shows ${names}, each with its reason, until it ends`, async ({ page, fault }) => {
    test.setTimeout(300_000)
    await page.goto('/')
    for (const { deployment } of round) {
      await expect(row(page, deployment)).toContainText(/healthy/i, { timeout: 60_000 })
    }
    const ends: (() => Promise<void>)[] = []
    for (const { fault: name, deployment, status, reason } of round) {
      ends.push(await fault(name, deployment))
      await expect(row(page, deployment)).toContainText(status, { timeout: SHOWN_WITHIN_MS })
      await expect(row(page, deployment)).toContainText(reason, { timeout: SHOWN_WITHIN_MS })
    }
    for (const end of ends) await end()
    for (const { deployment } of round) {
      // A slow statement counts for 30 s; after five failures a target is left alone for a minute.
      await expect(row(page, deployment)).toContainText(/healthy/i, { timeout: 90_000 })
    }
  })
}

test('says of a fault only where it is', async ({ page, fault }) => {
  await page.goto('/')
  await expect(row(page, 'ledger')).toContainText(/healthy/i, { timeout: 60_000 })
  await fault('not-ready', 'ledger')
  await expect(row(page, 'ledger')).toContainText(/degraded/i)
  await expect(row(page, 'shop')).toContainText(/healthy/i)
  await expect(row(page, 'billing')).toContainText(/healthy/i)
})

test('lets nobody in behind a changed host key, and nobody back in before a person asks for it', async ({
  page,
  fault,
}) => {
  await page.goto('/')
  await expect(row(page, 'ledger')).toContainText(/healthy/i, { timeout: 60_000 })
  const end = await fault('host-key-changed', 'ledger')
  await expect(row(page, 'ledger')).toContainText(/host key|has changed/i)
  await end()
  await page.getByRole('link', { name: 'ledger', exact: true }).click()
  await page.getByRole('button', { name: 'Try again now' }).first().click()
  await page.goto('/')
  await expect(row(page, 'ledger')).toContainText(/healthy/i, { timeout: 60_000 })
})
