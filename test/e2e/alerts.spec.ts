// The alerts' screen on the running demo: what fires, by what it comes from, found, read and taken, by keyboard too.
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

test('two keys lead to the alerts, which say so where there are none', async ({ page }) => {
  await page.goto('/')
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page).toHaveURL(/#\/alerts$/)
  await expect(page.getByRole('heading', { name: 'Alerts', level: 1 })).toBeVisible()
  const nothing = page.getByRole('heading', { name: 'Nothing fires' })
  await expect(nothing.or(page.getByRole('rowheader').first())).toBeVisible()
})

test('an alert stands under its deployment with its reason, and the screens count it', async ({
  page,
  fault,
}) => {
  await fault('not-ready', 'billing')
  await page.goto('/#/alerts')
  const row = page.getByRole('row').filter({ hasText: 'Service not ready' })
  await expect(row).toContainText('Critical')
  await expect(row).toContainText('api is not ready')
  await expect(row).toContainText('Firing')
  await expect(page.getByRole('rowheader').filter({ hasText: 'billing' })).toContainText(
    /Staging.*1.*Critical/,
  )
  await expect(
    page
      .getByRole('navigation', { name: 'Screens' })
      .getByRole('img', { name: /waits? for somebody, Critical/ }),
  ).toBeVisible()
  await expectAccessible(page)

  await page.keyboard.press('/')
  await page.keyboard.type('no such words')
  await expect(page.getByRole('heading', { name: 'No alert matches' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filters' }).last().click()
  await expect(row).toBeVisible()
})

test('what narrows the alerts down is there again after the page was closed', async ({
  page,
  context,
  fault,
}) => {
  await fault('not-ready', 'billing')
  await page.goto('/#/alerts')
  const row = page.getByRole('row').filter({ hasText: 'Service not ready' })
  await expect(row).toBeVisible()
  await page.getByRole('combobox', { name: 'Severity' }).click()
  await page.getByRole('option', { name: 'Emergency only' }).click()
  await expect(page.getByRole('heading', { name: 'No alert matches' })).toBeVisible()
  // What is not kept yet is kept when the screen is left.
  await page.goto('/#/settings')
  const other = await context.newPage()
  await expect(async () => {
    await other.goto('about:blank')
    await other.goto('/#/alerts')
    await expect(other.getByRole('combobox', { name: 'Severity' })).toHaveValue('Emergency only', {
      timeout: 3_000,
    })
  }).toPass({ timeout: 30_000 })
  await other.getByRole('button', { name: 'Clear the filters' }).last().click()
  await expect(other.getByRole('row').filter({ hasText: 'Service not ready' })).toBeVisible()
  await other.goto('/#/settings')
  await expect(other.getByRole('heading', { name: 'Deployments' })).toBeVisible()
})
