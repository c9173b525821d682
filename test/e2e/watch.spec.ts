// The watch: people, a rota with who stands in, a maintenance window with its preview, and escalation, by keyboard where it matters.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect, type RunningConsole, test } from './fixture.ts'

/** Opens a list, chooses what is wanted of it, and closes it. */
async function choose(page: Page, label: string, ...options: string[]): Promise<void> {
  const field = page.getByRole('combobox', { name: label, exact: true })
  for (const option of options) {
    await field.click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  // Whoever goes on closes it.
  await field.blur()
  await expect(page.getByRole('listbox')).toHaveCount(0)
}

async function add(page: Page, button: string, heading: string): Promise<void> {
  await page.getByRole('link', { name: button }).click()
  await expect(page.getByRole('heading', { name: heading })).toBeVisible()
}

/** Sets something up as a script would. */
async function setUp(demo: RunningConsole, path: string, body: unknown): Promise<void> {
  const token = (await readFile(join(demo.dataDirectory, 'token'), 'utf8')).trim()
  const answer = await fetch(`${demo.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status, await answer.text()).toBe(200)
}

async function withRota(demo: RunningConsole): Promise<void> {
  for (const name of ['Anna', 'Boris']) await setUp(demo, 'people', { person: { name } })
  const rota = { name: 'primary', people: ['Anna', 'Boris'], startsOn: '2026-01-05', time: '09:00' }
  await setUp(demo, 'rotas', { rota: { ...rota, zone: 'Europe/Berlin', shiftDays: 7 } })
}

async function remove(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) {
    await page.getByRole('button', { name: `Remove ${name}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByRole('button', { name: `Remove ${name}` })).toHaveCount(0)
  }
}

test('a person and a rota are added, and the header says who has the watch', async ({ page }) => {
  await page.goto('/#/alerts/watch')
  await expect(page.getByRole('heading', { name: 'There is no rota yet' })).toBeVisible()
  await expectAccessible(page)

  await add(page, 'Add a person', 'A new person')
  await page.getByRole('textbox', { name: 'Person' }).fill('Anna')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('rowheader', { name: 'Anna' })).toBeVisible()

  await add(page, 'Add a rota', 'A new rota')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  // What is missing is said at its field, and the first of them has the focus.
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('primary')
  await choose(page, 'People', 'Anna')
  await page.getByLabel('Begins on').fill('2026-01-05')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('article', { name: 'primary' })).toContainText('Anna')
  await expect(page.getByRole('banner').getByRole('link', { name: /^On watch: Anna/ })).toBeVisible()
  await remove(page, 'primary', 'Anna')
  await expect(page.getByRole('banner').getByRole('link', { name: /On watch/ })).toHaveCount(0)
})

test('a window on no day and a step that reaches nobody say so at their fields', async ({ page }) => {
  await page.goto('/#/alerts/watch')
  await add(page, 'Add a window', 'A new maintenance window')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('patches')
  const days = page.getByRole('group', { name: 'On', exact: true })
  await days.getByRole('checkbox', { checked: true }).uncheck()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(days.getByRole('checkbox').first()).toBeFocused()
  await expect(page.getByText('expected at least one day of the week')).toHaveCount(1)
  await expectAccessible(page)

  await page.goto('/#/alerts/watch')
  await add(page, 'Add a policy', 'A new escalation policy')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('critical')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('combobox', { name: 'Step 1: to' })).toBeFocused()
  await expect(page.getByText('expected at least one channel, or whoever has the watch')).toHaveCount(1)
})

test('somebody stands in, and does not any more', async ({ page, demo }) => {
  await withRota(demo)
  await page.goto('/#/alerts/watch')
  const rota = page.getByRole('article', { name: 'primary' })
  const next = (await rota.getByText(/^then (Anna|Boris)$/).textContent())?.replace('then ', '') ?? ''
  await rota.getByRole('button', { name: 'Stand in: primary' }).click()
  const dialog = page.getByRole('dialog', { name: 'Stand in: primary' })
  await dialog.getByLabel('Person').selectOption(next)
  await dialog.getByLabel('Note').fill('swapped')
  await dialog.getByRole('button', { name: 'Stand in' }).click()
  await expect(dialog).toBeHidden()
  await expect(rota.getByRole('row').filter({ hasText: 'swapped' }).first()).toContainText(next)
  await expectAccessible(page)
  await rota
    .getByRole('button', { name: `Take back that ${next} stands in` })
    .first()
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
  await expect(rota.getByText('swapped')).toHaveCount(0)
  await remove(page, 'primary', 'Anna', 'Boris')
})

test('escalation goes on to whoever has the watch, who is not removed under it', async ({ page, demo }) => {
  await withRota(demo)
  await page.goto('/#/alerts/watch/policy')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('critical')
  await choose(page, 'Step 1: to', 'on watch (primary)')
  await page.getByRole('button', { name: 'Add a step' }).click()
  await choose(page, 'Step 2: to', 'next on watch (primary)')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const policy = page.getByRole('row').filter({ hasText: 'critical' })
  await expect(policy).toContainText('after 10 min: on watch (primary)')
  await expect(policy).toContainText('after 20 min: next on watch (primary)')

  await page.getByRole('button', { name: 'Remove primary' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('“primary” is named by “critical”')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await remove(page, 'critical', 'primary', 'Anna', 'Boris')
})

test('a maintenance window shows when it would be, is in force, and is removed', async ({ page }) => {
  await page.goto('/#/alerts/watch')
  await expect(page.getByRole('heading', { name: 'There are no maintenance windows' })).toBeVisible()
  await add(page, 'Add a window', 'A new maintenance window')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('patches')
  await choose(page, 'Deployments', 'billing')
  await page.getByText('Monthly', { exact: true }).click()
  await page.getByLabel('Begins at').fill('02:30')
  await page.getByLabel('Lasts, minutes').fill('90')
  await page.getByRole('button', { name: 'Preview' }).click()
  const preview = page.getByRole('group', { name: 'What it would come to' })
  await expect(preview.getByRole('row')).toHaveCount(6)
  await expect(preview).toContainText('Within the last seven days it would have been in force')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: 'patches' })
  await expect(row).toContainText('second Tuesday of the month at 02:30 for 1 h 30 min')
  await expect(row).toContainText('Comes')

  await row.getByRole('link', { name: 'Edit patches' }).click()
  await page.getByText('Daily', { exact: true }).click()
  // All of the day, so that it is now.
  await page.getByLabel('Lasts, minutes').fill('1440')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(row).toContainText('In force')
  await expectAccessible(page)
  await row.getByRole('button', { name: 'Remove patches' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('heading', { name: 'There are no maintenance windows' })).toBeVisible()
})
