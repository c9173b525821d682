/** What stands where nothing is configured yet. */
export function FirstRunScreen() {
  return <h1>Vakhta</h1>
}
