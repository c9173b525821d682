/** What a person does to end a script: Ctrl-C, SIGTERM, or closing its terminal. */

/** Calls `stop` at the first signal; a second one ends the process at once, and the guardian cleans up. */
export function onStop(stop: (signal: NodeJS.Signals) => void): void {
  let asked = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(130)
      asked = true
      stop(signal)
    })
  }
}
