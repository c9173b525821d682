/** The time zone of whoever reads this, by its name. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
