import { defineConfig } from 'vitest/config'

// Tests that talk to servers start their own; a file at a time, so that two of them do not fight for two cores.
export default defineConfig({
  test: {
    include: ['test/{unit,servers,contract,crash}/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
  },
})
