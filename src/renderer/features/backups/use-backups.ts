/** What is asked for of backups: read again when an operation that makes or tries one is over. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import { isOver, type OperationKind } from '#shared/model/operation.ts'
import { useApi } from '../../client/console.tsx'
import { drillsElsewhere } from './drills-elsewhere.ts'

/** Enough for the calendar where one is made each night. */
const FIRST = 200
/** What stands well grows too old while nothing else happens. */
const LOOK_EVERY_MS = 60_000
const KINDS: OperationKind[] = ['backup', 'drill']
/** What failed stands in the calendar, as far as so many operations reach. */
export const MOST_OPERATIONS = 200
/** Of all deployments: what is under way, and what was just over, is among the newest. */
const MOST_DRILLS = 50

export function useReadBackupsAgain(): () => Promise<void> {
  const cache = useQueryClient()
  const api = useApi()
  return useCallback(() => cache.invalidateQueries({ queryKey: api.backups.key() }), [cache, api])
}

/** How every deployment stands. */
export function useStandings() {
  return useQuery({
    ...useApi().backups.summary.queryOptions({ input: {} }),
    refetchInterval: LOOK_EVERY_MS,
  })
}

/** How a deployment stands; `null` while that is not known. */
export function useStanding(deployment: string) {
  const query = useQuery({
    ...useApi().backups.summary.queryOptions({ input: { deployment } }),
    refetchInterval: LOOK_EVERY_MS,
  })
  return { ...query, data: query.data?.items[0] }
}

/** Backups of a deployment, newest first. */
export function useBackups(deployment: string) {
  const pages = useInfiniteQuery(
    useApi().backups.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        ...{ deployment, limit: FIRST },
        ...(cursor !== undefined && { cursor }),
      }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  )
  return { ...pages, data: pages.data?.pages.flatMap(({ items }) => items) }
}

/**
 * What was and is being done to make and try backups of a deployment, as its own operations and as drills on the servers of others; the lists of backups follow when
 * one of them is over.
 */
export function useBackupOperations(deployment: string) {
  const readAgain = useReadBackupsAgain()
  const { list } = useApi().operations
  const { data } = useQuery(list.queryOptions({ input: { deployment, kind: KINDS, limit: MOST_OPERATIONS } }))
  const drills = useQuery(list.queryOptions({ input: { kind: ['drill'], limit: MOST_DRILLS } }))
  const own = data?.items
  const elsewhere = drillsElsewhere(drills.data?.items ?? [], deployment)
  const isKnown = own !== undefined && drills.data !== undefined
  const over = [...(own ?? []), ...elsewhere]
    .filter(({ state }) => isOver(state))
    .map(({ id, state }) => `${id} ${state}`)
    .join()
  const before = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (!isKnown) return
    if (before.current !== undefined && before.current !== over) void readAgain()
    before.current = over
  }, [isKnown, over, readAgain])
  return { own, elsewhere }
}
