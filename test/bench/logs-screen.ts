/**
 * How soon the logs' screen answers with 100,000 lines, and what finding a moment in a large file takes. The console and the
 * file are real; on the way to the page the first answer is given as many lines, since nobody pages through so many.
 */
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { chromium, type Page } from '@playwright/test'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import playwright from '../../playwright.config.ts'
import type { LogLine, LogLines } from '../../src/shared/model/logs.ts'
import { startConsole } from './console-process.ts'
import type { BenchLine } from './line.ts'
import { median } from './median.ts'
import { timed } from './timed.ts'

const LINES = 100_000
const RUNS = 7
const BUDGET_MS = 100
const LARGE_LINES = 4_000_000
const LARGE_BUDGET_MS = 2_000
const START = Date.parse('2026-11-01T00:00:00Z')

interface Action {
  readonly name: string
  readonly key: string
  readonly done: string
  /** Brings the page to where the key is pressed. */
  readonly before: (page: Page) => Promise<unknown>
}

const ROWS = `[...document.querySelectorAll('[data-id]')]`
const focusLast = async (page: Page) => {
  await page.locator('[data-id]').last().focus()
  await page.keyboard.press('End')
  await page.waitForFunction(`document.activeElement === ${ROWS}.at(-1)`)
}
const ACTIONS: readonly Action[] = [
  {
    name: 'line before',
    key: 'ArrowUp',
    done: `document.activeElement === ${ROWS}.at(-2)`,
    before: focusLast,
  },
  {
    name: 'first line',
    key: 'Home',
    done: `document.activeElement.dataset.id === 'bench:0' && ${ROWS}.length > 5`,
    before: focusLast,
  },
  {
    name: 'open a line',
    key: 'Enter',
    done: `document.activeElement.getAttribute('aria-expanded') !== globalThis.expanded`,
    before: async (page) => {
      await focusLast(page)
      await page.evaluate(`globalThis.expanded = document.activeElement.getAttribute('aria-expanded')`)
    },
  },
]

export async function benchLogsScreen(): Promise<BenchLine[]> {
  const home = createTemporaryDirectory('bench-logs')
  const console = await startConsole()
  const browser = await chromium.launch(playwright.use?.launchOptions)
  try {
    const file = join(home.path, 'app.log')
    await writeFile(file, `${lineOf(0)}${lineOf(1)}`)
    const large = join(home.path, 'large.log')
    await pipeline(Readable.from(manyLines()), createWriteStream(large))
    const logs = [
      { name: 'app', over: 'local', file },
      { name: 'large', over: 'local', file: large },
    ]
    const profile = {
      name: 'bench-logs',
      environment: 'staging',
      hosts: [{ name: 'here', over: 'local' }],
      logs,
    }
    await console.ask('POST', '/api/v1/deployments/import', { yaml: JSON.stringify(profile) })
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
    await page.routeWebSocket(/\/rpc$/, (socket) => {
      const server = socket.connectToServer()
      server.onMessage((message) => socket.send(typeof message === 'string' ? filled(message) : message))
    })
    await page.goto(console.link)
    await page.locator('[data-row]').first().waitFor()
    await page.evaluate(`location.hash = '/deployments/bench-logs/logs/app'`)
    await page.getByText(`${LINES.toLocaleString('en-GB')} lines`).waitFor()
    const lines: BenchLine[] = []
    for (const action of ACTIONS) lines.push(await measure(page, action))
    const times: number[] = []
    let bytes = 0
    for (let run = 1; run <= RUNS; run += 1) {
      const at = START + Math.floor((LARGE_LINES * run) / (RUNS + 1)) * 250
      const began = performance.now()
      const path = `/api/v1/deployments/bench-logs/logs/large?at=${at}&limit=100`
      const answer = (await console.ask('GET', path)) as LogLines
      times.push(performance.now() - began)
      bytes = Math.max(bytes, answer.cost.bytes)
    }
    const ms = median(times)
    lines.push({
      name: `a moment among ${LARGE_LINES.toLocaleString('en-GB')} lines of a file, up to ${(bytes / 1024).toFixed(0)} KiB read (median)`,
      budget: `≤ ${LARGE_BUDGET_MS} ms`,
      value: `${ms.toFixed(0)} ms`,
      ok: ms <= LARGE_BUDGET_MS,
    })
    return lines
  } finally {
    await browser.close()
    await console.stop()
    await home.remove()
  }
}

async function measure(page: Page, { name, key, done, before }: Action): Promise<BenchLine> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    await before(page)
    times.push(await timed(page, key, done))
  }
  const ms = median(times)
  return {
    name: `${name}, ${LINES.toLocaleString('en-GB')} of them (median)`,
    budget: `≤ ${BUDGET_MS} ms`,
    value: `${ms.toFixed(0)} ms`,
    ok: ms <= BUDGET_MS,
  }
}

function lineOf(index: number): string {
  const timestamp = new Date(START + index * 250).toISOString()
  return `${JSON.stringify({ timestamp, level: 'info', event: `GET /orders answered 200`, path: `/orders/${index}`, status: 200, filler: 'x'.repeat(index % 200) })}\n`
}

function* manyLines(): Generator<string> {
  for (let from = 0; from < LARGE_LINES; from += 10_000) {
    yield Array.from({ length: 10_000 }, (_, index) => lineOf(from + index)).join('')
  }
}

/** A frame of the RPC protocol with the same answer, but for its lines: that of the end alone, which is not full. */
function filled(frame: string): string {
  if (!frame.includes('"leftOut"')) return frame
  return JSON.stringify(JSON.parse(frame), (key, value: unknown) =>
    key === 'json' && isLines(value) && value.lines.length === 2 ? withLines(value) : value,
  )
}

function isLines(value: unknown): value is LogLines {
  return typeof value === 'object' && value !== null && 'leftOut' in value && 'lines' in value
}

function withLines(answer: LogLines): LogLines {
  const made = Array.from({ length: LINES - answer.lines.length }, (_, index): LogLine => {
    const level = index % 97 === 0 ? 'error' : 'info'
    const detail = level === 'error' ? `Traceback\n  File "a.py", line ${index}` : null
    const fields = [{ name: 'status', value: String(200 + (index % 5)) }]
    const message = `GET /orders/${index} answered ${'x'.repeat(index % 120)}`
    return {
      id: `bench:${index}`,
      at: START + index,
      level,
      source: 'api',
      message,
      detail,
      fields,
      cut: false,
    }
  })
  return { ...answer, lines: [...made, ...answer.lines] }
}
