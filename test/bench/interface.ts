/** How soon the page answers to a person with 500 deployments that all keep changing. */
import { setTimeout as pass } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import playwright from '../../playwright.config.ts'
import { startConsole } from './console-process.ts'
import type { BenchLine } from './line.ts'
import { median } from './median.ts'
import { startService } from './targets.ts'
import { timed } from './timed.ts'

const DEPLOYMENTS = 500
const RUNS = 7
const BUDGET_MS = 100

interface Action {
  readonly name: string
  readonly key: string
  /** Whether it is done: an expression over the page. */
  readonly done: string
  /** How long a person looks before pressing the key; left out: not at all. */
  readonly lookMs?: number
  /** Brings the page back for the next run. */
  readonly back: (page: Page) => Promise<unknown>
}

const FLEET_ROW = '[data-row]'
/** The way to it comes with its data; its name and status stand before. */
const IS_OPEN = `document.getElementById('connection-path') !== null`
const ACTIONS: Action[] = [
  {
    name: 'open the palette',
    key: 'Control+k',
    done: `document.querySelector('[role="dialog"] input') !== null`,
    back: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'next row',
    key: 'ArrowDown',
    done: `document.activeElement === document.querySelectorAll('${FLEET_ROW}')[1]`,
    back: async () => {},
  },
  {
    name: 'open a deployment',
    key: 'Enter',
    done: IS_OPEN,
    lookMs: 500,
    back: (page) => page.goBack(),
  },
  {
    name: 'open a deployment that had no look before',
    key: 'Enter',
    done: IS_OPEN,
    back: (page) => page.goBack(),
  },
]

export async function benchInterface(): Promise<BenchLine[]> {
  const service = await startService()
  const console = await startConsole()
  const browser = await chromium.launch(playwright.use?.launchOptions)
  try {
    await deploy(console, service.url)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(console.link)
    await page.locator(FLEET_ROW).first().waitFor()
    const lines: BenchLine[] = [await typing(page)]
    for (const action of ACTIONS) lines.push(await measure(page, action))
    return lines
  } finally {
    await browser.close()
    await console.stop()
    await service.stop()
  }
}

/** Services alone: what is measured here is the page, and 500 databases would need a cluster. */
async function deploy(console: Awaited<ReturnType<typeof startConsole>>, url: string) {
  const documents = Array.from(
    { length: DEPLOYMENTS },
    (_, index) =>
      `name: bench-${String(index).padStart(3, '0')}\nenvironment: staging\nservices:\n  - { name: api, url: "${url}" }\n`,
  )
  await console.ask('POST', '/api/v1/deployments/import', { yaml: documents.join('---\n') })
}

async function measure(page: Page, { name, key, done, lookMs = 0, back }: Action): Promise<BenchLine> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    await page.locator(FLEET_ROW).first().focus()
    await pass(lookMs)
    times.push(await timed(page, key, done))
    await back(page)
    await page.locator(FLEET_ROW).first().waitFor()
  }
  return line(name, times)
}

async function typing(page: Page): Promise<BenchLine> {
  const times: number[] = []
  for (const letter of '42') {
    await page.getByRole('textbox').first().focus()
    times.push(await timed(page, letter, `document.querySelectorAll('${FLEET_ROW}').length > 0`))
  }
  await page.getByRole('textbox').first().fill('')
  return line('filter the fleet, a letter', times)
}

function line(name: string, times: readonly number[]): BenchLine {
  const ms = median(times)
  return {
    name: `${name}, ${DEPLOYMENTS} deployments (median)`,
    budget: `≤ ${BUDGET_MS} ms`,
    value: `${ms.toFixed(0)} ms`,
    ok: ms <= BUDGET_MS,
  }
}
