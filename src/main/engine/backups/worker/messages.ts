/** What the engine and the thread of a backup say to each other. Everything here is copied between threads. */
import type { BackupFailure } from '#shared/model/backup.ts'
import type { Compared } from '#shared/model/compared.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { BackupCompression } from '#shared/model/profile/backups.ts'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import type { Postgres } from '#shared/model/profile/postgres.ts'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import type { Ssh } from '#shared/model/profile/ssh.ts'
import type { HostKeyVerdict, WantedKeys } from '../../reach/host-keys.ts'
import type { Drilled } from '../drill.ts'
import type { Manifest } from '../manifest.ts'
import type { Archive } from '../postgres/archive.ts'
import type { TableThen } from '../postgres/columns-then.ts'
import type { Comparison } from '../postgres/compare.ts'
import type { RunWish } from '../postgres/place.ts'
import type { Selection } from '../postgres/selection.ts'
import type { Setting } from '../postgres/session-settings.ts'
import type { Counted, Table } from '../postgres/snapshot.ts'
import type { TableDefinition, TableDefinitions } from '../postgres/table-definitions.ts'
import type { Staging } from '../staging/stage.ts'
import type { Verified } from '../verify.ts'
import type { Whole } from './whole.ts'

/** Where backups are kept. */
export interface StorePlace {
  readonly kind: 'local'
  readonly directory: string
}

export interface MakeJob {
  readonly kind: 'make'
  readonly id: string
  readonly deployment: string
  readonly console: string
  readonly postgres: Postgres
  readonly ssh: Ssh | null
  /** At least one. */
  readonly databases: readonly string[]
  readonly selection: Selection
  /** It is not everything that is wanted of the deployment, also where it is everything of these databases. */
  readonly isPartial?: boolean
  /** Roles and tablespaces, too. */
  readonly globals: boolean
  readonly recipients: readonly string[]
  readonly lockWaitMs: number
  readonly mostHeldMs: number
  /** Where its programs run; wherever they fit, where it is left out. */
  readonly wish?: RunWish
  /** `auto`, where it is left out. */
  readonly compression?: BackupCompression
  /** In the directory format, which is staged there; left out: in the custom one, and nothing is staged. */
  readonly staging?: Staging
  readonly store: StorePlace
}

/** Makes a backup of a dump of this machine that others made. */
export interface RegisterJob extends Pick<MakeJob, 'id' | 'deployment' | 'console' | 'recipients' | 'store'> {
  readonly kind: 'register'
  /** Its path. */
  readonly file: string
  /** What the database is called that it is of. */
  readonly database: string
}

export interface VerifyJob {
  readonly kind: 'verify'
  readonly manifest: Manifest
  readonly store: StorePlace
  readonly identity: string
  /** Where programs may run that are not here; left out: nowhere. */
  readonly elsewhere?: { readonly ssh: Ssh; readonly wish: RunWish; readonly server: PostgresServer }
}

/** What has to be staged is staged there; left out: in the system's directory for temporary files, and restored by one session. */
interface Staged {
  readonly staging?: Staging
}

/** Restores it into a server of its own on this machine, and compares. */
export interface DrillJob extends Omit<VerifyJob, 'kind' | 'elsewhere'>, Staged {
  readonly kind: 'drill'
}

/** Reads what it says of itself before its data. */
export interface ArchiveJob extends Omit<VerifyJob, 'kind' | 'elsewhere'> {
  readonly kind: 'archive'
  readonly database: string
}

/** Reads what it says of the database itself and of roles, too: what a server has to have that has nothing. */
export interface WholeJob extends Omit<ArchiveJob, 'kind'> {
  readonly kind: 'whole'
}

/** Restores one of its databases into one that there is. */
export interface RestoreJob extends Omit<VerifyJob, 'kind' | 'elsewhere'>, Staged {
  readonly kind: 'restore'
  readonly database: { readonly from: string; readonly into: string }
  readonly postgres: Postgres
  readonly ssh: Ssh | null
  /** Which of the profile's servers. */
  readonly server: PostgresServer & { readonly major: number }
  /** What its sessions are called. */
  readonly name: string
  /** Further options of `pg_restore`. */
  readonly args: readonly string[]
  /** What is set for its sessions alone; left out: what the database has holds. */
  readonly settings?: readonly Setting[]
}

/** Restores a dump that others made, as a role without rights that is let in for that. */
export interface ForeignJob extends Omit<RestoreJob, 'kind' | 'args'> {
  readonly kind: 'foreign'
  readonly role: string
}

/** Restores into a database that is thrown away, as a role without rights that is let in for that, and compares. */
export interface ScratchJob extends Omit<RestoreJob, 'kind' | 'args'> {
  readonly kind: 'scratch'
  /** Of the database then: as many as the role may set are. */
  readonly settings: readonly Setting[]
  /** What it makes that is there already. */
  readonly schemas: readonly string[]
  readonly role: string
}

