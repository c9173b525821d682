import { defineConfig } from 'vitest/config'

// Tests that talk to servers start their own; a file at a time, so that two of them do not fight for two cores.
export default defineConfig({
  test: {
    include: ['test/{unit,servers,contract,crash}/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Threads that are run from source strip their types in WebAssembly, and what V8 compiled of that for one thread is at
    // times freed while another compiles the same: about one thread in some hundred took its process with it (SIGSEGV in
    // Runtime_TierUpWasmToJSWrapper, Node 24.21). Calls stay as they were compiled first. What is built has no types to strip.
    execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
    maxWorkers: 2,
    reporters: ['default'],
  },
})
