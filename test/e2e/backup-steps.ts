/** What people do on the way to a backup, and from it. */
import { expect, type Locator, type Page } from '@playwright/test'

export function backups(page: Page): Locator {
  return page.getByRole('table', { name: 'Backups' })
}

/** Asks for an operation by its button, reads what it would do, and waits until it succeeded. */
export async function runOperation(page: Page, ask: string, title: string, begin: string): Promise<void> {
  await page.getByRole('button', { name: ask }).click()
  const dialog = page.getByRole('dialog', { name: title })
  await expect(dialog).toContainText('What happens')
  await dialog.getByRole('button', { name: begin }).click()
  await expect(dialog.getByRole('status')).toContainText('succeeded', { timeout: 90_000 })
  await dialog.getByRole('button', { name: 'Close' }).last().click()
}
