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
  /** What runs it: a container, or a unit of systemd. */
  readonly process?: RunningProcess
  /** Revisions of the schema, by the table that holds them. */
  readonly revisions?: Readonly<Record<string, string>>
}

export interface Run {
  readonly id: string
  /** Milliseconds since the epoch, by the clock of whoever tells; `null` where nobody does. */
  readonly startedAt: number | null
}

/** A container or a unit, as what keeps it running tells of it. */
export interface RunningProcess {
  /** Another one is another run. */
  readonly id: string
  /** Milliseconds since the epoch; `null` where that is not told. */
  readonly startedAt: number | null
  /** `null`: it is none of an image. */
  readonly image: Image | null
  /** How often it was started again because it had ended by itself, as far as that is counted. */
  readonly restarts: number | null
  /** How it ended, where it did not begin again. */
  readonly ended: Ended | null
}

export interface Image {
  /** As it was named when it was started: `registry.example.com/shop:2.1.0`. */
  readonly name: string
  /** What it is, whatever it is named: its digest, or its id where it came from no registry. */
  readonly digest: string
}

export interface Ended {
  /** `memory`: the kernel killed it, because memory had run out. `stopped`: as somebody wanted, or with nothing left to do. */
  readonly how: 'memory' | 'signal' | 'code' | 'failed' | 'stopped'
  /** The exit code, the signal's number, or systemd's own word. */
  readonly detail: string
  readonly at: number | null
}
