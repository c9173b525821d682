// What changes a deployment: shown before, done, and told of where operations are.
import type { Page } from '@playwright/test'
import { expectAccessible, expectNoViolations } from './accessible.ts'
import { expect, test } from './fixture.ts'

const backends = (page: Page) => page.getByRole('table', { name: /^Backends/ })

test('a forgotten session is ended from the Database screen, and stands among the operations', async ({
  page,
  fault,
}) => {
  await fault('idle-in-transaction', 'billing')
  await page.goto('/#/deployments/billing/database/activity')
  const forgotten = backends(page).getByRole('row').filter({ hasText: 'UPDATE orders' })
  await expect(forgotten).toHaveCount(1, { timeout: 60_000 })
  await forgotten.getByRole('button').first().press('Enter')
  await backends(page).getByRole('button', { name: 'Terminate session…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Terminate a session' })
  await expect(dialog).toContainText(/Ends the session PID \d+/)
  const [, pid = ''] = /PID (\d+)/.exec(await dialog.innerText()) ?? []
  await expect(dialog).toContainText(/Rolls back its transaction/)
  await expectNoViolations(page)
  await dialog.getByLabel('Why').fill('forgotten by checkout')
  await dialog.getByRole('button', { name: 'Terminate session' }).click()
  await expect(dialog.getByRole('status')).toContainText('succeeded', { timeout: 30_000 })
  // How it ended is still told when the session is seen to be gone.
  await expect(backends(page).getByRole('cell', { name: pid, exact: true })).toHaveCount(0, {
    timeout: 30_000,
  })
  await dialog.getByRole('link', { name: /Open the operation/ }).click()

  await expect(page.getByRole('heading', { level: 1, name: 'Operations' })).toBeVisible()
  const row = page
    .getByRole('table', { name: 'Operations' })
    .getByRole('row')
    .filter({ hasText: 'forgotten by checkout' })
  await expect(row).toContainText(/Terminate session.*billing.*succeeded/)
  const panel = page.getByRole('complementary', { name: 'Operation' })
  await expect(panel).toContainText(/End the session done/)
  await expect(panel).toContainText(/PID \d+ was signalled by vakhta_operate/)
  await expectAccessible(page)
})

test('operations are a key away, and say what they are where there are none yet', async ({
  page,
  emptyConsole,
  browser,
}) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await expect(page.getByRole('heading', { level: 1, name: 'Operations' })).toBeVisible()

  const context = await browser.newContext({ storageState: emptyConsole.session, baseURL: emptyConsole.url })
  const other = await context.newPage()
  await other.goto(`${emptyConsole.url}/#/operations`)
  await expect(other.getByRole('heading', { name: 'Nothing was done from here yet' })).toBeVisible()
  await context.close()
})

test('a console that is read-only says so before anything is asked of it, until an administrator lets it again', async ({
  page,
}) => {
  await page.goto('/#/operations')
  const readOnly = page.getByRole('checkbox', { name: 'Read-only' })
  await readOnly.click()
  await expect(readOnly).toBeChecked()
  await expectAccessible(page)
  await page.reload()
  await expect(readOnly).toBeChecked()
  const refused = await page.request.post('/api/v1/operations', {
    data: { kind: 'cancel-query', deployment: 'shop', options: { pid: 1 } },
    headers: { origin: new URL(page.url()).origin },
  })
  expect(refused.status()).toBe(403)
  await readOnly.click()
  await expect(readOnly).not.toBeChecked()
})
