// PostgreSQL from within: who waits for whom, who runs, what costs most, and what holds what up.
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

const tree = (page: Page) => page.getByRole('region', { name: /^Who waits for whom/ })
const backends = (page: Page) => page.getByRole('table', { name: /^Backends/ })
const row = (page: Page, text: string | RegExp) => backends(page).getByRole('row').filter({ hasText: text })

async function open(page: Page, name: string, part = 'activity') {
  await page.goto(`/#/deployments/${name}/database/${part}`)
  await expect(page.getByRole('navigation', { name: 'Parts of the database' })).toBeVisible({
    timeout: 60_000,
  })
}

test('a lock shows its holder above all who wait, and a cause leads to that backend', async ({
  page,
  fault,
}) => {
  await page.goto('/#/deployments/shop')
  await expect(page.getByRole('heading', { level: 1, name: 'shop' })).toBeVisible()
  const end = await fault('lock', 'shop')
  const causes = page.getByRole('region', { name: 'What it comes from' })
  await causes
    .getByRole('link', { name: /^PID \d+/ })
    .last()
    .click({ timeout: 75_000 })

  const head = tree(page).getByRole('button').first()
  await expect(head).toContainText(/PID \d+.*holds up [1-9].*idle in transaction.*nightly-migration/)
  // Whoever follows a link to a backend has it open, and its keys.
  await expect(head).toBeFocused()
  await expect(head).toHaveAttribute('aria-expanded', 'true')
  await expect(
    tree(page)
      .getByRole('group', { name: /Statement of PID/ })
      .first(),
  ).toContainText('LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
  const waiter = tree(page).getByRole('list').getByRole('list').getByRole('button').first()
  await expect(waiter).toContainText(/has waited .* for \w+Lock on public\.orders/)

  // Who waits gives up after seconds, and another one comes: keys are tried until one stays under them.
  await expect(async () => {
    await head.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(page.locator(':focus')).toContainText('has waited', { timeout: 500 })
    await expect(page.locator(':focus')).toHaveAttribute('aria-expanded', 'true', { timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await expectAccessible(page)
  await end()
  await expect(tree(page)).toContainText('Nobody waits for a lock.')
})

test('a forgotten transaction stands out, is found by what is typed, and reveals its literals on record', async ({
  page,
  fault,
}) => {
  await open(page, 'billing')
  await fault('idle-in-transaction', 'billing')
  await page.keyboard.press('/')
  await page.keyboard.type('update orders')
  const forgotten = row(page, 'UPDATE orders')
  await expect(forgotten).toHaveCount(1)
  await expect(forgotten).toContainText(/idle in transaction · \d+/)
  const opener = forgotten.getByRole('button')
  await opener.focus()
  await page.keyboard.press('Enter')
  const statement = backends(page).getByRole('group', { name: /Statement of PID/ })
  await expect(statement).toContainText('UPDATE orders')
  await expect(backends(page)).toContainText('goes on record')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /CSV.*Backends billing|Backends billing.*CSV/ }).click(),
  ])
  const csv = await readFile(await file.path(), 'utf8')
  expect(csv).toMatch(/^\uFEFF?pid,state,.*,query\r\n\d+,idle in transaction,[^\n]*UPDATE orders/)
  await backends(page).getByRole('button', { name: 'Reveal the literals' }).click()
  await expect(backends(page)).toContainText('With its literals, as you asked for')
  await expectAccessible(page)
})

test('slow statements are ordered by how long they run, and one after another by arrows', async ({
  page,
  fault,
}) => {
  await open(page, 'ledger')
  await fault('slow-query', 'ledger')
  await expect(row(page, 'sum(total)').first()).toContainText('active')
  await backends(page).getByRole('button', { name: 'Runs for' }).click()
  await expect(backends(page).getByRole('columnheader', { name: 'Runs for' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  )
  await page.getByRole('combobox', { name: 'State', exact: true }).click()
  await page.getByRole('option', { name: 'All states' }).click()
  // What was chosen stays while another part is looked at.
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: /^Vacuum/ }).click()
  await page.getByRole('link', { name: /^Activity/ }).click()
  await expect(page.getByRole('combobox', { name: 'State', exact: true })).toHaveValue('All states')
  const rows = backends(page).locator('[data-pid]')
  await expect.poll(() => rows.count()).toBeGreaterThan(1)
  await rows.first().focus()
  await page.keyboard.press('End')
  await expect(rows.last()).toBeFocused()
})

test('a pool that is used up shows in who holds the connections, beside what the application says', async ({
  page,
  fault,
}) => {
  await open(page, 'shop')
  await page.keyboard.press('3')
  const connections = page.getByRole('region', { name: 'Connections' })
  await expect(connections).toContainText('max_connections 80, of them reserved 3')
  await fault('pool-exhausted', 'shop')
  const service = connections.getByRole('row').filter({ hasText: 'shop-api' })
  await expect(service.getByRole('cell')).toHaveText(['8', '0', '0', '8', /\d+\ss$/], {
    // It may have been asked just before the fault, and is asked again by itself after half a minute.
    timeout: 45_000,
  })
  await expect(connections).toContainText(/as PostgreSQL counts them: 8;/)
  await expectAccessible(page)
})

test('says what costs most, since when it counts, and what is large', async ({ page }) => {
  await open(page, 'shop', 'statements')
  const statements = page.getByRole('region', { name: 'Top statements' })
  await page.getByText('Since reset').click()
  const inserts = statements
    .getByRole('row')
    .filter({ hasText: 'INSERT INTO orders (customer_id, total, status) SELECT' })
  // A young demo has sold nothing yet, and what costs most is asked again after half a minute.
  await expect(inserts).toBeVisible({ timeout: 75_000 })
  await expect(statements).toContainText(/Counted by PostgreSQL for .*, since/)
  await statements.getByRole('button', { name: 'Calls', exact: true }).click()
  await expect(statements.getByRole('columnheader', { name: /^Calls ↓|^Calls$/ })).toHaveAttribute(
    'aria-sort',
    'descending',
  )
  await expectAccessible(page)
  for (const [key, heading, found] of [
    ['4', 'Replication and slots', 'This server is a primary.'],
    ['5', 'Vacuum', 'public.orders'],
    ['6', 'Tables and indexes', 'public.orders'],
  ] as const) {
    await page.keyboard.press(key)
    await expect(page.getByRole('region', { name: heading })).toContainText(found)
    await expectAccessible(page)
  }
})

test('asks nothing while watching is paused, and says so', async ({ page }) => {
  await open(page, 'ledger')
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByText('While it is paused, nothing is asked of PostgreSQL.')).toBeVisible()
  await page.getByRole('main').getByRole('button', { name: 'Resume', exact: true }).last().click()
  await expect(tree(page)).toContainText('Nobody waits for a lock.', { timeout: 60_000 })
})
