/** What a rehearsal of a rule cannot know, and what it has to take for granted. */

/**
 * Why nothing is told. `reads-the-way`: the history keeps no path to a deployment. `reads-alerts`: nor how many alerts there were.
 * `reads-backups`: nor how old the last backup was. `not-watched`: the deployment is paused.
 */
export const REHEARSAL_GAPS = [
  'not-watched',
  'nothing-to-read',
  'reads-the-way',
  'reads-alerts',
  'reads-backups',
] as const
export type RehearsalGap = (typeof REHEARSAL_GAPS)[number]

/**
 * `coarse`: of some of the time only means over longer steps are kept. `policy-of-now`: whether a Redis evicts is taken to have been as it is
 * now. `refused-writes`: that a Redis refused writes is not kept.
 */
export const REHEARSAL_DOUBTS = ['coarse', 'policy-of-now', 'refused-writes'] as const
export type RehearsalDoubt = (typeof REHEARSAL_DOUBTS)[number]
