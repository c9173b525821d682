// One deployment: its reason, its path, its evidence, and charts that stay true while data arrives.
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

const probes = (page: Page) => page.getByRole('region', { name: 'Probes' })
const charts = (page: Page) => page.getByRole('region', { name: 'Charts' })
const evidence = (page: Page) => page.getByRole('region', { name: 'Evidence' })
const path = (page: Page) => page.getByRole('region', { name: 'Connection path' })

async function open(page: Page, name: string) {
  await page.goto(`/#/deployments/${name}`)
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}

test('shows the path hop by hop, and what each look cost', async ({ page }) => {
  await open(page, 'ledger')
  const hops = path(page).getByRole('listitem')
  await expect(hops.filter({ hasText: '@127.0.0.1' })).toHaveCount(2)
  await expect(hops.filter({ hasText: 'PostgreSQL' })).toContainText('ms', { timeout: 60_000 })
  await expect(probes(page).getByRole('listitem').filter({ hasText: 'Redis' })).toContainText('Healthy')
  await expect(probes(page).getByLabel(/Cost of the last look/)).toHaveCount(5)
})

test('draws what arrives while it arrives, with a table behind each chart', async ({ page }) => {
  await open(page, 'shop')
  await page.getByText('5 min', { exact: true }).click()
  await page.getByRole('button', { name: 'Table of “Requests”' }).click()
  const rows = charts(page).getByRole('group', { name: 'Values of “Requests”' }).getByRole('row')
  const before = await rows.count()
  await expect.poll(() => rows.count()).toBeGreaterThan(before)
  await page.getByRole('button', { name: 'Table of “Requests”' }).click()
  await expect(charts(page).getByRole('img', { name: /^Requests\. served: now .*\/s/ })).toBeVisible()
})

test('points at one moment in all charts, and says which', async ({ page }) => {
  await open(page, 'shop')
  const plots = charts(page).locator('.u-over')
  await plots.nth(1).hover({ position: { x: 200, y: 40 } })
  const readout = charts(page).locator('time[datetime]').first()
  await expect(readout).toBeVisible()
  const lines = charts(page).locator('.u-cursor-x')
  const boxes = await Promise.all([0, 1, 2].map((index) => lines.nth(index).boundingBox()))
  const origins = await Promise.all([0, 1, 2].map((index) => plots.nth(index).boundingBox()))
  const lefts = boxes.map((box, index) => (box?.x ?? 0) - (origins[index]?.x ?? 0))
  expect(Math.max(...lefts) - Math.min(...lefts)).toBeLessThan(2)
  expect(Math.min(...lefts)).toBeGreaterThan(100)
  await page.mouse.move(5, 5)
  await expect(charts(page)).toContainText('Drag over a chart to zoom')
})

test('zooms where it is dragged over, pans by keys, and comes back to the present', async ({ page }) => {
  await open(page, 'shop')
  const plot = charts(page).locator('.u-over').first()
  const box = await plot.boundingBox()
  if (box === null) throw new Error('The first chart has no box.')
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.8, box.y + 40, { steps: 5 })
  await page.mouse.up()
  const back = page.getByRole('button', { name: 'Back to live' })
  await expect(back).toBeVisible()
  await back.click()
  await expect(back).toBeHidden()
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('ArrowLeft')
  await expect(back).toBeVisible()
  await page.keyboard.press('0')
  await expect(back).toBeHidden()
  for (const span of ['1 h', '6 h', '24 h', '7 days']) {
    await page.getByText(span, { exact: true }).click()
    await expect(charts(page).getByRole('img', { name: /^Connections\. in use: now/ })).toBeVisible()
  }
})

test('a lock opens on who blocks whom', async ({ page, fault }) => {
  await open(page, 'shop')
  const end = await fault('lock', 'shop')
  await expect(page.getByRole('region', { name: 'What it comes from' })).toContainText(/waits? for PID \d+/)
  const waiting = evidence(page)
    .getByRole('row')
    .filter({ hasText: /PID \d+/ })
  await expect(waiting.first()).toContainText(/orders/)
  await end()
})

test('an exhausted pool, slow statements, a stopped Redis and a failed readiness each say their reason', async ({
  page,
  fault,
}) => {
  test.setTimeout(240_000)
  await open(page, 'ledger')
  const probe = (name: string) =>
    probes(page)
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { name, exact: true }) })
  const told = [
    { name: 'pool-exhausted', probe: 'Connection pool', text: /Critical.*idle in transaction/s },
    { name: 'slow-query', probe: 'Connection pool', text: /Warning.*over 1000 ms/s },
    { name: 'redis-down', probe: 'Redis', text: /Disconnected/ },
    { name: 'not-ready', probe: 'Health', text: /Degraded.*not ready/s },
  ] as const
  for (const one of told) {
    await expect(probe(one.probe)).toContainText('Healthy', { timeout: 75_000 })
    const end = await fault(one.name, 'ledger')
    await expect(probe(one.probe)).toContainText(one.text)
    if (one.name === 'not-ready') {
      await expect(evidence(page)).toContainText('What api says of its dependencies')
    }
    await end()
  }
})

test('a cut tunnel says which hop failed and why, and comes back', async ({ page, fault }) => {
  test.setTimeout(180_000)
  await open(page, 'billing')
  await expect(path(page)).not.toContainText('Disconnected', { timeout: 75_000 })
  const end = await fault('tunnel-cut', 'billing')
  await expect(path(page)).toContainText('Disconnected')
  await expect(path(page).getByRole('button', { name: 'Try again now' }).first()).toBeVisible()
  // While the hop is cut, the button is there to be pressed; once it is back, the way may have come back by itself.
  await path(page).getByRole('button', { name: 'Try again now' }).first().click()
  await end()
  await expect(path(page).getByRole('button', { name: 'Try again now' })).toHaveCount(0, { timeout: 75_000 })
})

test('pauses and resumes watching', async ({ page }) => {
  await open(page, 'ledger')
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByText(/Watching is paused: nothing is reached/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await expect(probes(page).getByRole('listitem').filter({ hasText: 'Redis' })).toContainText('Healthy', {
    timeout: 60_000,
  })
})

test('says so where there is no such deployment', async ({ page }) => {
  await page.goto('/#/deployments/nobody')
  await expect(page.getByRole('heading', { name: 'There is no deployment “nobody”' })).toBeVisible()
})

test('is accessible, as charts, as a table and as a profile', async ({ page }) => {
  await open(page, 'shop')
  await expect(charts(page).getByRole('img', { name: /^Connections/ })).toBeVisible()
  await page.getByRole('button', { name: 'Table of “Connections”' }).click()
  await expectAccessible(page)
  await page.goto('/#/deployments/shop/settings')
  await expect(page.getByText('name: shop')).toBeVisible()
  await expectAccessible(page)
})
