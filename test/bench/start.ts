/** How soon the console is there: the headless host warm, and its page usable after that. */
import { chromium } from '@playwright/test'
import playwright from '../../playwright.config.ts'
import { startConsole } from './console-process.ts'
import type { BenchLine } from './line.ts'
import { median } from './median.ts'

const RUNS = 5

export async function benchStart(): Promise<BenchLine[]> {
  const ready: number[] = []
  const usable: number[] = []
  const browser = await chromium.launch(playwright.use?.launchOptions)
  try {
    // The first run fills Node's compile cache; it is the cold one and is not counted.
    for (let run = 0; run <= RUNS; run += 1) {
      const console = await startConsole()
      const page = await browser.newPage()
      try {
        const startedAt = performance.now()
        await page.goto(console.link)
        await page.getByRole('heading', { level: 1 }).waitFor()
        if (run > 0) {
          ready.push(console.readyMs)
          usable.push(performance.now() - startedAt)
        }
      } finally {
        await page.close()
        await console.stop()
      }
    }
  } finally {
    await browser.close()
  }
  const readyMs = median(ready)
  const usableMs = median(usable)
  return [
    {
      name: `headless host ready, warm (median of ${RUNS})`,
      budget: '≤ 1.5 s',
      value: `${(readyMs / 1000).toFixed(2)} s`,
      ok: readyMs <= 1_500,
    },
    {
      name: 'console usable in the browser after that',
      budget: '≤ 1 s',
      value: `${(usableMs / 1000).toFixed(2)} s`,
      ok: usableMs <= 1_000,
    },
  ]
}
