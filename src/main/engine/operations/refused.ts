/** What an operation, or something that is asked of one, is refused with. */
import type { z } from 'zod'
import type { OperationKind, OperationPreview } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'

/** Who works on the target. */
export interface Holder {
  /** The other console's name; `null`: this one. */
  readonly console: string | null
  /** Its operation; `null`: not known. */
  readonly operation: string | null
  /** Since when, milliseconds since the epoch by its console's clock; `null`: not known. */
  readonly since: number | null
  /** Only its marker is there: the console is gone, or cut off. */
  readonly isLeft: boolean
}

export type Refused =
  | { readonly kind: 'no-deployment'; readonly name: string }
  | { readonly kind: 'no-operation'; readonly id: string }
  | { readonly kind: 'options'; readonly issues: readonly z.core.$ZodIssue[] }
  | {
      readonly kind: 'guard'
      readonly reason: 'role' | 'deployment-read-only' | 'console-read-only'
      readonly action: OperationKind
      readonly deployment: string
      readonly role: string
    }
  | {
      readonly kind: 'confirm'
      /** `changed`: it is not what was shown. */
      readonly reason: 'missing' | 'mismatch' | 'changed'
      readonly deployment: string
      readonly preview: OperationPreview
      /** What the preview shows, in one word. */
      readonly plan: string
    }
  /** Understood, and cannot be done as things are; what each says stands in `operations`. */
  | { readonly kind: 'impossible'; readonly reasons: readonly Reason[] }
  | { readonly kind: 'locked'; readonly scope: string; readonly deployment: string; readonly holder: Holder }
  | {
      readonly kind: 'state'
      readonly reason:
        | 'over'
        | 'not-running'
        | 'not-waiting'
        | 'past-return'
        | 'nothing-to-undo'
        | 'turning-back'
    }
  | { readonly kind: 'key-used' }
  /** An edit of the deployment that an operation is open on; its renaming, where one that is over may be taken back. */
  | {
      readonly kind: 'held' | 'way-back'
      readonly id: string
      readonly deployment: string
    }

export class OperationRefused extends Error {
  readonly refused: Refused
  constructor(refused: Refused) {
    super(`the operation is refused: ${refused.kind}`)
    this.name = 'OperationRefused'
    this.refused = refused
  }
}
