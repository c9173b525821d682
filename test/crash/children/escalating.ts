/** What the process that escalates and the test that kills it agree on; times by the hurried clock. */
export const TIMES = 60
export const BREAKS_EVERY_MS = 20_000
/** From the beginning on, over every other deployment. */
export const WINDOW_MS = 480_000
export const nameOf = (index: number) => `shop-${index}`