/** Reads which columns these tables had. */
export interface ColumnsJob extends Omit<VerifyJob, 'kind' | 'elsewhere'> {
  readonly kind: 'columns'
  readonly database: string
  readonly tables: readonly Table[]
}

/** Copies the rows of tables of a backup into tables that there are, as rows alone: nothing of the backup is run. */
export interface StageJob extends Omit<RestoreJob, 'kind' | 'args'> {
  readonly kind: 'stage'
  readonly tables: readonly (Table & { readonly into: Table })[]
}

/** Reads how these tables were made, what they need, and what refers to them. */
export interface DefinitionsJob extends Omit<ColumnsJob, 'kind'> {
  readonly kind: 'definitions'
  /** Partitions of these, too. */
  readonly whole?: boolean
}

/** Makes tables of a backup with their rows, in schemas that are made for that, as a role without rights that is let in for it. */
export interface BuildJob extends Omit<RestoreJob, 'kind' | 'args'> {
  readonly kind: 'build'
  readonly role: string
  readonly tables: readonly (TableDefinition & { readonly into: string })[]
}

/** What was made: each table in its schema of then, and how far its sequences were. */
export interface Built {
  readonly tables: readonly (Counted & { readonly oid: number })[]
  readonly sequences: readonly (Table & { readonly last: string; readonly isCalled: boolean })[]
}

/** Gives a database what a backup has of it, in the place of all that is in it, in one transaction. */
export interface ReplaceJob extends Omit<RestoreJob, 'kind' | 'args'> {
  readonly kind: 'replace'
}

/** What is told of what it made. */
export type Replaced = Pick<Comparison, 'differing' | 'behind'>

export type Job =
  | MakeJob
  | RegisterJob
  | ForeignJob
  | ScratchJob
  | VerifyJob
  | DrillJob
  | ArchiveJob
  | WholeJob
  | RestoreJob
  | ColumnsJob
  | StageJob
  | DefinitionsJob
  | BuildJob
  | ReplaceJob

/** What a thread is given: its job, and the id of the console that it does it for. */
export interface JobOfConsole {
  readonly job: Job
  readonly console: string
}

/** What comes out of a job. */
export interface JobOutputs {
  make: Manifest
  register: Manifest
  foreign: { readonly refused: number }
  verify: Verified
  scratch: { readonly recoveryMs: number; readonly compared: Compared }
  drill: Drilled
  archive: Archive
  whole: Whole
  restore: null
  columns: readonly TableThen[]
  stage: readonly Counted[]
  definitions: TableDefinitions
  build: Built
  replace: Replaced
}

/** How far a job is that others have to act on before it goes on. */
export type Reached = {
  /** Its number, by which the server tells what became of it. */
  readonly transaction: string
} & (Begun | Emptied)

/** A transaction, and nothing in it so far. */
interface Begun {
  readonly what: 'begun'
}

/** Whoever comes now waits for its end. */
interface Emptied {
  readonly what: 'emptied'
  /** The oid of the `public` that was made in it. */
  readonly schema: number
}

/** What the thread asks the engine for, and what it is answered. */
export interface Questions {
  secret: { in: { reference: SecretReference }; out: string }
  sign: { in: { text: string }; out: { key: string; value: string } }
  judge: {
    in: { host: string; port: number; key: Uint8Array; files: readonly string[]; acceptsNew: boolean }
    out: HostKeyVerdict
  }
  wanted: { in: { host: string; port: number; files: readonly string[] }; out: WantedKeys }
  reached: { in: Reached; out: null }
}
export type Asked = keyof Questions

/** An error as it crosses threads. */
export type Told =
  | { readonly kind: 'backup'; readonly failure: BackupFailure }
  | { readonly kind: 'reach'; readonly failure: Failure }
  | {
      readonly kind: 'secret'
      readonly reference: SecretReference
      readonly message: string
      readonly code: string | null
    }
  | {
      readonly kind: 'vault'
      readonly code: 'wrong-key' | 'damaged' | 'key-file-open-to-others' | 'unwritable'
      readonly message: string
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'other'; readonly message: string; readonly stack: string | null }

export type FromThread =
  | {
      readonly kind: 'ask'
      readonly id: number
      readonly asked: Asked
      readonly input: Questions[Asked]['in']
    }
  /** Bytes since the job began. */
  | { readonly kind: 'progress'; readonly bytes: number }
  /** Since when the server is kept from cleaning up; `null`: it is not any more. */
  | { readonly kind: 'held'; readonly since: number | null }
  | { readonly kind: 'done'; readonly output: JobOutputs[Job['kind']] }
  /** `stuck`: the directory whose disk does not answer, which holds the thread. */
  | { readonly kind: 'failed'; readonly told: Told; readonly stuck: string | null }

export type ToThread =
  | { readonly kind: 'answer'; readonly id: number; readonly output: Questions[Asked]['out'] }
  | { readonly kind: 'refusal'; readonly id: number; readonly told: Told }
  | { readonly kind: 'cancel' }
