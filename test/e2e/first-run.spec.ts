// A console with nothing configured: no blank screen, and three ways in.
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

test.use({
  baseURL: ({ emptyConsole }, use) => use(emptyConsole.url),
  storageState: ({ emptyConsole }, use) => use(emptyConsole.session),
})

test.beforeEach(async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Nothing is watched yet' })).toBeVisible()
})

test('says what the demo is started with, and copies it', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: baseURL ?? '' })
  await page.getByRole('button', { name: 'Copy the command' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe('npm run demo')
})

test('leads to the form for a deployment, and to the import of a profile', async ({ page }) => {
  await page.getByRole('link', { name: 'Add a deployment' }).click()
  await expect(page).toHaveURL(/#\/settings\/deployments\/new$/)
  await page.goBack()
  await page.getByRole('link', { name: 'Import a profile' }).click()
  await expect(page).toHaveURL(/#\/settings\/deployments\/import$/)
})

test('is accessible in both themes', async ({ page }) => {
  await expectAccessible(page)
})
