/** What is on record, narrowed down, a page at a time; of a search each page is as far as the console looked. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApi } from '../../../client/console.tsx'
import type { HistoryView } from './HistoryFilters.tsx'
import type { PastAlert } from './lengths.ts'

const PAGE = 200
/** Looking through what is on record costs the console more than a letter is worth. */
const SEARCH_AFTER_MS = 250

export function useHistory({ text: typed, deployment, rule, severity }: HistoryView) {
  const api = useApi()
  const [text] = useDebouncedValue(typed.trim(), SEARCH_AFTER_MS)
  const query = useInfiniteQuery({
    ...api.alerts.history.infiniteOptions({
      input: (cursor: string | undefined) => ({
        limit: PAGE,
        ...(cursor !== undefined && { cursor }),
        ...(text !== '' && { text }),
        ...(deployment !== null && { deployment }),
        ...(rule !== null && { rule }),
        ...(severity !== null && { severity }),
      }),
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  const pages = query.data?.pages
  const alerts: readonly PastAlert[] = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages])
  return {
    ...{ query, alerts, isSearch: text !== '' },
    pages: pages?.length ?? 0,
    lookedTo: lookedTo(pages?.at(-1)?.nextCursor ?? null),
    /** Of what is asked for: another list begins at its top. */
    asked: [text, deployment, rule, severity].join('\n'),
  }
}

/** When the last one began that was looked at; `null`: all of them were. */
function lookedTo(cursor: string | null): number | null {
  return cursor === null ? null : Number(cursor.split('.')[0])
}
