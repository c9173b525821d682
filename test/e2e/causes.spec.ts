// What a bad status comes from, on the deployment's own screen: the chain, its evidence by a key, and nothing once it is over.
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

test('says what a lock does as a chain, with its evidence a key away, and takes it back when it is over', async ({
  page,
  fault,
}) => {
  test.setTimeout(240_000)
  const causes = page.getByRole('region', { name: 'What it comes from' })
  const end = await fault('lock', 'shop')
  await page.goto('/#/deployments/shop')
  await expect(causes).toContainText(
    /api is not ready ← pool 100\s% \(8 of 8 in use\) ← 8 backends wait for PID (\d+) ← PID \1 \(nightly-migration\) idle in transaction/,
    { timeout: 60_000 },
  )
  const evidence = causes.getByRole('button', { name: 'Evidence' }).first()
  await expect(evidence).toHaveAttribute('aria-expanded', 'false')
  await page.keyboard.press('e')
  await expect(evidence).toHaveAttribute('aria-expanded', 'true')
  await expect(causes.getByRole('table').filter({ hasText: 'LOCK TABLE orders' })).toBeVisible()
  await expectAccessible(page)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await causes.getByRole('button', { name: 'Copy as text' }).click()
  await expect(causes.getByRole('button', { name: 'Copied' })).toBeVisible()
  const copied = await page.evaluate<string>('navigator.clipboard.readText()')
  expect(copied).toMatch(/^\*\*shop\*\* \(Staging\): /)
  expect(copied).toMatch(/ UTC\)\n/)
  expect(copied).toContain('`LOCK TABLE orders')
  await page.keyboard.press('e')
  await expect(evidence).toHaveAttribute('aria-expanded', 'false')
  await end()
  await expect(causes).toBeHidden({ timeout: 120_000 })
})
