/** What of the rules an address means: `new`, a rule by its id, or what is proposed for it on a deployment as `ID@NAME`. Pure. */

export interface RulePlace {
  /** `null`: a new one. */
  readonly id: string | null
  /** Whose proposal the form is to begin with; `null`: as the rule is. */
  readonly proposedFor: string | null
}

const NEW = 'new'

/** `null`: the list of all. */
export function rulePlaceOf(item: string | null): RulePlace | null {
  if (item === null || item === '') return null
  const at = item.indexOf('@')
  const id = at < 0 ? item : item.slice(0, at)
  return { id: id === NEW ? null : id, proposedFor: at < 0 ? null : item.slice(at + 1) }
}

export function ruleItem(id: string | null, proposedFor: string | null = null): string {
  return `${id ?? NEW}${proposedFor === null ? '' : `@${proposedFor}`}`
}
