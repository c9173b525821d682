/** What of a deployment runs out, asked again as often as the console concludes it anew. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../../client/console.tsx'

const EVERY_MS = 60_000

export function useForecasts(name: string) {
  return useQuery(
    useApi().forecasts.list.queryOptions({
      input: { name },
      refetchInterval: EVERY_MS,
      staleTime: EVERY_MS / 2,
      placeholderData: keepPreviousData,
    }),
  )
}

export type ForecastOut = NonNullable<ReturnType<typeof useForecasts>['data']>['items'][number]
