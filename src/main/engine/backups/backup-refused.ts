/** What is asked of backups, understood and refused. */

export type BackupRefusal =
  | { readonly kind: 'no-backup'; readonly id: string }
  | { readonly kind: 'not-configured'; readonly deployment: string }
  | { readonly kind: 'console-read-only' | 'deployment-read-only'; readonly deployment: string }
  /** Without it a restore could not be taken back, or gone on with. */
  | { readonly kind: 'backup-held'; readonly id: string; readonly operation: string }
  /** The deployment's name is to be typed. */
  | {
      readonly kind: 'confirm'
      readonly id: string
      readonly deployment: string
      /** There is no other good one of it. */
      readonly isLastGood: boolean
      /** Something else was typed. */
      readonly isWrong: boolean
    }

export class BackupRefused extends Error {
  readonly refusal: BackupRefusal
  constructor(refusal: BackupRefusal) {
    super(`refused of backups: ${refusal.kind}`)
    this.name = 'BackupRefused'
    this.refusal = refusal
  }
}
