// A restore: what of a backup, and where to, is chosen; its plan is read before anything runs; and it is taken back.
import type { Locator, Page } from '@playwright/test'
import { expectAccessible, expectNoViolations } from './accessible.ts'
import { backups, runOperation } from './backup-steps.ts'
import { expect, test } from './fixture.ts'

/** Opens the choice of what of a backup of billing is restored; makes one where there is none. */
async function chooseFromNewest(page: Page): Promise<Locator> {
  const kept = await page.request.get('/api/v1/backups?deployment=billing')
  const { items } = (await kept.json()) as { items: unknown[] }
  await page.goto('/#/deployments/billing/backups')
  if (items.length === 0) await runOperation(page, 'Back up now…', 'Make a backup', 'Back up now')
  await backups(page).getByRole('row').nth(1).getByRole('button').press('Enter')
  await page.getByRole('button', { name: 'Restore…' }).click()
  return page.getByRole('dialog', { name: 'Restore from this backup' })
}

const planOf = (page: Page) => page.getByRole('dialog', { name: /^Restore: / })

/** Begins what the plan shows, waits for its end, and opens the operation. */
async function restore(page: Page): Promise<Locator> {
  const plan = planOf(page)
  await plan.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(plan.getByRole('status')).toContainText('succeeded', { timeout: 120_000 })
  await plan.getByRole('link', { name: /Open the operation/ }).click()
  return page.getByRole('complementary', { name: 'Operation' })
}

async function takeBack(panel: Locator): Promise<void> {
  await panel.getByRole('button', { name: 'Take back…' }).click()
  const dialog = panel.page().getByRole('dialog', { name: /^Take back: Restore/ })
  await expect(dialog).toContainText('What cannot be taken back', { timeout: 30_000 })
  await expectNoViolations(panel.page())
  await dialog.getByRole('button', { name: 'Take back' }).click()
  await expect(dialog).toBeHidden({ timeout: 30_000 })
  await expect(panel.getByRole('status')).toContainText('was taken back', { timeout: 120_000 })
}

test('a database is restored beside, swapped in, and taken back with one click', async ({ page }) => {
  const choice = await chooseFromNewest(page)
  await expect(choice.getByRole('radio', { name: 'In place of billing' })).toBeChecked()
  await expectNoViolations(page)
  await choice.getByRole('button', { name: 'Show the plan' }).click()
  await expect(planOf(page)).toContainText(/What was written to “billing”/, { timeout: 30_000 })
  await expect(planOf(page)).toContainText('Swap the two databases')
  const panel = await restore(page)
  await expect(panel.getByRole('button', { name: /^Keep it: drop billing__before_/ })).toBeVisible()
  await expectAccessible(page)
  await takeBack(panel)
})

test('what was restored is kept: what it drops is on the button, and there is no way back afterwards', async ({
  page,
}) => {
  const choice = await chooseFromNewest(page)
  await choice.getByRole('button', { name: 'Show the plan' }).click()
  await expect(planOf(page)).toContainText('Swap the two databases', { timeout: 30_000 })
  const panel = await restore(page)
  await expect(panel).toContainText(/Restored and counted: tables \d+, rows [\d,]+/)
  const keep = panel.getByRole('button', { name: /^Keep it: drop billing__before_/ })
  const before = /billing__before_\w+/.exec(await keep.innerText())?.[0] ?? ''
  await keep.click()
  const dialog = page.getByRole('dialog', { name: 'Keep what was restored: billing' })
  await expect(dialog).toContainText(`Drops the database “${before}”`, { timeout: 30_000 })
  await expect(dialog).toContainText('cannot be taken back')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: `Drop ${before}`, exact: true }).click()
  await expect(dialog.getByRole('status')).toContainText('succeeded', { timeout: 60_000 })
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(panel.getByRole('status').first()).toContainText('cannot be taken back', { timeout: 30_000 })
  for (const name of [/^Keep it/, 'Take back…'])
    await expect(panel.getByRole('button', { name })).toHaveCount(0)
})

test('tables are looked for and chosen; the plan says who refers to them, and what was chosen is still there after it', async ({
  page,
}) => {
  const choice = await chooseFromNewest(page)
  await choice.getByRole('radio', { name: 'Chosen tables of billing' }).click()
  const show = choice.getByRole('button', { name: 'Show the plan' })
  await expect(show).toBeDisabled()
  await choice.getByLabel('Look for a table').fill('nothing-like-it')
  await expect(choice.getByRole('heading', { name: 'No such table' })).toBeVisible()
  await choice.getByLabel('Look for a table').fill('Customer')
  const customers = choice.getByRole('checkbox', { name: 'public.customers' })
  await expect(choice.getByRole('listitem')).toHaveText(/customers\s*200 rows/)
  await customers.click()
  await expect(choice.getByRole('status')).toContainText('public.customers')
  await expectNoViolations(page)
  await show.click()
  const plan = planOf(page)
  await expect(plan).toContainText('public.orders refers to public.customers', { timeout: 30_000 })
  await plan.getByRole('button', { name: 'Choose again' }).click()
  await expect(customers).toBeChecked()
  await show.click()
  await expect(plan).toContainText('public.orders refers to public.customers', { timeout: 30_000 })
  const panel = await restore(page)
  await expect(panel.getByRole('button', { name: /^Keep it: drop vakhta_before_/ })).toBeVisible()
  await takeBack(panel)
})

