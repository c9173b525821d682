/** Moments as a field of the form `datetime-local` has them: by the clock of whoever reads this. */

/** `2026-11-28T12:30` */
export function localInput(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** ISO 8601 with `Z`; what is no moment stays as it is, and is refused as that. */
export function momentOf(input: string): string {
  const at = Date.parse(input)
  return Number.isNaN(at) ? input : new Date(at).toISOString()
}
