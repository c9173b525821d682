/** See `exclusively.mjs`, which is plain JavaScript because it runs before anything is installed. */
export function exclusively<T>(
  what: { readonly name: string; readonly root: string; readonly onWait?: () => void },
  work: () => Promise<T>,
): Promise<T>
