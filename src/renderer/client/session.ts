/** Who is asking, of which console, and what they prefer. */
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ROLES, type Role } from '#shared/catalogue/roles.ts'
import type { Preferences } from '#shared/contract/console.ts'
import type { Outputs } from './client.ts'
import { useApi, useKeys } from './console.tsx'

export type Session = Outputs['session']['get']

export function useSession(): UseQueryResult<Session> {
  return useQuery(useApi().session.get.queryOptions())
}

/** Whether who is asking has at least a role; `false` until that is known. */
export function useMay(role: Role): boolean {
  const { data } = useSession()
  return data !== undefined && ROLES.indexOf(data.actor.role) >= ROLES.indexOf(role)
}

/** Changes preferences at once on the screen and keeps them for the actor; puts them back where that fails. */
export function usePrefer(): (preferences: Partial<Preferences>) => void {
  const api = useApi()
  const keys = useKeys()
  const cache = useQueryClient()
  const { mutate } = useMutation(
    api.session.prefer.mutationOptions({
      onMutate: (wanted) => {
        const before = cache.getQueryData<Session>(keys.session)
        cache.setQueryData<Session>(
          keys.session,
          (old) => old && { ...old, preferences: { ...old.preferences, ...defined(wanted) } },
        )
        return before
      },
      onError: (_error, _wanted, before) => cache.setQueryData(keys.session, before),
    }),
  )
  return mutate
}

function defined(wanted: Partial<Record<keyof Preferences, unknown>>): Partial<Preferences> {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
}
