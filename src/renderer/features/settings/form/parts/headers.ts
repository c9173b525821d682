/** Headers in a form: rows, of what is by name in what is made of it. */
import { referenceOf, type SecretDraft, secretDraft } from './secret.ts'

export interface HeaderDraft {
  name: string
  /** A reference to a secret, or the value as it stands. */
  content: SecretDraft
}

export const newHeader = (): HeaderDraft => ({ name: '', content: secretDraft() })

export function headersDraft(headers: Readonly<Record<string, string>>): HeaderDraft[] {
  return Object.entries(headers).map(([name, value]) => ({ name, content: secretDraft(value) }))
}

/** Rows without a name are left out. */
export function headersOf(rows: readonly HeaderDraft[]): Record<string, string> {
  const named = rows.filter(({ name }) => name.trim() !== '')
  return Object.fromEntries(named.map(({ name, content }) => [name.trim(), referenceOf(content)]))
}

/** The row of a header; -1 where there is none. */
export function headerRow(rows: readonly HeaderDraft[], name: string): number {
  return rows.findIndex((header) => header.name.trim() === name)
}
