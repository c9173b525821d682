// What can be taken along: tables as CSV, charts as pictures and values. The files are looked into, not only named.
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from './fixture.ts'

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; content: Buffer }> {
  const download = page.waitForEvent('download')
  await press()
  const file = await download
  return { name: file.suggestedFilename(), content: await readFile(await file.path()) }
}

test('a chart is saved as a picture, copied as one, and its values are saved as CSV', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/#/deployments/shop')
  const chart = page.getByRole('figure', { name: 'Connections' })
  const menu = chart.getByRole('button', { name: 'Take “Connections” along' })
  await menu.click()
  const picture = await saved(page, () =>
    page.getByRole('menuitem', { name: 'Save as a picture (PNG)' }).click(),
  )
  expect(picture.name).toMatch(/^shop-Connection-pool-Connections-\d{4}-.+Z\.png$/)
  expect(picture.content.subarray(0, PNG.length)).toEqual(PNG)
  // Wider than it is high, and of more than a ground: a picture of nothing compresses to almost nothing.
  expect(picture.content.readUInt32BE(16)).toBeGreaterThan(picture.content.readUInt32BE(20))
  expect(picture.content.length).toBeGreaterThan(4_000)

  await menu.click()
  await page.getByRole('menuitem', { name: 'Copy as a picture' }).click()
  await expect(page.getByText('Copied as a picture: Connections')).toBeVisible()
  const types = await page.evaluate<string[]>(
    'navigator.clipboard.read().then((items) => items.flatMap(({ types }) => [...types]))',
  )
  expect(types).toContain('image/png')

  await menu.click()
  const values = await saved(page, () =>
    page.getByRole('menuitem', { name: 'Save the values as CSV' }).click(),
  )
  expect(values.name).toMatch(/\.csv$/)
  const [heading = '', first = ''] = values.content.toString('utf8').split('\r\n')
  expect(heading).toContain('Time,in use min,in use mean,in use max')
  expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,\d/)
})

test('a chart that shows its table says so when a picture is asked for', async ({ page }) => {
  await page.goto('/#/deployments/shop')
  const chart = page.getByRole('figure', { name: 'Connections' })
  await chart.getByRole('button', { name: 'Table of “Connections”' }).click()
  await chart.getByRole('button', { name: 'Take “Connections” along' }).click()
  await page.getByRole('menuitem', { name: 'Save as a picture (PNG)' }).click()
  await expect(page.getByText('The chart shows its table now')).toBeVisible()
})

test('what Vakhta itself asks is saved as CSV', async ({ page }) => {
  await page.goto('/#/deployments/shop')
  await page.getByText('What Vakhta itself asks').click()
  const { content } = await saved(page, () =>
    page.getByRole('button', { name: 'Save “What Vakhta itself asks” as CSV' }).click(),
  )
  const [heading, ...rows] = content.toString('utf8').replace('\uFEFF', '').trim().split('\r\n')
  expect(heading).toBe('Probe,Target,Every (s),Time (ms),Rows,Answer (B)')
  expect(rows.length).toBeGreaterThan(3)
})

test('the names of secrets are taken along, and nothing of their values', async ({ page }) => {
  await page.goto('/#/settings/secrets')
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: /CSV/ }).click()
  const text = await readFile(await (await saving).path(), 'utf8')
  expect(text).toMatch(/^\uFEFF?Name,/)
  expect(text).toMatch(/^demo-shop-redis,\d{4}-\d\d-\d\dT[\d:.]+Z,shop\r$/m)
  expect(text.split('\r\n')[0]?.split(',')).toHaveLength(3)
})
