/** JSON with one spelling for each value, so that a hash of it can be made again later, elsewhere, by other code. */

/**
 * Keys in the order of their UTF-16 code units, no white space, numbers and strings as `JSON.stringify` writes them
 * (the scheme of RFC 8785). What JSON cannot hold is left out, as `JSON.stringify` does.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isPlainObject(part) ? sorted(part) : part))
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  // Without a prototype, so that a key `__proto__` is a key like any other.
  const ordered: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(object).sort()) ordered[key] = object[key]
  return ordered
}
