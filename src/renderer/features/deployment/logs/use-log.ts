/** The lines of one log as they are asked for: the first answer, what is older and newer, and following its end. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { LogDirection, LogLevel } from '#shared/model/logs.ts'
import { useConsole } from '../../../client/console.tsx'
import { type LogBook, openBook, withNewer, withOlder } from './book.ts'

const FIRST = 300
const MORE = 1_000
/** How often the end is looked at while it is followed. */
export const FOLLOW_MS = 2_000
const AFTER_FAILURE_MS = 15_000

export interface Wanted {
  readonly name: string
  readonly source: string
  readonly at: number | null
  readonly search: string
  readonly level: LogLevel | null
  /** Nothing further from the moment, or from now, than this; `null`: as far as the log goes. */
  readonly withinMs: number | null
  readonly revealed: boolean
}

export function useLog(wanted: Wanted, following: boolean) {
  const { client, api, cache } = useConsole()
  const queryKey = [...api.logs.key(), wanted]
  const { name, source, at, search, level, withinMs, revealed } = wanted

  const ask = (direction: LogDirection, cursor: string | null, limit: number, signal?: AbortSignal) =>
    client.logs.read(
      {
        name,
        source,
        direction,
        search,
        limit,
        revealed,
        ...(cursor !== null && { cursor }),
        ...(cursor === null && at !== null && { at }),
        ...(level !== null && { level }),
        ...(withinMs !== null && { from: Math.max(1, (at ?? Date.now()) - withinMs) }),
        ...(withinMs !== null && at !== null && { to: at + withinMs }),
      },
      ...(signal === undefined ? [] : [{ signal }]),
    )

  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<LogBook> => {
      const [older, newer] = await Promise.all([
        ask('older', null, FIRST, signal),
        at === null ? null : ask('newer', null, FIRST, signal),
      ])
      return openBook(older, newer)
    },
    staleTime: Number.POSITIVE_INFINITY,
    // It is large, and holds what may be somebody's own.
    gcTime: 0,
    structuralSharing: false,
    retry: false,
  })
  const more = useMutation({
    mutationFn: async (direction: LogDirection) => {
      const book = cache.getQueryData<LogBook>(queryKey)
      const end = direction === 'older' ? book?.older : book?.newer
      return { direction, answer: await ask(direction, end?.cursor ?? null, MORE) }
    },
    onSuccess: ({ direction, answer }) =>
      cache.setQueryData<LogBook>(queryKey, (book) =>
        book === undefined ? book : direction === 'older' ? withOlder(book, answer) : withNewer(book, answer),
      ),
    gcTime: 0,
  })

  const follow = useRef(() => {})
  useEffect(() => {
    follow.current = () => {
      if (document.visibilityState === 'visible' && !more.isPending && query.data !== undefined)
        more.mutate('newer')
    }
  })
  const failed = more.error !== null
  useEffect(() => {
    if (!following) return
    const id = setInterval(() => follow.current(), failed ? AFTER_FAILURE_MS : FOLLOW_MS)
    return () => clearInterval(id)
  }, [following, failed])

  return {
    query,
    more: (direction: LogDirection) => {
      if (!more.isPending) more.mutate(direction)
    },
    isPending: more.isPending,
    pendingDirection: more.isPending ? more.variables : null,
    error: more.error,
  }
}
