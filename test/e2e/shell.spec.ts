// What stands around every screen: palette, keys, language, theme, the environment's band, and a console that goes away.
import type { Page, WebSocketRoute } from '@playwright/test'
import { command, expectNoViolations } from './accessible.ts'
import { expect, test } from './fixture.ts'

test.beforeEach(async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'shop', exact: true })).toBeVisible()
})

test('the palette opens a deployment, and the band says its environment', async ({ page }) => {
  await command(page, 'billing stag')
  await expect(page).toHaveURL(/#\/deployments\/billing$/)
  await expect(
    page.getByRole('complementary', { name: 'Environment: Staging, deployment billing' }),
  ).toBeVisible()
})

test('the palette pauses a deployment and resumes it', async ({ page }) => {
  const row = page.getByRole('row').filter({ hasText: 'ledger' })
  await command(page, 'pause ledger')
  await expect(row).toContainText('Paused')
  await expect(row).toContainText('Not observed')
  await command(page, 'resume ledger')
  await expect(row).not.toContainText('Paused')
})

test('keys lead to the screens and are listed', async ({ page }) => {
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await expect(page).toHaveURL(/#\/settings/)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  await page.keyboard.press('f')
  await expect(page).toHaveURL(/#\/$/)
})

test('the language changes at run time and is kept', async ({ page }) => {
  await command(page, 'русский')
  await expect(page.getByRole('heading', { name: 'Обзор' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru')
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Обзор' })).toBeVisible()
  await command(page, 'english')
  await expect(page.getByRole('heading', { name: 'Fleet' })).toBeVisible()
  await command(page, 'language: as the system')
})

test('the title says how the fleet is', async ({ page }) => {
  await expect(page).toHaveTitle(/ · Vakhta$/)
})

test('the first tab stop leads past the navigation', async ({ page }) => {
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await expect(page.getByRole('heading', { name: 'Fleet' })).toBeVisible()
})

test('a link that breaks is said to be broken, comes back by itself, and goes on', async ({ page }) => {
  const sockets = await interceptSockets(page)
  const mark = page.getByRole('banner').getByRole('status')
  await sockets.breakAll()
  await expect(page.getByRole('alert')).toContainText('Console not reachable for')
  await expect(page.getByRole('link', { name: 'shop', exact: true })).toBeVisible()
  // It comes back by itself as soon as it can: what is pressed before that is in vain, and harmless.
  await page.getByRole('button', { name: 'Try now' }).click()
  sockets.mend()
  await expect(mark).toHaveText('Connected')
  const row = page.getByRole('row').filter({ hasText: 'shop' })
  await command(page, 'pause shop')
  await expect(row).toContainText('Paused')
  await command(page, 'resume shop')
  await expect(row).not.toContainText('Paused')
})

test('a browser whose session ended is told what to do, and goes on once it is signed in again', async ({
  page,
  context,
  demo,
}) => {
  const sockets = await interceptSockets(page)
  await context.clearCookies()
  await sockets.breakAll()
  await expect(page.getByRole('heading', { name: 'This browser is not signed in' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Open the start page' })).toHaveAttribute('href', '/start')
  await context.addCookies(demo.session.cookies)
  sockets.mend()
  await page.getByRole('button', { name: 'Check again' }).click()
  await expect(page.getByRole('link', { name: 'shop', exact: true })).toBeVisible()
})

/** Puts the page's sockets into the test's hands: `breakAll` ends them and refuses new ones until `mend`. */
async function interceptSockets(page: Page): Promise<{ breakAll(): Promise<void>; mend(): void }> {
  const open: WebSocketRoute[] = []
  let broken = false
  await page.routeWebSocket(/\/rpc$/, async (socket) => {
    if (broken) return socket.close()
    socket.connectToServer()
    open.push(socket)
  })
  await page.reload()
  await expect(page.getByRole('link', { name: 'shop', exact: true })).toBeVisible()
  return {
    async breakAll() {
      broken = true
      await Promise.all(open.map((socket) => socket.close()))
    },
    mend() {
      broken = false
    },
  }
}

test('the list of keys is accessible', async ({ page }) => {
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await expectNoViolations(page)
})

test('the palette is accessible', async ({ page }) => {
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByPlaceholder('Deployment, screen or action')).toBeFocused()
  await expectNoViolations(page)
})
