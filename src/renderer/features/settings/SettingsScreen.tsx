/** Settings. */
export function SettingsScreen({ section }: { section: string; item: string | null }) {
  return <h1>{section}</h1>
}
