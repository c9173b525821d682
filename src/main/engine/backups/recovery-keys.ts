/** Which recovery keys there were, and which of the backups that are kept each opens: for whoever finds an old sheet. Pure. */
import type { FormerRecoveryKey, RecoveryKey, RecoveryKeyUse } from '#shared/model/backup.ts'

/** What backups that are kept say of a public key that they are encrypted for; milliseconds since the epoch. */
export interface SeenRecipient {
  readonly recipient: string
  readonly count: number
  readonly first: number
  readonly last: number
  readonly deployments: readonly string[]
}

/**
 * @param others public keys that are no recovery keys: the drill key, and those that profiles name
 * @returns the current one first, then those that were used latest. One that is only known from backups is of another console, or of before keys were listed.
 */
export function recoveryKeyUses(
  current: RecoveryKey | null,
  former: readonly FormerRecoveryKey[],
  seen: readonly SeenRecipient[],
  others: ReadonlySet<string>,
): RecoveryKeyUse[] {
  const known = [
    ...(current === null ? [] : [{ ...current, usedUntil: null, isCurrent: true, isKnown: true }]),
    ...former
      .filter(({ recipient }) => recipient !== current?.recipient)
      .map((key) => ({ ...key, isCurrent: false, isKnown: true })),
  ]
  const strange = seen
    .filter(({ recipient }) => !others.has(recipient) && !known.some((key) => key.recipient === recipient))
    .map(({ recipient }) => ({
      ...{ recipient, madeAt: null, provenAt: null, usedUntil: null, isCurrent: false, isKnown: false },
    }))
  const uses = [...known, ...strange].map((key) => {
    const found = seen.find(({ recipient }) => recipient === key.recipient)
    const backups = found === undefined ? null : { count: found.count, first: found.first, last: found.last }
    return { ...key, backups, deployments: [...(found?.deployments ?? [])].sort() }
  })
  const latest = ({ isCurrent, usedUntil, isKnown, backups, madeAt }: RecoveryKeyUse) =>
    isCurrent || (isKnown && usedUntil === null)
      ? Number.POSITIVE_INFINITY
      : (usedUntil ?? backups?.last ?? madeAt ?? 0)
  return uses.sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || latest(b) - latest(a))
}
