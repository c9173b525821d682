// The settings: deployments come by form and by YAML, secrets go in and stay in, and each section is accessible.
import type { Page } from '@playwright/test'
import { parse } from 'yaml'
import { DeploymentProfile } from '../../src/shared/model/profile/deployment.ts'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

async function profileOf(page: Page, name: string): Promise<DeploymentProfile> {
  const answer = await page.request.get(`/api/v1/deployments/${name}/export`)
  const { yaml } = (await answer.json()) as { yaml: string }
  return DeploymentProfile.parse(parse(yaml))
}

async function remove(page: Page, name: string) {
  await page.goto('/#/settings/deployments')
  await page.getByRole('button', { name: `Remove ${name}` }).click()
  const dialog = page.getByRole('dialog')
  const typed = dialog.getByLabel(/Type/)
  if ((await typed.count()) > 0) await typed.fill(name)
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(0)
}

test('a deployment is added by form, once its way was tested hop by hop', async ({ page }) => {
  await page.goto('/')
  const shop = await profileOf(page, 'shop')
  const [service] = shop.services
  const [redis] = shop.redis
  if (service === undefined || redis?.password === undefined) throw new Error('The demo has no such parts.')

  await page.goto('/#/settings/deployments/new')
  await page.getByLabel('Name', { exact: false }).first().fill('by-form')
  await page.getByRole('button', { name: 'Add a service' }).click()
  const services = page.getByRole('group', { name: 'Services' })
  await services.getByLabel('URL').fill(service.url)
  await page.getByRole('button', { name: 'Add Redis' }).click()
  const servers = page.getByRole('group', { name: 'Redis' })
  await servers.getByLabel('URL').fill(redis.url)

  await servers.getByRole('button', { name: 'Password: enter a value' }).click()
  await expect(servers.getByLabel('Password', { exact: true })).toHaveValue('secret:by-form-cache-password')
  await servers.getByLabel('Password: value for the vault').fill('not-the-password')
  await page.getByRole('button', { name: 'Test connection' }).click()
  const test = page.getByRole('group', { name: 'Connection test' })
  await expect(test.getByRole('status')).toHaveText('Not everything can be reached.')
  await expect(test).toContainText(/password/i)
  await expect(servers.getByLabel('Password: value for the vault')).toHaveValue('')

  await servers.getByLabel('Password', { exact: true }).fill(redis.password)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(test.getByRole('status')).toHaveText('Everything answers.')

  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'by-form' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Probes' })).toContainText('Healthy')
  expect((await profileOf(page, 'by-form')).redis[0]?.password).toBe(redis.password)
  await remove(page, 'by-form')
})

test('the form says at each field what is wrong, and saves nothing', async ({ page }) => {
  await page.goto('/#/settings/deployments/new')
  await page.getByRole('button', { name: 'Add PostgreSQL' }).click()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText(/expected 1 to 63 of a–z/)).toBeVisible()
  await expect(page.getByText(/expected a URL such as postgresql:/)).toBeVisible()
  await expect(page.getByText('nothing was saved')).toBeVisible()

  await page.getByLabel('Name', { exact: false }).first().fill('shop')
  await page
    .getByRole('group', { name: 'PostgreSQL' })
    .getByLabel('URL')
    .fill('postgresql://vakhta@127.0.0.1:5432/shop')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText(/named "shop" exists already/)).toBeVisible()
})

test('a deployment is edited, and keeps what was not touched', async ({ page }) => {
  await page.goto('/')
  const before = await profileOf(page, 'ledger')
  await page.goto('/#/settings/deployments/edit:ledger')
  await page.getByLabel('Description').fill('Edited by hand')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('link', { name: 'Edit ledger' })).toBeVisible()
  expect(await profileOf(page, 'ledger')).toEqual({ ...before, description: 'Edited by hand' })
})

test('YAML with a fault is refused with its line, and nothing of it is imported', async ({ page }) => {
  const good =
    'name: by-yaml\nenvironment: production\nservices:\n  - name: api\n    url: http://127.0.0.1:9\n'
  const bad = good.replace('by-yaml', 'by-yaml-too').replace('production', 'prod')
  await page.goto('/#/settings/deployments/import')
  const text = page.getByLabel('YAML profiles')
  await text.fill(`${good}---\n${bad}`)
  const verdict = page.locator('#import-verdict')
  await expect(verdict).toContainText('1 fault; nothing can be imported yet.')
  await expect(verdict).toContainText(
    /line 8\s*environment\s*expected one of production, staging, development/,
  )
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
  await verdict.getByRole('button').first().click()
  const selected = await page.evaluate<string>(
    'document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)',
  )
  expect(selected).toBe('environment: prod')

  await text.fill(good)
  await expect(verdict).toContainText('1 deployment is ready: by-yaml.')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'by-yaml' })).toBeVisible()
  await page.goto('/#/settings/deployments')
  await expect(page.getByRole('row').filter({ hasText: 'by-yaml-too' })).toHaveCount(0)

  await page.getByRole('button', { name: 'Remove by-yaml' }).click()
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true })
  await expect(confirm).toBeDisabled()
  await page.keyboard.press('Escape')
  await remove(page, 'by-yaml')
})

test('a profile is exported as a file that can be imported again', async ({ page }) => {
  await page.goto('/#/settings/deployments')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export billing as YAML' }).click()
  expect((await download).suggestedFilename()).toBe('billing.yaml')
})

test('a secret goes in, is named with who uses it, and is never shown', async ({ page }) => {
  await page.goto('/#/settings/secrets')
  await page.getByLabel('Name', { exact: true }).fill('of-the-test')
  await page.getByLabel('Value', { exact: true }).fill('planted-7f3a')
  await page.getByRole('button', { name: 'Store' }).click()
  const row = page.getByRole('row').filter({ hasText: 'of-the-test' })
  await expect(row).toContainText('nobody')
  await expect(page.getByLabel('Value', { exact: true })).toHaveValue('')
  expect(await page.content()).not.toContain('planted-7f3a')
  await expect(page.getByRole('row').filter({ hasText: 'demo-shop-redis' })).toContainText('shop')
  await page.getByRole('button', { name: 'Remove the secret of-the-test' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(row).toHaveCount(0)
})

test('theme and language change at once and are kept', async ({ page }) => {
  await page.goto('/#/settings/appearance')
  await page.getByRole('radio', { name: 'Light' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light')
  await page.goto('/#/settings/language')
  await page.getByRole('radio', { name: 'Русский' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Язык' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Язык' })).toBeVisible()
  await page.getByRole('radio', { name: 'Как в системе' }).click()
  await page.goto('/#/settings/appearance')
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
})

for (const section of [
  'deployments',
  'deployments/new',
  'deployments/import',
  'secrets',
  'hosts',
  'channels',
  'channels/new',
  'channels/heartbeat',
  'appearance',
  'about',
]) {
  test(`settings are accessible: ${section}`, async ({ page }) => {
    await page.goto(`/#/settings/${section}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectAccessible(page)
  })
}
