// Browser tests on the running demo: one worker, because they share its faults and two cores.
import { defineConfig } from '@playwright/test'
import { findProgram } from './demo/servers/programs.ts'

/** Debian's, Fedora's and Chrome's own name; Playwright's own browser where there is none of them. */
const browser = ['chromium', 'chromium-browser', 'google-chrome']
  .map((name) => findProgram(name))
  .find(Boolean)

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/browser',
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  timeout: 180_000,
  // A probe looks every 5 s and a status may want two looks.
  expect: { timeout: 25_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(browser ? { executablePath: browser } : {}),
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-gpu',
      ],
    },
  },
})
