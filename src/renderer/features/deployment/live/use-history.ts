/** The stretch of history behind the charts: one call for the whole screen, asked again as observations arrive. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { RangeResult } from '#shared/model/range.ts'
import { useConsole } from '../../../client/console.tsx'
import { CHARTED_METRICS } from './chart-groups.ts'
import { type View, windowOf } from './view.ts'

/** As many points as a chart is wide on a large screen. */
const POINTS = 300
const AT_MOST_EVERY_MS = 1_000
/** While nothing arrives (paused, or no way to it) time goes on all the same. */
const IDLE_MS = 15_000

export interface History {
  readonly data: RangeResult | null
  readonly error: Error | null
  /** What is shown is of the view before: the one that is asked for is on its way. */
  readonly isStale: boolean
  readonly retry: () => void
}

/**
 * @param newestAt when the newest observation was made: each later one is a reason to ask again, at most once per step
 */
export function useHistory(deployment: string, view: View, newestAt: number | null): History {
  const { client } = useConsole()
  const following = view.kind === 'following'
  const query = useQuery({
    queryKey: ['history', deployment, view],
    queryFn: ({ signal }) => {
      const { from, to } = windowOf(view, Date.now())
      return client.history.range(
        { deployment, metrics: CHARTED_METRICS, from, to, points: POINTS },
        { signal },
      )
    },
    placeholderData: (before, beforeQuery) =>
      beforeQuery?.queryKey[1] === deployment ? keepPreviousData(before) : undefined,
    refetchInterval: following ? ({ state }) => Math.max(state.data?.stepMs ?? 0, IDLE_MS) : false,
    staleTime: following ? 0 : Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    structuralSharing: false,
  })
  const { refetch, dataUpdatedAt, data, isFetching } = query
  const stepMs = Math.max(data?.stepMs ?? 0, AT_MOST_EVERY_MS)

  useEffect(() => {
    if (!following || newestAt === null || isFetching || newestAt <= dataUpdatedAt - stepMs) return
    const wait = Math.max(0, dataUpdatedAt + stepMs - Date.now())
    const timer = setTimeout(() => void refetch({ cancelRefetch: false }), wait)
    return () => clearTimeout(timer)
  }, [following, newestAt, isFetching, dataUpdatedAt, stepMs, refetch])

  return {
    data: data ?? null,
    error: query.error,
    isStale: query.isPlaceholderData,
    retry: () => void refetch(),
  }
}
