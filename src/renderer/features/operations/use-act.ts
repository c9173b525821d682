/** Asks something of an operation that there is. */
import { useMutation } from '@tanstack/react-query'
import { useClient } from '../../client/console.tsx'
import type { Act } from './acts-of.ts'

export interface ActAsked {
  readonly act: Act
  readonly plan?: string
  readonly confirm?: string
  readonly reason?: string
  readonly takeOver?: string
}

export function useAct(id: string, onSuccess?: () => void) {
  const client = useClient()
  return useMutation({
    mutationFn: ({ act, ...terms }: ActAsked) => {
      if (act === 'pause') return client.operations.pause({ id })
      if (act === 'leave') return client.operations.cancel({ id, leave: true, ...terms })
      return client.operations[act]({ id, ...terms })
    },
    ...(onSuccess !== undefined && { onSuccess }),
  })
}
