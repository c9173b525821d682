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
    { fault: 'lock', deployment: 'shop', status: /critical/i, reason: /wait for a lock; blocking: PID \d+/ },
    { fault: 'tunnel-cut', deployment: 'billing', status: /disconnected|unknown/i, reason: /SSH|refused/ },
    { fault: 'slow-query', deployment: 'ledger', status: /warning/i, reason: /over 1000 ms/ },
  ],
]

const row = (page: Page, deployment: DeploymentName) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: deployment, exact: true }) })

for (const round of ROUNDS) {
  const names = round.map(({ fault, deployment }) => `${fault} of ${deployment}`).join(', ')
  test(`shows ${names}, each with its reason, until it ends`, async ({ page, fault }) => {
    await page.goto('/')
    for (const { deployment } of round) {
      await expect(row(page, deployment)).toContainText(/healthy/i, { timeout: 60_000 })
    }
    const ends: (() => Promise<void>)[] = []
    for (const { fault: name, deployment, status, reason } of round) {
      ends.push(await fault(name, deployment))
      await expect(row(page, deployment)).toContainText(status)
      await expect(row(page, deployment)).toContainText(reason)
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
