/**
 * `node scripts/pictures.ts demo=DIR empty=DIR ways=DIR locked=DIR`: takes the pictures of `docs/images` from consoles that run, each
 * known by its data directory; those that are left out keep their pictures. `demo` has to have been watched for 15 minutes,
 * with a fault caused and ended within them; `empty` has nothing configured; `ways` watches `payments`, behind an alias
 * with jumps, with a service whose certificate is of an authority of its own and ends soon, and `night-codes`, behind a
 * hop that asks for a one-time code; `locked` is a demo whose fault `lock` lasts.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import playwright from '../playwright.config.ts'
import { ROOT } from './command.ts'

interface Picture {
  /** `SUBJECT-THEME-LANGUAGE`, as the file is called. */
  readonly name: string
  readonly place: string
  readonly width?: number
  /** What is done before it is taken. */
  readonly prepare?: (page: Page) => Promise<void>
}

const toCharts = (page: Page) =>
  page
    .getByRole('group', { name: /Stretch of time|Период/ })
    .or(page.getByRole('radiogroup', { name: /Stretch of time|Период/ }))
    .first()
    .evaluate((element) => element.scrollIntoView({ block: 'start' }))

const OF_THE_DEMO: readonly Picture[] = [
  { name: 'fleet-dark-en', place: '/' },
  { name: 'fleet-light-ru', place: '/' },
  { name: 'live-dark-en', place: '/deployments/shop', prepare: toCharts },
  { name: 'live-light-ru', place: '/deployments/shop' },
  { name: 'settings-dark-en', place: '/settings/secrets' },
  { name: 'form-test-light-en', place: '/settings/deployments/edit:ledger', prepare: testConnection },
  { name: 'narrow-1024-dark-en', place: '/', width: 1024 },
]
const OF_THE_WAYS: readonly Picture[] = [
  { name: 'question-dark-en', place: '/deployments/night-codes', prepare: askAnew },
  { name: 'certificates-light-en', place: '/deployments/payments', prepare: leaveUnanswered },
  { name: 'form-ways-dark-en', place: '/settings/deployments/edit:payments', prepare: toHops },
]
const OF_A_LOCK: readonly Picture[] = [
  { name: 'database-dark-en', place: '/deployments/shop/database', prepare: toDatabase },
  { name: 'statements-light-ru', place: '/deployments/shop/database/statements', prepare: toDatabase },
]
const OF_AN_EMPTY_ONE: readonly Picture[] = [{ name: 'first-run-dark-ru', place: '/first-run' }]

/** A question ends after two minutes; then it is asked for again, as a person would. */
async function askAnew(page: Page): Promise<void> {
  const answer = page.getByRole('button', { name: 'Answer', exact: true })
  const again = page.getByRole('button', { name: 'Try again now' })
  await answer.or(again).first().waitFor()
  if (!(await answer.isVisible())) await again.click()
  await answer.waitFor()
}

/** So that the other pictures show their own matter alone. */
async function leaveUnanswered(page: Page): Promise<void> {
  const dismiss = page.getByRole('button', { name: 'Leave unanswered' })
  if (await dismiss.isVisible()) await dismiss.click()
}

async function toDatabase(page: Page): Promise<void> {
  const parts = page.getByRole('navigation', { name: /Parts of the database|Разделы базы данных/ })
  await page.getByRole('button', { name: /Ask again|Обновить/ }).waitFor()
  await parts.evaluate((element) => element.scrollIntoView({ block: 'start' }))
}

async function toHops(page: Page): Promise<void> {
  for (const title of ['Files of SSH', 'TLS']) await page.getByText(title, { exact: true }).first().click()
  await page.getByRole('group', { name: 'SSH hops' }).evaluate((element) => element.scrollIntoView())
}

async function testConnection(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('Everything answers.').waitFor()
}

async function take(browser: Browser, directory: string, pictures: readonly Picture[]): Promise<void> {
  const { url } = JSON.parse(await readFile(join(directory, 'console.json'), 'utf8')) as { url: string }
  const session = await signIn(browser, url, (await readFile(join(directory, 'token'), 'utf8')).trim())
  for (const { name, place, prepare, width = 1440 } of pictures) {
    const russian = name.endsWith('-ru')
    const context = await browser.newContext({
      storageState: session,
      viewport: { width, height: width === 1440 ? 900 : 700 },
      locale: russian ? 'ru-RU' : 'en-GB',
      colorScheme: name.includes('-light-') ? 'light' : 'dark',
    })
    const page = await context.newPage()
    await page.goto(`${url}/#${place}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    // Fonts and canvases come after the headings.
    await page.waitForLoadState('networkidle')
    await page.evaluate('document.fonts.ready.then(() => undefined)')
    await prepare?.(page)
    await page.waitForTimeout(1_000)
    await page.screenshot({ path: join(ROOT, 'docs/images', `${name}.png`) })
    console.log(`docs/images/${name}.png`)
    await context.close()
  }
}

/** Signs in with the token, and leaves theme and language to the browser: each picture asks for its own. */
async function signIn(browser: Browser, url: string, token: string) {
  const context = await browser.newContext({ locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(`${url}/start`)
  await page.locator('#token').fill(token)
  await page.getByRole('button').click()
  for (const section of ['appearance', 'language']) {
    await page.goto(`${url}/#/settings/${section}`)
    await page.getByRole('radio', { name: /As the system|Как в системе/ }).check()
  }
  // The preference is the console's: what this browser remembers of it is not for the pictures.
  await page.waitForLoadState('networkidle')
  const { cookies } = await context.storageState()
  await context.close()
  return { cookies, origins: [] }
}

const CONSOLES: Readonly<Record<string, readonly Picture[]>> = {
  demo: OF_THE_DEMO,
  empty: OF_AN_EMPTY_ONE,
  ways: OF_THE_WAYS,
  locked: OF_A_LOCK,
}
const given = process.argv.slice(2).map((argument) => argument.split('=', 2))
if (
  given.length === 0 ||
  given.some(([name = '', directory]) => !Object.hasOwn(CONSOLES, name) || !directory)
) {
  console.error('Usage: node scripts/pictures.ts [demo=DIR] [empty=DIR] [ways=DIR] [locked=DIR]')
  process.exitCode = 64
} else {
  const browser = await chromium.launch(playwright.use?.launchOptions)
  try {
    for (const [name = '', directory = ''] of given) await take(browser, directory, CONSOLES[name] ?? [])
  } finally {
    await browser.close()
  }
}
