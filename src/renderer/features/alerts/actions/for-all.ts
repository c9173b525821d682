/** The same for several alerts, a few at a time: what could not be done is told, and the rest is. Pure but for what it is given. */

/** The console answers one caller's calls in turn; more at once would only wait. */
const AT_ONCE = 8

export interface Outcome {
  readonly done: readonly string[]
  readonly failed: readonly { readonly id: string; readonly error: unknown }[]
}

export async function forAll(
  ids: readonly string[],
  act: (id: string) => Promise<unknown>,
): Promise<Outcome> {
  const left = [...ids]
  const done: string[] = []
  const failed: { id: string; error: unknown }[] = []
  async function work() {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      try {
        await act(id)
        done.push(id)
      } catch (error) {
        failed.push({ id, error })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, work))
  return { done, failed }
}
