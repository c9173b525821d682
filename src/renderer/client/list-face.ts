/** Which face a list shows, from the query that fills it. */
import type { ListFace } from '../components/ListFaces.tsx'
import { useErrorText } from './error-text.ts'

interface ListQuery<T> {
  readonly data: T | undefined
  readonly error: Error | null
  refetch(): unknown
}

/** What was loaded once stays on the screen when a later fetch fails. @param isEmpty whether there is nothing in it */
export function useListFace<T>(
  { data, error, refetch }: ListQuery<T>,
  isEmpty: (data: T) => boolean = () => false,
): ListFace {
  const errorText = useErrorText()
  if (data !== undefined) return { kind: isEmpty(data) ? 'empty' : 'full' }
  if (error === null) return { kind: 'loading' }
  return { kind: 'error', message: errorText(error), retry: () => void refetch() }
}
