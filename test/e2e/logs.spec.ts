// Logs: from a cause to its errors, around a moment and at the end; nothing that is a secret is on the screen.
import { appendFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expectAccessible, expectNoViolations } from './accessible.ts'
import { expect, test } from './fixture.ts'

const log = (page: Page, name: string) => page.getByRole('region', { name: `Log ${name}` })
const errors = (page: Page) => page.locator('tr[data-level="error"]')

test('leads from a cause to the errors at the moment when it began', async ({ page, fault }) => {
  await page.goto('/#/deployments/shop')
  const health = page.getByRole('region', { name: 'Probes' }).getByRole('listitem').first()
  await expect(health).toContainText('Healthy', { timeout: 60_000 })
  await fault('pool-exhausted')
  await expect(page.getByRole('region', { name: 'What it comes from' })).toContainText('pool', {
    timeout: 60_000,
  })
  await page.keyboard.press('l')
  await expect(page).toHaveURL(/\/logs\/(api|postgres)@\d+$/)
  await page.getByRole('navigation', { name: 'Logs of shop' }).getByRole('link', { name: /^api/ }).click()
  await expect(page).toHaveURL(/\/logs\/api@\d+$/)
  const moment = log(page, 'api').locator('tr[data-moment]')
  await expect(moment).toBeInViewport()

  await page.keyboard.press('/')
  await page.keyboard.type('"no free connection"')
  await page.keyboard.press('Enter')
  const timeout = errors(page).filter({ hasText: 'no free connection within' }).first()
  await expect(timeout).toBeVisible()
  await timeout.getByRole('button').press('Enter')
  const detail = page.getByRole('group', { name: 'The whole line' })
  await expect(detail).toContainText('timeout exceeded when trying to connect')
  await expect(detail).toContainText('pool_size')
  await expectNoViolations(page)
  await expectAccessible(page)
})

test('follows the end, hides secrets always and values until they are shown on record', async ({ page }) => {
  await page.goto('/#/deployments/billing/logs/api')
  const api = page.getByRole('navigation', { name: 'Logs of billing' }).getByRole('link', { name: /^api/ })
  const file = (await api.getAttribute('title')) ?? ''
  expect(file).toMatch(/billing\.log$/)
  await expect(log(page, 'api').getByRole('row').nth(1)).toBeVisible()
  const line = {
    timestamp: new Date().toISOString(),
    level: 'error',
    event: "planted for 'anna@example.com' postgresql://app:hunter2hunter2@db/shop",
    api_key: 'hunter2hunter2',
    note: 'password=hunter2hunter2',
  }
  await appendFile(file, `${JSON.stringify(line)}\n`)
  const planted = errors(page).filter({ hasText: 'planted for' })
  await expect(planted).toBeVisible()
  await expect(planted).toContainText("planted for '?'")
  await page.getByRole('button', { name: 'Show values' }).click()
  await expect(planted).toContainText('anna@example.com')
  await planted.getByRole('button').press('Enter')
  await expect(page.getByRole('group', { name: 'The whole line' })).toContainText('•••')
  expect(await page.content()).not.toContain('hunter2hunter2')

  // Where it is told apart by its level, and by what it says.
  await page.getByRole('combobox', { name: 'Level' }).click()
  await page.getByRole('option', { name: 'error and worse' }).click()
  await expect(page.locator('tr[data-level="info"]')).toHaveCount(0)
  await page.keyboard.press('Escape')
})

test('goes from log to log by keys', async ({ page }) => {
  await page.goto('/#/deployments/shop/logs/redis')
  await expect(log(page, 'redis')).toContainText('Ready to accept connections')
  await page.keyboard.press('2')
  await expect(page).toHaveURL(/\/logs\/postgres$/)
  await expect(log(page, 'postgres').getByRole('table')).toBeVisible()
})
