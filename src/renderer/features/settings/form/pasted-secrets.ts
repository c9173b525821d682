/** Secrets that stood in a pasted text: the console keeps them until the form is saved. */
import { createContext } from 'react'

export interface Pasted {
  /** Under which the console keeps them. */
  readonly draft: string
  /** Their names in the vault, once they are there. */
  readonly names: ReadonlySet<string>
}

export const PastedSecrets = createContext<Pasted | null>(null)

export function isPasted(pasted: Pasted | null, reference: string): boolean {
  return pasted?.names.has(reference.trim().replace(/^secret:/, '')) === true
}
