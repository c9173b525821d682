/** What a mode of a restore is to the screen: a way to choose, with fields of its own, that makes options of what is in them. */
import type { ComponentType } from 'react'
import type { uiBackups } from '#shared/locales/en/ui-backups.ts'
import type { OperationFacts } from '#shared/model/operation.ts'
import type { BackupView } from '../../backup-view.ts'

export interface TableName {
  readonly schema: string
  readonly name: string
}

export interface ChosenTable extends TableName {
  /** What it is a partition of, the nearest first: it goes along with each of these. */
  readonly partOf: readonly TableName[]
}

/** On the server, for a second copy. `unknown`: the console looks, where it can. */
export const ROOMS = ['unknown', 'enough', 'none'] as const

/** What is in the fields of all modes: whoever goes from one to another and back finds it again. */
export interface RestoreDraft {
  readonly database: string
  readonly room: (typeof ROOMS)[number]
  readonly tables: readonly ChosenTable[]
  /** The deployment whose server it comes to; empty: not chosen yet. */
  readonly target: string
  /** What the database is called there; empty: as in the backup. */
  readonly as: string
}

export interface ModeFieldsProps {
  readonly backup: BackupView
  readonly draft: RestoreDraft
  readonly onChange: (change: Partial<RestoreDraft>) => void
}

export interface RestoreAsked {
  /** That the operation is of. */
  readonly deployment: string
  /** Of the operation `restore`. */
  readonly options: OperationFacts
}

type Told = Extract<keyof typeof uiBackups, `backups.mode-${string}-means`>

export interface RestoreMode {
  /** `backups.mode-ID` and `backups.mode-ID-means` say what it is. */
  readonly id: Told extends `backups.mode-${infer Id}-means` ? Id : never
  /** What it wants to know besides; left out: nothing. */
  readonly Fields?: ComponentType<ModeFieldsProps>
  /** @returns `null`: something has to be chosen yet */
  asked(draft: RestoreDraft, backup: BackupView): RestoreAsked | null
}
