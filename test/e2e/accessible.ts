/** What every screen is held to: no violation of WCAG 2.2 AA that axe can find, in both themes. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './fixture.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Finds an action in the palette by what is typed, and does it. */
export async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k')
  const search = page.getByPlaceholder(/Deployment, screen or action|Развёртывание, экран/)
  await search.fill(words)
  await page.getByRole('dialog').getByRole('button').first().waitFor()
  await search.press('Enter')
  await expect(search).toBeHidden()
}

/** Looks at the open screen in the dark and in the light theme. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const theme of ['light', 'dark']) {
    await command(page, `theme: ${theme}`)
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme)
    await expectNoViolations(page, theme)
  }
}

/** Looks at what is open, as it is. */
export async function expectNoViolations(page: Page, theme = ''): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  expect(
    violations.map(({ id, nodes }) => `${theme} ${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
  ).toEqual([])
}
