// The fleet on the running demo: what a row says, how one finds and opens it, and how it looks in a small window.
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

test.beforeEach(async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'ledger', exact: true })).toBeVisible()
})

test('each row has environment, status, heartbeat, four numbers with limits, and says that it is fresh', async ({
  page,
}) => {
  const row = page.getByRole('row').filter({ hasText: 'billing' })
  await expect(row).toContainText('Staging')
  await expect(row.getByRole('img', { name: /The last hour: / })).toBeVisible()
  for (const metric of ['Pool', 'Redis memory', 'CPU', 'Errors']) {
    await expect(row.getByRole('img', { name: new RegExp(`^${metric}, last hour: from `) })).toBeVisible()
  }
  await expect(row).toContainText(/\d\s%≤\s90\s%/)
  await expect(row).toContainText('now')
})

test('the keyboard finds a row and opens it', async ({ page }) => {
  await page.keyboard.press('/')
  await expect(page.getByRole('textbox', { name: 'Filter by name or reason' })).toBeFocused()
  await page.keyboard.type('led')
  await expect(page.getByText('1 of 3 shown')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('main').focus()
  await page.keyboard.press('ArrowDown')
  // Which row that is may change at any moment, because the worst stands first; the focus goes with the row.
  const focused = page.getByRole('row').locator('a:focus')
  await expect(focused).toBeVisible()
  const name = await focused.textContent()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`#/deployments/${name}$`))
  await expect(page.getByRole('complementary')).toContainText(`${name}`)
})

test('a filter by environment that nothing passes says so, and is cleared with one button', async ({
  page,
}) => {
  await page.getByRole('combobox', { name: 'Environment' }).or(page.getByLabel('Environment')).first().click()
  await page.getByRole('option', { name: 'Production' }).click()
  await expect(page.getByRole('heading', { name: 'No deployment matches' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filters' }).last().click()
  await expect(page.getByRole('link', { name: 'shop', exact: true })).toBeVisible()
})

test('order, groups and filters are there again after the page was closed, on any device', async ({
  page,
  context,
}) => {
  const groups = page.getByRole('combobox', { name: 'Groups' }).or(page.getByLabel('Groups')).first()
  await groups.click()
  await page.getByRole('option', { name: 'By environment' }).click()
  await expect(page.getByRole('rowheader').filter({ hasText: '3 deployments' })).toBeVisible()
  await page.getByRole('textbox', { name: 'Filter by name or reason' }).fill('led')
  await expect(page.getByText('1 of 3 shown')).toBeVisible()
  const other = await context.newPage()
  await expect(async () => {
    await other.goto('about:blank')
    await other.goto('/')
    await expect(other.getByText('1 of 3 shown')).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 30_000 })
  await expect(other.getByRole('rowheader').filter({ hasText: '1 deployment' })).toBeVisible()
  await other.getByRole('textbox', { name: 'Filter by name or reason' }).fill('')
  await other.getByRole('combobox', { name: 'Groups' }).or(other.getByLabel('Groups')).first().click()
  await other.getByRole('option', { name: 'No groups' }).click()
  // What is not kept yet is kept when the fleet is left.
  await other.goto('/#/settings')
  await expect(async () => {
    await page.goto('about:blank')
    await page.goto('/')
    await expect(page.getByText('3 deployments')).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 30_000 })
})

test('a small window shows fewer columns and nothing beside the edge', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 700 })
  await expect(page.getByRole('columnheader', { name: 'Pool' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'CPU' })).toBeHidden()
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  expect(overflow).toBe(0)
})

test('is accessible in both themes', async ({ page }) => {
  await expectAccessible(page)
})
