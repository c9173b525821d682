// The Redis tab: the server itself, its slow log, what takes its memory, and who is connected.
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

async function open(page: Page, section: string) {
  await page.goto(`/#/deployments/shop/redis/cache:${section}`)
  await expect(page.getByRole('navigation', { name: /^Parts of Redis/ })).toBeVisible()
}

test('says how the server is, and reaches each part by a key', async ({ page }) => {
  await page.goto('/#/deployments/shop')
  await page.getByRole('link', { name: 'Redis', exact: true }).click()
  await expect(page.getByRole('heading', { level: 2, name: 'Server' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Databases' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Where its time goes' })).toContainText('GET')
  await expectAccessible(page)
  await page.keyboard.press('4')
  await expect(page.getByRole('heading', { level: 2, name: 'Clients' })).toBeVisible()
  const each = page.getByRole('table', { name: 'Each', exact: true })
  await expect(each).toContainText('Vakhta')
  await page.getByRole('combobox', { name: 'Group by' }).click()
  await page.getByRole('option', { name: 'Address' }).click()
  await expect(page.getByRole('table', { name: 'Together' })).toContainText('127.0.0.1')
  await expectAccessible(page)
})

test('samples the memory when asked to, and shows names only to who reveals them', async ({ page }) => {
  await open(page, 'memory')
  await page.getByRole('button', { name: 'Sample the memory' }).click()
  const prefixes = page.getByRole('table', { name: 'By prefix' })
  const revealing = prefixes.getByRole('button', { name: /^Reveal names under .+/ }).first()
  await expect(revealing).toBeVisible()
  await expect(page.getByRole('table', { name: 'Largest keys' })).toBeVisible()
  await expectAccessible(page)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: /CSV.*By prefix|By prefix.*CSV/ }).click()
  expect((await saved).suggestedFilename()).toMatch(/\.csv$/)
  await revealing.click()
  await expect(prefixes).toContainText('Revealed to you, and on record')
})

test('says what a queue would tell, and where to name one', async ({ page }) => {
  await open(page, 'queues')
  await expect(page.getByRole('heading', { name: 'No queues are watched' })).toBeVisible()
  await page.getByRole('link', { name: 'Name them in the profile' }).click()
  await expect(page.getByRole('textbox', { name: 'Celery queues' })).toBeVisible()
})

test('shows how long a queue is and for how long its oldest message waits, and that it grows where it is stuck', async ({
  page,
  fault,
}) => {
  await page.goto('/#/deployments/billing/redis/cache:queues')
  const row = page.getByRole('row').filter({ hasText: 'invoices' })
  await expect(row).toBeVisible({ timeout: 60_000 })
  await fault('queue-stuck', 'billing')
  // A burst of six is worked off before the next comes, unless nobody does.
  await expect(row.getByRole('cell').first()).toHaveText(/^[2-9]\d$|^\d{3}$/, { timeout: 60_000 })
  await expectAccessible(page)
})

test('lists slow commands without their arguments', async ({ page }) => {
  await open(page, 'slow-log')
  await expect(page.getByRole('heading', { level: 2, name: 'Slow log' })).toBeVisible()
  await expect(page.getByText(/^Slow is what takes/)).toBeVisible()
  await expectAccessible(page)
})
