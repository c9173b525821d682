// Statistics of alerts: what fired stands in the tables, and by the hour of the week.
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

test('what fired is counted by rule and by deployment, and by the hour', async ({ page, fault }) => {
  await fault('pool-exhausted')
  await page.goto('/#/alerts')
  await expect(page.getByText('Connection pool nearly used up').first()).toBeVisible({ timeout: 90_000 })
  await page.goto('/#/alerts/statistics')
  const byRule = page.getByRole('region', { name: 'By rule' })
  await expect(byRule.getByRole('row').filter({ hasText: 'Connection pool nearly used up' })).toBeVisible()
  await expect(
    page.getByRole('region', { name: 'By deployment' }).getByRole('row').filter({ hasText: 'shop' }),
  ).toBeVisible()
  const cells = page.getByRole('region', { name: 'When it fires' }).locator('td:not([data-none="true"])')
  await expect(cells.first()).toBeVisible()

  const fired = byRule.getByRole('columnheader', { name: 'Fired' })
  await expect(fired).toHaveAttribute('aria-sort', 'descending')
  await fired.getByRole('button').click()
  await expect(fired).toHaveAttribute('aria-sort', 'ascending')
  await expectAccessible(page)
})
