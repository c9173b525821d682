/**
 * Has the calling thread run before all others, for one that counts what stands for a moment only: a busy machine lets it wait otherwise,
 * and what it did not see it cannot count. Linux holds a priority for each thread (setpriority(2), NOTES); it takes root, and is left out without.
 */
import { constants, setPriority } from 'node:os'

export function beforeOthers(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(0, constants.priority.PRIORITY_HIGHEST)
  } catch {
    // It counts all the same, a little later.
  }
}
