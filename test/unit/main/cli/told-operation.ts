/** An operation as the console tells it over REST. */
export function toldOperation(change: object = {}) {
  return {
    id: 'op-1',
    kind: 'backup',
    title: 'Make a backup',
    deployment: 'shop',
    state: 'running',
    heading: 'forward',
    undo: 'none',
    actor: 'anna',
    createdAt: '2026-11-28T02:00:00.000Z',
    steps: [],
    progress: { phase: null, bytes: null, totalBytes: null, rate: null, secondsLeft: null },
    error: null,
    result: null,
    pause: null,
    ...change,
  }
}
