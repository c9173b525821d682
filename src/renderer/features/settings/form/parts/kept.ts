/**
 * What a part of a profile holds that the form has no field for: it stays with the part while that is moved about, and
 * goes back into the profile as it was.
 */
export type Kept = Readonly<Record<string, unknown>>

export const NOTHING_KEPT: Kept = {}

/**
 * The part as it was, with what the fields say in its place. Empty fields take their keys out, but for the `required`
 * ones: their faults are told at their fields.
 */
export function onTop(
  kept: Kept,
  fields: Record<string, unknown>,
  required: readonly string[] = [],
): Record<string, unknown> {
  const part: Record<string, unknown> = { ...kept }
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || (value === '' && !required.includes(key))) delete part[key]
    else part[key] = value
  }
  return part
}

/** A part that is left out of the profile while there is nothing in it, unless it stood there before. */
export function onTopOrNone(
  kept: Kept | null,
  fields: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const part = onTop(kept ?? NOTHING_KEPT, fields)
  return kept === null && Object.keys(part).length === 0 ? undefined : part
}

/** What a part keeps of a part within it. */
export function keptIn(kept: Kept, key: string): Kept {
  const part = kept[key]
  return typeof part === 'object' && part !== null ? (part as Kept) : NOTHING_KEPT
}