test('a partitioned table is chosen with its partitions, and the plan names it alone', async ({ page }) => {
  const choice = await chooseFromNewest(page)
  await choice.getByRole('radio', { name: 'Chosen tables of billing' }).click()
  await choice.getByLabel('Look for a table').fill('shipments')
  await expect(choice.getByRole('listitem')).toHaveText([
    /shipments\s*1,500 rows · 2 partitions/,
    /shipments_abroad\s*300 rows · partition of public\.shipments/,
    /shipments_inland\s*1,200 rows · partition of public\.shipments/,
  ])
  const abroad = choice.getByRole('checkbox', { name: 'public.shipments_abroad' })
  await abroad.click()
  await choice.getByRole('checkbox', { name: 'public.shipments', exact: true }).click()
  await expect(abroad).toBeChecked()
  await expect(choice.getByRole('status')).toHaveText(
    /^Chosen, 1 of at most 100: public\.shipments\s*Choose none$/,
  )
  await expect(choice.getByText('chosen with public.shipments')).toHaveCount(2)
  await expectNoViolations(page)
  await choice.getByRole('button', { name: 'Show the plan' }).click()
  const plan = planOf(page)
  await expect(plan).toContainText('public.shipments is partitioned', { timeout: 30_000 })
  await expect(plan).toContainText('public.shipments_abroad')
  await expect(plan.getByRole('button', { name: 'Restore', exact: true })).toBeEnabled()
})

test('tables are gone through with arrows and ticked with the space bar', async ({ page }) => {
  const choice = await chooseFromNewest(page)
  await choice.getByRole('radio', { name: 'Chosen tables of billing' }).click()
  await choice.getByRole('checkbox', { name: 'public.customers' }).focus()
  await page.keyboard.press('ArrowDown')
  const orders = choice.getByRole('checkbox', { name: 'public.orders' })
  await expect(orders).toBeFocused()
  await page.keyboard.press('Space')
  await expect(orders).toBeChecked()
  await choice.getByRole('button', { name: 'Choose none' }).click()
  await expect(orders).not.toBeChecked()
})

test('a database comes to the server of another deployment under a name that is free there, and goes again', async ({
  page,
}) => {
  const choice = await chooseFromNewest(page)
  await choice.getByRole('radio', { name: 'To another or a blank server' }).click()
  const show = choice.getByRole('button', { name: 'Show the plan' })
  await expect(show).toBeDisabled()
  await choice.getByLabel('Server of the deployment').selectOption('ledger')
  await expectNoViolations(page)
  await show.click()
  const plan = planOf(page)
  // In the demo it is the same server.
  await expect(plan).toContainText('“billing” is there already', { timeout: 30_000 })
  await expect(plan.getByRole('button', { name: 'Restore', exact: true })).toBeDisabled()
  await plan.getByRole('button', { name: 'Choose again' }).click()
  await choice.getByLabel('Its name there').fill('billing_moved')
  await show.click()
  await expect(plan).toContainText('billing_moved', { timeout: 30_000 })
  const panel = await restore(page)
  await expect(panel).toContainText('ledger')
  await takeBack(panel)
})

test('one that waits is given up as it is: what stays is said before, and can be taken back afterwards', async ({
  page,
}) => {
  const choice = await chooseFromNewest(page)
  await choice.getByRole('button', { name: 'Show the plan' }).click()
  const plan = planOf(page)
  await expect(plan).toContainText('Swap the two databases', { timeout: 30_000 })
  await plan.getByRole('button', { name: 'Restore', exact: true }).click()
  await plan.getByRole('link', { name: /Open the operation/ }).click()
  const panel = page.getByRole('complementary', { name: 'Operation' })
  // Before what it is about to do, where it is to pause.
  const state = panel.getByRole('status').first()
  // It reads the backup to its end first, and waits after that at the latest.
  await panel.getByRole('button', { name: 'Pause' }).click()
  await expect(state).toContainText('paused', { timeout: 60_000 })
  await panel.getByRole('button', { name: 'Give up as it is…' }).click()
  const dialog = page.getByRole('dialog', { name: /^Give up as it is: Restore/ })
  await expect(dialog).toContainText(/nothing is looked at or taken back|it left nothing at the target/, {
    timeout: 30_000,
  })
  await expectNoViolations(page)
  await dialog.getByLabel('Why').fill('was a trial')
  await dialog.getByRole('button', { name: 'Give up as it is' }).click()
  await expect(state).toContainText('given up', { timeout: 30_000 })
  await expect(panel).toContainText('was a trial')
  // Whatever it had made goes with that.
  const back = panel.getByRole('button', { name: 'Take back…' })
  if (await back.isVisible()) {
    await back.click()
    const undo = page.getByRole('dialog', { name: /^Take back: Restore/ })
    await undo.getByRole('button', { name: 'Take back' }).click()
    await expect(state).toContainText('taken back', { timeout: 60_000 })
  }
})
