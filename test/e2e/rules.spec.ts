// Rules of alerts: the list, one of the catalogue that is set and set back, and one of somebody's own.
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

test('a rule of the catalogue shows its faults at their fields, is set, and is set back', async ({
  page,
}) => {
  await page.goto('/#/alerts/rules')
  const row = page.getByRole('row').filter({ hasText: 'Disk nearly full' })
  await expect(row).toContainText('Critical above 90 %, until 88 %')
  await expectAccessible(page)
  await row.getByRole('link', { name: 'Disk nearly full' }).click()

  const told = page.getByRole('region', { name: 'Within the last 7 days' })
  await expect(told).toContainText(/It would (not )?have fired|There were no looks/)
  await page.getByLabel('Clear line').fill('95')
  await expect(page.getByText(/clear/i).and(page.locator('.mantine-InputWrapper-error'))).toBeVisible()
  await expect(page.getByLabel('Clear line')).toHaveAttribute('aria-invalid', 'true')
  await page.getByLabel('Clear line').fill('80')
  await expect(page.getByLabel('Clear line')).not.toHaveAttribute('aria-invalid', 'true')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Save the rule' }).click()
  await expect(row).toContainText('Critical above 90 %, until 80 %')

  await row.getByRole('link', { name: 'Disk nearly full' }).click()
  await page.getByRole('button', { name: 'Set back the rule “Disk nearly full”' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Set back', exact: true }).click()
  await expect(row).toContainText('Critical above 90 %, until 88 %')
})

test('a rule of one’s own is rehearsed while it is written, saved, and removed', async ({ page }) => {
  await page.goto('/#/alerts/rules/new')
  await page.getByLabel('What it is called').fill('Pool in use')
  await page
    .getByRole('textbox', { name: 'Metrics' })
    .or(page.getByRole('combobox', { name: 'Metrics' }))
    .first()
    .fill('db_pool_checked_out')
  await page.getByRole('option', { name: 'db_pool_checked_out' }).click()
  await page.keyboard.press('Escape')
  await page.getByLabel('Threshold').fill('1000')
  const told = page.getByRole('region', { name: 'Within the last 7 days' })
  await expect(told).toContainText('It would not have fired.')
  await page.getByRole('button', { name: 'Save the rule' }).click()
  const row = page.getByRole('row').filter({ hasText: 'Pool in use' })
  await expect(row).toContainText('db_pool_checked_out')
  await row.getByRole('link', { name: 'Pool in use' }).click()
  await page.getByRole('button', { name: 'Remove the rule “Pool in use”' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(row).toHaveCount(0)
})

test('a rule that could see nothing is refused at its metric', async ({ page }) => {
  await page.goto('/#/alerts/rules/new')
  await page.getByLabel('What it is called').fill('Broker')
  const metrics = page
    .getByRole('textbox', { name: 'Metrics' })
    .or(page.getByRole('combobox', { name: 'Metrics' }))
    .first()
  await metrics.fill('exposition_value')
  await page.getByRole('option', { name: 'exposition_value' }).click()
  await page.keyboard.press('Escape')
  await page.getByLabel('Threshold').fill('1000')
  const why = page.getByText(/none of the deployments that it is for \(.+\) has further metrics/)
  await expect(why).toBeVisible()
  await expect(metrics).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('button', { name: 'Save the rule' }).click()
  await expect(why).toBeVisible()
  await expect(page).toHaveURL(/rules\/new$/)
  await expectAccessible(page)
})

test('how fast each of several things changes is drawn with the rule’s lines', async ({ page }) => {
  await page.goto('/#/alerts/rules/new')
  await page.getByLabel('What it is called').fill('Queues grow')
  await page.getByText('How fast it changes', { exact: true }).click()
  await page
    .getByRole('textbox', { name: 'Metric' })
    .or(page.getByRole('combobox', { name: 'Metric' }))
    .first()
    .click()
  await page.getByRole('option', { name: 'db_backends_active' }).click()
  await page.getByLabel('Within (s)').fill('10')
  await page.getByLabel('Threshold').fill('5')
  const told = page.getByRole('region', { name: 'Within the last 7 days' })
  await expect(told.getByText('db_backends_active, change per second')).toBeVisible()
  await expect(told).toContainText('It would not have fired.')
  await expectAccessible(page)
})
