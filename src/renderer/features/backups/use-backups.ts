/** What is asked for of backups: read again when the console says that they turned. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { OperationKind } from '#shared/model/operation.ts'
import { useApi } from '../../client/console.tsx'
import { workElsewhere } from './work-elsewhere.ts'

/** Enough for the calendar where one is made each night. */
const FIRST = 200
/** What stands well grows too old while nothing else happens. */
const LOOK_EVERY_MS = 60_000
/** One in place makes a backup of its own before. */
const KINDS: OperationKind[] = ['backup', 'drill', 'restore']
const KINDS_ELSEWHERE: OperationKind[] = ['drill', 'restore']
/** What failed stands in the calendar, as far as so many operations reach. */
export const MOST_OPERATIONS = 200
/** Of all deployments: what is under way, and what was just over, is among the newest. */
const MOST_ELSEWHERE = 50

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

/** What was and is being done with backups of a deployment: as its own operations, and on the servers of others. */
export function useBackupOperations(deployment: string) {
  const { list } = useApi().operations
  const { data } = useQuery(list.queryOptions({ input: { deployment, kind: KINDS, limit: MOST_OPERATIONS } }))
  const others = useQuery(list.queryOptions({ input: { kind: KINDS_ELSEWHERE, limit: MOST_ELSEWHERE } }))
  return { own: data?.items, elsewhere: workElsewhere(others.data?.items ?? [], deployment) }
}
