// Handing a watch over: the document, a note in it, and what stands on paper.
import { readFile } from 'node:fs/promises'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

test('a note is left, stands in the document, is saved with it, and is removed', async ({ page }) => {
  await page.goto('/#/alerts/handover')
  const document = page.getByRole('article', { name: 'The hand-over' })
  await expect(document.getByRole('heading', { name: 'Who did what' })).toBeVisible()
  await page.getByLabel('A note for the next watch').fill('Watch billing tonight')
  await page.getByRole('button', { name: 'Add the note' }).click()
  await expect(document.getByText(/: Watch billing tonight$/)).toBeVisible()
  await expectAccessible(page)

  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const file = await saved
  expect(file.suggestedFilename()).toMatch(/^hand-over-.*\.md$/)
  expect(await readFile(await file.path(), 'utf8')).toContain(': Watch billing tonight\n')

  await page.emulateMedia({ media: 'print' })
  await expect(document).toBeVisible()
  await expect(page.getByRole('navigation')).toHaveCount(0)
  await page.emulateMedia({ media: 'screen' })

  await page.getByRole('button', { name: /^Remove the note of / }).click()
  await expect(document.getByText('Nobody left a note.')).toBeVisible()
})

test('a time that was chosen is the time that is told of', async ({ page }) => {
  await page.goto('/#/alerts/handover')
  await page.getByText('From – to', { exact: true }).click()
  await page.getByLabel('From', { exact: true }).fill('2026-01-02 06:00')
  await page.getByLabel('To', { exact: true }).fill('2026-01-02 14:00')
  await page.keyboard.press('Enter')
  const document = page.getByRole('article', { name: 'The hand-over' })
  await expect(document.getByRole('heading', { level: 2 })).toHaveText(
    'Hand-over: Jan 2, 2026, 06:00 – Jan 2, 2026, 14:00',
  )
  await page.getByLabel('To', { exact: true }).fill('2026-01-01 14:00')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('The end lies before the beginning.')
})
