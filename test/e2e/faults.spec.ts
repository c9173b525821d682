// Each fault of the demo, as the fleet shows it: the status and what it comes from while it lasts, and neither after.
import type { Page } from '@playwright/test'
import type { FaultName } from '../../demo/fault-names.ts'
import type { DeploymentName } from '../../demo/profiles.ts'
import { cannotMount } from '../crash/small-disk.ts'
import { expect, test } from './fixture.ts'

interface Shown {
  readonly fault: FaultName
  readonly deployment: DeploymentName
  readonly status: RegExp
  /** The chain of causes, or the reason where that says all there is. */
  readonly cause: RegExp
  /** What it must not be taken for. */
  readonly not?: RegExp
  /** Why it cannot be had here. */
  readonly missing?: string | null
}

/** One for each deployment at a time: they are each other's proof that a fault stays where it is. */
const ROUNDS: readonly (readonly Shown[])[] = [
  [
    {
      fault: 'pool-exhausted',
      deployment: 'shop',
      status: /critical/i,
      cause:
        /api is not ready ← pool 100\s% \(8 of 8 in use\) ← 8 connections of shop-api idle in transaction/,
      not: /wait for PID|over a second/,
    },
    {
      fault: 'not-ready',
      deployment: 'billing',
      status: /degraded/i,
      cause: /api is not ready ← api names schema/,
      not: /pool|Redis/,
    },
    {
      fault: 'redis-down',
      deployment: 'ledger',
      status: /disconnected/i,
      cause: /api is not ready ← Redis cache is down ← .*(nothing listens|connection)/i,
      not: /pool/,
    },
  ],
  [
    {
      fault: 'lock',
      deployment: 'shop',
      status: /critical/i,
      cause: /wait for PID (\d+) ← PID \1 \(nightly-migration\) idle in transaction for .*LOCK TABLE orders/,
      not: /not given back/,
    },
    {
      fault: 'tunnel-cut',
      deployment: 'billing',
      status: /disconnected|unknown/i,
      cause: /is not reached ← .*refused the connection/,
      not: /is down|api is not ready/,
    },
    {
      fault: 'slow-query',
      deployment: 'ledger',
      status: /warning/i,
      cause: /over 1000 ms.* ← .*statements? runs? for .*sum\(total\)/,
      not: /not ready|pool \d+\s%/,
    },
  ],
  [
    { fault: 'slow-http', deployment: 'shop', status: /warning/i, cause: /on average/, not: /pool|Redis/ },
    {
      fault: 'idle-in-transaction',
      deployment: 'billing',
      status: /warning/i,
      cause: /oldest transaction.* ← PID \d+ \(billing-api\) idle in transaction for .*UPDATE orders/,
      not: /not ready|not given back/,
    },
    { fault: 'errors', deployment: 'ledger', status: /critical/i, cause: /5xx/, not: /pool|Redis|deployed/ },
  ],
  [
    {
      fault: 'pool-slow',
      deployment: 'shop',
      status: /critical/i,
      cause: /pool 100\s% \(8 of 8 in use\) ← \d statements run for over a second/,
      not: /not given back|wait for PID/,
    },
    {
      fault: 'ready-blocks',
      deployment: 'billing',
      status: /critical/i,
      cause: /its ready check gets no answer while the pool is used up ← pool 100\s% .*idle in transaction/,
    },
    {
      fault: 'ready-lies',
      deployment: 'ledger',
      status: /disconnected/i,
      cause: /api says that it is ready all the same ← Redis cache is down/,
      not: /not ready/,
    },
  ],
  [
    {
      fault: 'evictions',
      deployment: 'shop',
      status: /critical|warning/i,
      cause:
        /hit rate of Redis cache \d+\s%, \d+\s% before ← Redis cache evicts .* ← the memory of Redis cache is \d+\s% full/,
    },
    {
      fault: 'redis-memory',
      deployment: 'billing',
      status: /critical/i,
      cause: /nothing may be evicted/,
      not: /pool|not ready/,
    },
    {
      fault: 'limited',
      deployment: 'ledger',
      status: /unknown/i,
      cause: /limits requests/,
      not: /is down|not ready/,
    },
  ],
  [
    {
      fault: 'bad-release',
      deployment: 'shop',
      status: /critical/i,
      cause: /5xx answers .* ← 2\.1\.0 deployed to api \(before: 2\.0\.3\)/,
      not: /pool|Redis/,
    },
    {
      fault: 'disk-full',
      deployment: 'billing',
      status: /critical/i,
      // It answers nobody any more, the ready check's PING neither.
      cause: /api is not ready ← Redis refuses every write .* ← Host \S+: Disk \S+ is 100\s% full/,
      not: /pool|WAL/,
      missing: cannotMount,
    },
    {
      fault: 'latency',
      deployment: 'ledger',
      status: /warning/i,
      cause: /a round trip to everything takes 3\d\d\sms or more/,
      not: /pool|not ready/,
    },
  ],
  [
    {
      // No outage: some answers come late, and are said to.
      fault: 'packet-loss',
      deployment: 'shop',
      status: /healthy|warning/i,
      cause: /(answers|answered) in \d{3,}\sms/i,
      not: /is down|not ready|not reached/,
    },
    {
      fault: 'certificate-expiring',
      deployment: 'ledger',
      status: /degraded/i,
      cause: /the certificate ends in 4 days/i,
      not: /is down|not ready/,
    },
    // The server is that of all three, so this comes last.
    {
      fault: 'archive-failing',
      deployment: 'billing',
      status: /critical/i,
      cause: /WAL is not archived/,
      not: /disk|not ready/i,
    },
  ],
  [
    {
      fault: 'certificate-expired',
      deployment: 'ledger',
      status: /down/i,
      cause: /api is down ← the certificate of \S+ has expired/i,
      not: /pool|Redis/,
    },
    {
      fault: 'archive-full',
      deployment: 'shop',
      status: /critical/i,
      cause: /WAL is not archived.* ← Host \S+: Disk \S+ is 100\s% full/,
      not: /not ready/,
      missing: cannotMount,
    },
  ],
]

