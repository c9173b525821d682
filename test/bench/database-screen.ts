/**
 * How soon the database's screen answers with 2,000 backends. The console and its PostgreSQL are real; on the way to the
 * page the answer is given as many backends, since so many real ones would need a machine of their own.
 */
import { chromium, type Page } from '@playwright/test'
import playwright from '../../playwright.config.ts'
import type { Backend, DatabaseActivity } from '../../src/shared/model/database/activity.ts'
import { startConsole } from './console-process.ts'
import type { BenchLine } from './line.ts'
import { median } from './median.ts'
import { startTargets } from './targets.ts'
import { timed } from './timed.ts'

const BACKENDS = 2_000
/** Of them wait in one queue. */
const WAITING = 200
const RUNS = 7
const BUDGET_MS = 100

interface Action {
  readonly name: string
  readonly key: string
  readonly done: string
  /** Brings the page to where the key is pressed. */
  readonly before: (page: Page) => Promise<unknown>
}

const ROWS = `[...document.querySelectorAll('[data-pid]')]`
const focusFirst = async (page: Page) => {
  await page.keyboard.press('Escape')
  await page.locator('[data-pid]').first().focus()
  await page.keyboard.press('Home')
}
const ACTIONS: readonly Action[] = [
  {
    name: 'filter the backends, a letter',
    key: '9',
    done: `document.querySelector('search input').value !== '' && ${ROWS}.every((row) => row.closest('tr').innerText.includes('9'))`,
    before: async (page) => {
      const field = page.getByPlaceholder('PID, user, statement…')
      await field.fill('')
      await field.focus()
    },
  },
  {
    name: 'order the backends',
    key: 'Enter',
    done: `document.querySelector('th[aria-sort="descending"], th[aria-sort="ascending"]').innerText.startsWith('PID')`,
    before: async (page) => {
      await page.getByPlaceholder('PID, user, statement…').fill('')
      await page.getByRole('button', { name: 'Transaction', exact: true }).click()
      await page.getByRole('button', { name: 'PID', exact: true }).focus()
    },
  },
  {
    name: 'next backend',
    key: 'ArrowDown',
    done: `document.activeElement === ${ROWS}[1]`,
    before: focusFirst,
  },
  {
    name: 'last backend',
    key: 'End',
    done: `document.activeElement === ${ROWS}.at(-1) && ${ROWS}.length > 5`,
    before: focusFirst,
  },
  {
    name: 'open a statement',
    key: 'Enter',
    done: `document.activeElement.getAttribute('aria-expanded') !== globalThis.expanded`,
    before: async (page) => {
      await focusFirst(page)
      await page.evaluate(`globalThis.expanded = document.activeElement.getAttribute('aria-expanded')`)
    },
  },
]

export async function benchDatabaseScreen(): Promise<BenchLine[]> {
  const targets = await startTargets({ maxConnections: 20 })
  const console = await startConsole()
  const browser = await chromium.launch(playwright.use?.launchOptions)
  try {
    await targets.deploy(console, 1)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
    await page.routeWebSocket(/\/rpc$/, (socket) => {
      const server = socket.connectToServer()
      server.onMessage((message) => socket.send(typeof message === 'string' ? crowded(message) : message))
    })
    await page.goto(console.link)
    await page.locator('[data-row]').first().waitFor()
    await page.evaluate(`location.hash = '/deployments/bench-000/database'`)
    await page.getByText(`of ${BACKENDS.toLocaleString('en-GB')}`).waitFor()
    const lines: BenchLine[] = []
    for (const action of ACTIONS) lines.push(await measure(page, action))
    return lines
  } finally {
    await browser.close()
    await console.stop()
    await targets.stop()
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
    name: `${name}, ${BACKENDS} of them (median)`,
    budget: `≤ ${BUDGET_MS} ms`,
    value: `${ms.toFixed(0)} ms`,
    ok: ms <= BUDGET_MS,
  }
}

/** A frame of the RPC protocol with the same answer, but for its backends. */
function crowded(frame: string): string {
  if (!frame.includes('"backends"')) return frame
  return JSON.stringify(JSON.parse(frame), (key, value: unknown) =>
    key === 'json' && isActivity(value) ? withBackends(value) : value,
  )
}

function isActivity(value: unknown): value is DatabaseActivity {
  return typeof value === 'object' && value !== null && 'backends' in value && 'prepared' in value
}

function withBackends(activity: DatabaseActivity): DatabaseActivity {
  const backends = Array.from({ length: BACKENDS }, (_, index) => backendOf(1_000 + index, activity.at))
  return { ...activity, backends, total: BACKENDS, waiting: WAITING }
}

function backendOf(pid: number, at: number): Backend {
  const place = pid - 1_000
  const waits = place > 0 && place <= WAITING
  const since = at - place * 731
  return {
    pid,
    startedAt: at - 3_600_000,
    transactionStartedAt: since,
    statementStartedAt: since,
    stateChangedAt: since,
    database: 'shop',
    user: `user-${pid % 7}`,
    application: `worker-${pid % 23}`,
    client: `10.0.0.${pid % 250}`,
    kind: 'client backend',
    state: pid % 5 === 0 ? 'idle in transaction' : 'active',
    waiting: waits ? 'Lock: relation' : null,
    blockedBy: waits ? [1_000] : [],
    lock: waits ? { type: 'relation', mode: 'AccessShareLock', relation: 'public.orders', since } : null,
    statement: `SELECT id, total FROM orders WHERE customer_id = ? AND status = ? ORDER BY placed_at LIMIT ? -- ${'x'.repeat(pid % 300)}`,
    ours: pid % 2 === 0,
  }
}
