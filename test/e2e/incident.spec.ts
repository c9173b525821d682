// The short page of an incident, as a phone shows it.
import { expectNoViolations } from './accessible.ts'
import { expect, test } from './fixture.ts'

test('fits a phone, and acknowledges', async ({ page, fault, demo }) => {
  await fault('pool-exhausted')
  await page.setViewportSize({ width: 360, height: 740 })
  const firing = async () => {
    const answer = await page.request.get(`${demo.url}/api/v1/monitoring/alerts/active?deployment=shop`)
    const { items } = (await answer.json()) as { items: { rule: string; incident: string }[] }
    return items.find(({ rule }) => rule === 'db-pool-utilization-high')?.incident ?? ''
  }
  await expect.poll(firing, { timeout: 90_000 }).not.toBe('')
  await page.goto(`/incidents/${await firing()}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Critical · shop/)
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectNoViolations(page, colorScheme)
  }
  await page.getByLabel('Note (may be empty)').fill('on my way')
  await page.getByRole('button', { name: 'Acknowledge' }).click()
  await expect(page.getByRole('status')).toContainText('It is yours')
  await expect(page.getByText('on my way')).toBeVisible()
  await page.getByRole('link', { name: 'Open in the console' }).click()
  await expect(page.getByRole('heading', { name: 'Alerts', level: 1 })).toBeVisible()
})
