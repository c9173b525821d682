/** Whether what is critical would reach nobody, as the console says. */
import { useQuery } from '@tanstack/react-query'
import type { Outputs } from './client.ts'
import { useApi } from './console.tsx'

/** A channel that fails, and a page that goes, come by themselves. */
const LOOK_EVERY_MS = 10_000

export type Unheard = NonNullable<Outputs['channels']['unheard']['unheard']>

/** `null`: it reaches somebody, nothing is watched, or it is not known. */
export function useUnheard(): Unheard | null {
  const { data } = useQuery(
    useApi().channels.unheard.queryOptions({ staleTime: 0, refetchInterval: LOOK_EVERY_MS, retry: false }),
  )
  const unheard = data?.unheard ?? null
  // Whoever reads this has a page open: that it shows notes the console learns a moment later.
  return unheard?.why === 'no-page' ? null : unheard
}
