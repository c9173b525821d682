/** The audit: append-only, each record carrying the hash of the one before it. Signatures and exports come later. */
import type { Actor } from '../policy/actor.ts'

export interface AuditEntry {
  readonly actor: Actor
  /** Dotted name of what was asked: `deployments.import`. */
  readonly action: string
  /** What it was asked of: a deployment, a secret's name, a host. */
  readonly target: string | null
  readonly outcome: 'asked' | 'succeeded' | 'failed' | 'refused'
  /** Facts worth keeping; never a secret. */
  readonly detail?: Record<string, unknown>
}

export interface AuditRecord extends AuditEntry {
  readonly id: number
  readonly at: number
  /** Hex SHA-256 over the record's canonical JSON and the hash before it. */
  readonly hash: string
}

export interface Audit {
  /** Durable when it resolves. */
  append(entry: AuditEntry): Promise<AuditRecord>
  /** Newest first. */
  list(options: { limit: number; before?: number }): Promise<AuditRecord[]>
  /** Walks the whole chain. `firstBad`: id of the first record that does not fit, or `null`. */
  verify(): Promise<{ ok: boolean; records: number; firstBad: number | null }>
}
