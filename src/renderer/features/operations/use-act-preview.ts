/** What is shown before something is asked of an operation: looked at anew every few minutes, and as soon as the operation stands otherwise. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Outputs } from '../../client/client.ts'
import { useApi } from '../../client/console.tsx'
import type { ShownAct } from './acts-of.ts'
import { wantedConfirmation } from './confirmation.ts'
import { LOOK_ANEW_MS, standingOf } from './look-anew.ts'

/** @param isSent what is shown is being done, or was: nothing else is to stand there */
export function useActPreview(operation: Outputs['operations']['get'], act: ShownAct, isSent: boolean) {
  const api = useApi()
  const cache = useQueryClient()
  const input = {
    ...{ id: operation.id, act: act === 'leave' ? ('cancel' as const) : act },
    leave: act === 'leave',
  }
  const preview = useQuery({
    ...api.operations.previewAct.queryOptions({ input }),
    ...{ retry: false, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
    refetchInterval: isSent ? false : LOOK_ANEW_MS,
  })
  const standing = standingOf(operation)
  const looked = useRef(standing)
  const { refetch } = preview
  useEffect(() => {
    if (isSent || looked.current === standing) return
    looked.current = standing
    void refetch()
  }, [isSent, standing, refetch])

  /** Where it was refused because something else is to be read first, that stands there now. */
  async function showWanted(error: unknown): Promise<void> {
    const wanted = wantedConfirmation(error)
    if (wanted === null || wanted.plan === null) return
    const { plan, preview: now, deployment, reason } = wanted
    const queryKey = api.operations.previewAct.queryKey({ input })
    // A look that began before must not come after it.
    await cache.cancelQueries({ queryKey })
    cache.setQueryData(queryKey, (before) => {
      return { preview: now, plan, confirm: reason === 'changed' ? (before?.confirm ?? null) : deployment }
    })
  }

  return { preview, showWanted }
}
