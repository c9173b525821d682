/** Why a document that people keep by name could not be saved. */
import { MOST_DOCUMENTS, type Saved } from '../engine/store/documents.ts'
import { Refusal } from './refusal.ts'

export type KeptKind = 'window' | 'person' | 'rota' | 'policy'

/** @param what names of it: as it was asked for, and the one that it was to take the place of */
export function notSaved(
  kind: KeptKind,
  outcome: Exclude<Saved, 'saved'>,
  { name, replaces }: { readonly name: string; readonly replaces: string | null },
): Refusal {
  if (outcome === 'missing') {
    const missing = replaces ?? name
    return new Refusal('NOT_FOUND', `no-${kind}`, { name: missing }, { what: kind, name: missing })
  }
  if (outcome === 'name-taken') {
    const reason = `a ${kind} named ${name} exists already`
    return new Refusal('WRONG_STATE', `${kind}-exists`, { name }, { reason })
  }
  const reason = `there are ${MOST_DOCUMENTS} already`
  return new Refusal('WRONG_STATE', 'too-many-kept', { most: MOST_DOCUMENTS }, { reason })
}
