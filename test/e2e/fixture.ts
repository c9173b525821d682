/**
 * What browser tests run on: the demo with a headless console, started once; pages that are logged in through the
 * one-time link; and faults that end with the test that caused them.
 */
import { type Browser, test as base } from '@playwright/test'
import { giveOrder } from '../../demo/control.ts'
import { FAULTS, type FaultName } from '../../demo/fault-names.ts'
import type { DeploymentName } from '../../demo/profiles.ts'
import { type Launched, launch } from '../support/launched-script.ts'

type StorageState = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>

export interface RunningConsole extends Launched {
  /** The cookie of a session, for a context of its own. */
  readonly session: StorageState
}

interface WorkerFixtures {
  /** The demo and its console. */
  readonly demo: RunningConsole
  /** A second console with nothing configured, started when a test asks for it. */
  readonly emptyConsole: RunningConsole
}

interface TestFixtures {
  /** Of a test that failed, what its page showed, in the log: where only the log is kept, it is all that is left. */
  readonly lastSight: undefined
  /** Causes a fault in the demo, verified there; it ends when the test does, or when the answer is called. */
  readonly fault: (name: FaultName, deployment?: DeploymentName) => Promise<() => Promise<void>>
}

async function withConsole(
  browser: Browser,
  name: 'demo' | 'start',
  use: (running: RunningConsole) => Promise<void>,
): Promise<void> {
  const launched = await launch(name)
  try {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(launched.link)
    const session = await context.storageState()
    await context.close()
    await use({ ...launched, session })
    // It is to end when it is told to; by itself, it is what every failure before this one came from.
    if (!launched.running())
      throw new Error(`scripts/${name}.ts ended during the tests:\n${launched.printed()}`)
  } finally {
    await launched.stop()
  }
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  demo: [({ browser }, use) => withConsole(browser, 'demo', use), { scope: 'worker', timeout: 120_000 }],
  emptyConsole: [
    ({ browser }, use) => withConsole(browser, 'start', use),
    { scope: 'worker', timeout: 60_000 },
  ],
  // `page` is in the demo's console; a test of the empty one makes a context with its session.
  baseURL: ({ demo }, use) => use(demo.url),
  storageState: ({ demo }, use) => use(demo.session),
  fault: async ({ demo }, use) => {
    const ends: (() => Promise<void>)[] = []
    await use(async (name, deployment = FAULTS[name].deployment) => {
      await giveOrder({ fault: name, on: true, deployment }, demo.dataDirectory)
      const end = () => giveOrder({ fault: name, on: false, deployment }, demo.dataDirectory)
      ends.push(end)
      return end
    })
    for (const end of ends.reverse()) await end()
  },
  // It needs `fault` to look before the faults end.
  lastSight: [
    async ({ page, fault: _ }, use, testInfo) => {
      await use(undefined)
      if (testInfo.status === testInfo.expectedStatus || page.isClosed()) return
      const seen = await page.locator('body').ariaSnapshot({ timeout: 5_000 })
      console.log(`What "${testInfo.title}" saw last, at ${page.url()}:\n${seen}`)
    },
    { auto: true },
  ],
})
export { expect } from '@playwright/test'
