/** Texts of normalised statements, masked, kept for a while: the server reads its whole file of them for each question. */
import { maskStatement } from '../../../masking/statement.ts'

/** About 300 KiB for a deployment at most. */
const KEPT = 500

export interface Texts {
  /** Those that are not known yet. */
  unknown(queryIds: readonly string[]): string[]
  add(texts: readonly { readonly id: string; readonly text: string | null }[]): void
  readonly known: ReadonlyMap<string, string>
}

export function createTexts(): Texts {
  const known = new Map<string, string>()
  return {
    known,
    unknown: (queryIds) => [...new Set(queryIds)].filter((id) => !known.has(id)),
    add(texts) {
      // Utility statements are not normalised: their literals are theirs.
      for (const { id, text } of texts) if (text !== null) known.set(id, maskStatement(text))
      for (const id of known.keys()) {
        if (known.size <= KEPT) break
        known.delete(id)
      }
    },
  }
}
