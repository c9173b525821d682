/**
 * What lasts of something that is watched, beside what is measured of it: its version, its run, its settings. A probe tells
 * it with a look; what changed of it is an event of the timeline. What is left out was not looked at, or is not known.
 */

export interface Standing {
  /** Empty: the target itself. Else one of the servers behind it, by its address. */
  readonly of: string
  /** As it calls itself. */
  readonly version?: string
  /** Which run of it answers: another one is a restart. */
  readonly run?: Run
  /** Which run of its insides: another one within the same run is a crash that it recovered from. */
  readonly innerRun?: Run
  /** Which of several servers answers. */
  readonly server?: string
  readonly role?: 'primary' | 'replica'
  /** Values as they may be shown, by name: what may hold a secret is masked, and never equal to what it masks. */
  readonly settings?: Readonly<Record<string, string>>
  /** Names of settings that were changed, and wait for a restart. */
  readonly pending?: readonly string[]
  /** Revisions of the schema, by the table that holds them. */
  readonly revisions?: Readonly<Record<string, string>>
}

export interface Run {
  readonly id: string
  /** Milliseconds since the epoch, by the clock of whoever tells; `null` where nobody does. */
  readonly startedAt: number | null
}
