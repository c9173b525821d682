/** How soon the alerts' screen answers to a person with 5,000 alerts that fire over 500 deployments, all of which keep changing. */
import { setTimeout as pass } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import playwright from '../../playwright.config.ts'
import { startConsole } from './console-process.ts'
import type { BenchLine } from './line.ts'
import { median } from './median.ts'
import { startService } from './targets.ts'
import { timed } from './timed.ts'

const DEPLOYMENTS = 500
const RULES = 10
const ALERTS = DEPLOYMENTS * RULES
const RUNS = 7
const BUDGET_MS = 100
/** Two looks at everything, and what they cost on a busy machine. */
const FIRED_MS = 300_000
/** Counting them costs the console something, too. */
const COUNT_EVERY_MS = 2_000
/** How long a person looks at the fleet before the alerts. */
const LOOK_MS = 3_000

const ROW = '[data-row]'
const FIELD = 'search input'
const DIALOG = `document.querySelector('[role="dialog"] textarea') !== null`

export async function benchAlertsScreen(): Promise<BenchLine[]> {
  const service = await startService()
  const console = await startConsole()
  const browser = await chromium.launch(playwright.use?.launchOptions)
  try {
    await fire(console, service.url)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(console.link)
    await page.locator(ROW).first().waitFor()
    return [
      line('open at once after the page was loaded', await opening(page, 0)),
      line('open', await opening(page, LOOK_MS)),
      line('next row', await next(page)),
      line('open one beside the list', await beside(page)),
      line('filter, a letter', await filtering(page)),
      line('ask for a note to acknowledge', await acknowledging(page)),
    ]
  } finally {
    await browser.close()
    await console.stop()
    await service.stop()
  }
}

/** Each deployment has a service, and each rule of our own holds for it: what is measured is the page. */
async function fire(console: Awaited<ReturnType<typeof startConsole>>, url: string) {
  for (let rule = 0; rule < RULES; rule += 1) {
    // No two fire at the same.
    const threshold = 0.001 * (rule + 1)
    await console.ask('POST', '/api/v1/monitoring/alerts/rules', {
      definition: {
        title: `Answers at all, ${rule}`,
        condition: { kind: 'metrics', metrics: ['health_latency_ms'] },
        direction: 'above',
        levels: [{ severity: rule % 2 === 0 ? 'CRITICAL' : 'WARNING', threshold, clear: threshold }],
      },
    })
  }
  const documents = Array.from(
    { length: DEPLOYMENTS },
    (_, index) =>
      `name: bench-${String(index).padStart(3, '0')}\nenvironment: staging\nservices:\n  - { name: api, url: "${url}" }\n`,
  )
  await console.ask('POST', '/api/v1/deployments/import', { yaml: documents.join('---\n') })
  const until = Date.now() + FIRED_MS
  for (let active = 0; active < ALERTS; ) {
    const answer = (await console.ask('GET', '/api/v1/monitoring/alerts/statistics')) as { active: number }
    active = answer.active
    await pass(COUNT_EVERY_MS)
    if (Date.now() > until) throw new Error(`only ${active} of ${ALERTS} alerts fire`)
  }
}

/** By its two keys; the first tells nothing, so that the second is measured. */
async function opening(page: Page, lookMs: number): Promise<number[]> {
  return runs(async () => {
    await page.goto('about:blank')
    await page.goBack()
    await page.locator(ROW).first().waitFor()
    await pass(lookMs)
    await page.keyboard.press('g')
    const ms = await timed(page, 'a', `document.querySelector('tr[data-alert]') !== null`)
    await page.keyboard.press('g')
    await page.keyboard.press('f')
    await page.locator('[data-name]').first().waitFor()
    return ms
  })
}

async function next(page: Page): Promise<number[]> {
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.locator('tr[data-alert]').first().waitFor()
  return runs(async () => {
    await page.locator(ROW).first().focus()
    return timed(page, 'ArrowDown', `document.activeElement === document.querySelectorAll('${ROW}')[1]`)
  })
}

async function beside(page: Page): Promise<number[]> {
  return runs(async () => {
    await page.locator(ROW).first().focus()
    const ms = await timed(page, 'Enter', `document.querySelector('aside h2') !== null`)
    await page.keyboard.press('Escape')
    await page.locator('aside h2').waitFor({ state: 'detached' })
    return ms
  })
}

async function filtering(page: Page): Promise<number[]> {
  const times: number[] = []
  for (const letter of 'bench-4') {
    await page.locator(FIELD).first().focus()
    times.push(await timed(page, letter, `document.querySelectorAll('${ROW}').length > 0`))
  }
  await page.locator(FIELD).first().fill('')
  return times
}

async function acknowledging(page: Page): Promise<number[]> {
  return runs(async () => {
    await page.locator(ROW).first().focus()
    const ms = await timed(page, 'a', DIALOG)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    return ms
  })
}

async function runs(one: () => Promise<number>): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run += 1) times.push(await one())
  return times
}

function line(name: string, times: readonly number[]): BenchLine {
  const ms = median(times)
  return {
    name: `alerts: ${name}, ${ALERTS.toLocaleString('en')} alerts (median)`,
    budget: `≤ ${BUDGET_MS} ms`,
    value: `${ms.toFixed(0)} ms`,
    ok: ms <= BUDGET_MS,
  }
}
