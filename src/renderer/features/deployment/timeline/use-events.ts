/** Events of a deployment: page by page for the list, at once for the charts. Both are fetched again when there is news. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { eventText } from '#shared/locales/translate.ts'
import type { EventKind } from '#shared/model/timeline.ts'
import { useConsole } from '../../../client/console.tsx'
import type { ChartMark } from '../../../components/charts/marks.ts'
import { clock } from '../../../components/moment.ts'
import { type View, windowOf } from '../live/view.ts'
import { MARKED_KINDS } from './events.ts'

const PAGE = 500
const MOST_MARKS = 300

/** @param kinds none: all */
export function useEvents(name: string, spanMs: number, kinds: readonly EventKind[]) {
  const { client, keys } = useConsole()
  return useInfiniteQuery({
    queryKey: [...keys.timeline(name), 'list', spanMs, kinds],
    queryFn: ({ pageParam, signal }) =>
      client.timeline.list(
        {
          name,
          from: Date.now() - spanMs,
          ...(kinds.length > 0 && { kinds }),
          limit: PAGE,
          ...(pageParam !== null && { cursor: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 60_000,
  })
}

/** What changed while the charts look at a stretch, in words. */
export function useMarks(name: string, view: View): readonly ChartMark[] {
  const { client, keys } = useConsole()
  const { i18n } = useTranslation()
  const { data } = useQuery({
    queryKey: [...keys.timeline(name), 'marks', view],
    queryFn: ({ signal }) => {
      const { from, to } = windowOf(view, Date.now())
      return client.timeline.list(
        {
          name,
          from: Math.floor(from),
          to: Math.ceil(to) + 60_000,
          kinds: [...MARKED_KINDS],
          limit: MOST_MARKS,
        },
        { signal },
      )
    },
    placeholderData: keepPreviousData,
    staleTime: view.kind === 'following' ? 0 : Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  return useMemo(
    () =>
      (data?.items ?? []).map(({ id, at, kind, reason }) => {
        const moment = Date.parse(at)
        const time = clock(i18n.language, 'second').format(moment)
        return { key: id, at: moment, shape: kind, text: `${time} · ${eventText(i18n, reason)}` }
      }),
    [data, i18n, i18n.language],
  )
}