function isToBeHad({ fault, missing = null }: Shown): boolean {
  if (missing !== null) console.warn(`${fault} is left out: ${missing}.`)
  return missing === null
}

/** The rates of a minute, and a transaction that is only forgotten after a while, take their time to show. */
const SHOWN_WITHIN_MS = 75_000

const row = (page: Page, deployment: DeploymentName) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: deployment, exact: true }) })

for (const round of ROUNDS.map((shown) => shown.filter(isToBeHad))) {
  const names = round.map(({ fault, deployment }) => `${fault} of ${deployment}`).join(', ')
  test(`shows ${names}, each with its cause, until it ends`, async ({ page, fault }) => {
    test.setTimeout(300_000)
    await page.goto('/')
    for (const { deployment } of round) {
      await expect(row(page, deployment)).toContainText(/healthy/i, { timeout: 60_000 })
    }
    const ends: (() => Promise<void>)[] = []
    for (const { fault: name, deployment, status, cause, not } of round) {
      ends.push(await fault(name, deployment))
      await expect(row(page, deployment)).toContainText(status, { timeout: SHOWN_WITHIN_MS })
      await expect(row(page, deployment)).toContainText(cause, { timeout: SHOWN_WITHIN_MS })
      if (not !== undefined) await expect(row(page, deployment)).not.toContainText(not)
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
  await expect(row(page, 'ledger')).toContainText(/waits for a person ← .*has changed/i)
  await expect(row(page, 'ledger')).not.toContainText(/is down|not ready|not reached/)
  await end()
  await page.getByRole('link', { name: 'ledger', exact: true }).click()
  await page.getByRole('button', { name: 'Try again now' }).first().click()
  await page.goto('/')
  await expect(row(page, 'ledger')).toContainText(/healthy/i, { timeout: 60_000 })
})
