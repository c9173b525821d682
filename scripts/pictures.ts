/**
 * `node scripts/pictures.ts demo=DIR empty=DIR ways=DIR locked=DIR troubled=DIR`: takes the pictures of `docs/images` from consoles that run, each
 * known by its data directory; those that are left out keep their pictures. `demo` has to have been watched for 15 minutes,
 * with a fault caused and ended within them; `empty` has nothing configured; `ways` watches `payments`, behind an alias
 * with jumps, with a service whose certificate is of an authority of its own and ends soon, and `night-codes`, behind a
 * hop that asks for a one-time code; `locked` is a demo whose fault `lock` lasts; `troubled` is one whose faults `tunnel-cut` and
 * `slow-http` last, and backups of which were tried by drills: the one of `demo`, later.
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
  { name: 'live-dark-en', place: '/deployments/shop', prepare: toCharts },
  { name: 'live-light-ru', place: '/deployments/shop' },
  { name: 'logs-dark-en', place: '/deployments/shop/logs', prepare: toLines },
  { name: 'backups-dark-en', place: '/deployments/shop/backups', prepare: openFirst },
  { name: 'restore-dark-en', place: '/deployments/shop/backups', prepare: planRestore },
  { name: 'operations-light-ru', place: '/operations', prepare: openFirst },
  { name: 'timeline-dark-en', place: '/deployments/shop/timeline', prepare: toTimeline },
  { name: 'redis-light-en', place: '/deployments/shop/redis/cache:overview', prepare: toRedis },
  { name: 'settings-dark-en', place: '/settings/secrets' },
  { name: 'form-test-light-en', place: '/settings/deployments/edit:ledger', prepare: testConnection },
]
const OF_TROUBLE: readonly Picture[] = [
  { name: 'fleet-dark-en', place: '/' },
  { name: 'narrow-1024-dark-en', place: '/', width: 1024 },
]
const OF_THE_WAYS: readonly Picture[] = [
  { name: 'question-dark-en', place: '/deployments/night-codes', prepare: askAnew },
  { name: 'certificates-light-en', place: '/deployments/payments', prepare: leaveUnanswered },
  { name: 'form-ways-dark-en', place: '/settings/deployments/edit:payments', prepare: toHops },
]
const OF_A_LOCK: readonly Picture[] = [
  { name: 'alerts-dark-en', place: '/alerts', prepare: openAlert },
  { name: 'causes-dark-en', place: '/deployments/shop', prepare: openEvidence },
  { name: 'database-dark-en', place: '/deployments/shop/database', prepare: toDatabase },
  { name: 'statements-light-ru', place: '/deployments/shop/database/statements', prepare: toDatabase },
]
const OF_AN_EMPTY_ONE: readonly Picture[] = [
  { name: 'first-run-dark-ru', place: '/first-run' },
  { name: 'paste-light-en', place: '/settings/deployments/new', prepare: paste },
]

/** What is pasted for the picture: recognised, assumed, and not understood in one. */
const PASTED = `APP_NAME=orders
ENVIRONMENT=staging
API_URL=http://10.20.0.5:8000/health
DATABASE_URL=postgresql+asyncpg://orders:example@db:5432/orders
REDIS_URL=redis://:example@10.20.0.6:6379/0
MONGO_URL=mongodb://10.20.0.7/orders
`

/** A question ends after two minutes; then it is asked for again, as a person would. */
async function askAnew(page: Page): Promise<void> {
  const answer = page.getByRole('button', { name: 'Answer', exact: true })
  const again = page.getByRole('button', { name: 'Try again now' })
  await answer.or(again).first().waitFor()
  if (!(await answer.isVisible())) await again.click()
  await answer.waitFor()
  // What is behind the hop tells of it with its next look.
  await page
    .getByRole('region', { name: 'What it comes from' })
    .getByText(/and waits for the answer/)
    .waitFor()
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

async function toLines(page: Page): Promise<void> {
  await page
    .getByRole('table')
    .getByText(/answered 200/)
    .first()
    .waitFor()
}

async function toTimeline(page: Page): Promise<void> {
  await page.getByRole('table').getByRole('row').nth(1).waitFor()
}

async function toRedis(page: Page): Promise<void> {
  const parts = page.getByRole('navigation', { name: /Parts of Redis/ })
  await page.getByRole('button', { name: 'Ask again' }).waitFor()
  await parts.evaluate((element) => element.scrollIntoView({ block: 'start' }))
}

async function openAlert(page: Page): Promise<void> {
  await page.locator('[data-row]').first().click()
  await page.getByRole('complementary').getByRole('listitem').first().waitFor()
}

async function openFirst(page: Page): Promise<void> {
  await page.locator('[data-row]').first().click()
  await page.getByRole('complementary').last().getByRole('heading').first().waitFor()
}

async function planRestore(page: Page): Promise<void> {
  await openFirst(page)
  await page.getByRole('button', { name: 'Restore…' }).click()
  await page.getByRole('button', { name: 'Show the plan' }).click()
  await page.getByRole('heading', { name: 'What happens' }).waitFor()
}

async function openEvidence(page: Page): Promise<void> {
  await page.keyboard.press('e')
  await page.getByRole('region', { name: 'What it comes from' }).getByRole('table').first().waitFor()
}

async function paste(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'URLs, an SSH host' }).fill(PASTED)
  await page.getByRole('button', { name: 'Fill in the form' }).click()
  await page.getByText('What was made of it').waitFor()
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
    const system = page.getByRole('radio', { name: /As the system|Как в системе/ })
    // It is the console that keeps it: it is ticked once that has answered, which `check` does not wait for.
    await system.click()
    await system.and(page.locator(':checked')).waitFor()
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
  troubled: OF_TROUBLE,
}
const given = process.argv.slice(2).map((argument) => argument.split('=', 2))
if (
  given.length === 0 ||
  given.some(([name = '', directory]) => !Object.hasOwn(CONSOLES, name) || !directory)
) {
  console.error(
    'Usage: node scripts/pictures.ts [demo=DIR] [empty=DIR] [ways=DIR] [locked=DIR] [troubled=DIR]',
  )
  process.exitCode = 64
} else {
  const browser = await chromium.launch(playwright.use?.launchOptions)
  try {
    for (const [name = '', directory = ''] of given) await take(browser, directory, CONSOLES[name] ?? [])
  } finally {
    await browser.close()
  }
}
