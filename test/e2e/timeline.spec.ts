// What changed: on the timeline, beside the charts, and in the chain of causes.
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

const timeline = (page: Page) => page.getByRole('region', { name: 'What changed in shop' })
const rows = (page: Page) => timeline(page).getByRole('row')

test('tells a deploy with its versions, marks it on the charts, and leads to them', async ({
  page,
  fault,
}) => {
  await page.goto('/#/deployments/shop')
  // The version before has to be known before another one can be news.
  const health = page.getByRole('region', { name: 'Probes' }).getByRole('listitem').first()
  await expect(health).toContainText('Healthy', { timeout: 60_000 })
  await fault('bad-release')
  await page.getByRole('link', { name: 'Timeline' }).click()
  const deploy = rows(page).filter({ hasText: /2\.1\.0 deployed to .* \(before: 2\.0\.3\)/ })
  await expect(deploy).toBeVisible({ timeout: 60_000 })
  await expect(deploy).toContainText('Deploys')
  await expectAccessible(page)

  await timeline(page).getByRole('button', { name: 'Profile', exact: true }).click()
  await expect(deploy).toHaveCount(0)
  await timeline(page).getByRole('button', { name: 'Everything' }).click()
  await deploy.getByRole('link', { name: /^Charts at / }).click()

  // The newest lies above those before it, where other tests have deployed as well.
  const chart = page
    .locator('figure')
    .filter({ has: page.locator('[data-shape="deploy"]') })
    .first()
  const mark = chart.locator('[data-shape="deploy"]').last()
  await expect(mark).toBeVisible()
  await mark.locator('span').hover()
  await expect(mark).toContainText('2.1.0 deployed to')
})
