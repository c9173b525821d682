/** One directory may have several names, of which some lead to the others: what is on record under any of them lies in the same place. */
import type { BackupStore } from './store.ts'

/** @param others further names of places @returns the store's own name, and those of `others` that are the same place; one that does not answer is known by its name alone */
export async function namesOf(
  store: BackupStore,
  others: readonly string[],
  storeAt: (place: { readonly directory: string }) => BackupStore,
): Promise<ReadonlySet<string>> {
  const names = new Set([store.name])
  const identity = others.length === 0 ? null : await identityOf(store)
  if (identity === null) return names
  for (const directory of others)
    if ((await identityOf(storeAt({ directory }))) === identity) names.add(directory)
  return names
}

const identityOf = (store: BackupStore): Promise<string | null> => store.identity().catch(() => null)
