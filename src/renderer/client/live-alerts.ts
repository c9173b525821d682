/** The alerts that fire: the first page of them at once, and the others while it is read. */
import { type QueryClient, queryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Alert } from '#shared/model/alert.ts'
import { patchAlerts } from './apply-changes.ts'
import type { AlertsView, Client } from './client.ts'
import { type Console, useConsole, useTopic } from './console.tsx'
import type { Keys } from './keys.ts'

/** More than a screen shows, and little enough to come along with the fleet. */
const FIRST_ALERTS = 40
/** What comes after it does not hold up what somebody does meanwhile, least of all what they do first. */
const NEXT_ALERTS = 500
const NEXT_AFTER_MS = 500

interface Source {
  readonly cache: QueryClient
  readonly client: Pick<Client, 'alerts'>
  readonly keys: Pick<Keys, 'alerts' | 'alertsRest'>
}

/** The alerts that fire, of every deployment, followed while the component is there; those that did not change keep their identity. */
export function useAlerts(): UseQueryResult<AlertsView> {
  const console = useConsole()
  useTopic('alerts')
  return useQuery(alertsQuery(console))
}

/** Why those after the first page did not come, and how to ask for them again; `null`: they came, or are on their way. */
export function useRestFault(): { readonly error: Error; readonly retry: () => void } | null {
  const console = useConsole()
  const { error, isFetching } = useQuery({ ...restQuery(console), enabled: false })
  return error === null || isFetching ? null : { error, retry: () => bringRest(console) }
}

/** The alerts that fire; current while their topic is wanted. The first page stands while the others come. */
export function alertsQuery(console: Source & Pick<Console, 'changes'>) {
  const { cache, client, keys, changes } = console
  return queryOptions<AlertsView>({
    queryKey: keys.alerts,
    queryFn: async ({ signal }) => {
      await changes.ready
      // What stands already stays whole until it is replaced.
      if (cache.getQueryData(keys.alerts) !== undefined) return client.alerts.live({}, { signal })
      const first = await client.alerts.live({ most: FIRST_ALERTS }, { signal })
      if (first.rest.length > 0) bringRest(console)
      return first
    },
    structuralSharing: false,
    // They are there only while somebody follows them, and current for as long.
    gcTime: 0,
  })
}

/** Asks again for what did not come after the first page. */
export function bringRestAgain(source: Source): void {
  if (source.cache.getQueryState(source.keys.alertsRest)?.status === 'error') bringRest(source)
}

function bringRest(source: Source): void {
  void source.cache.prefetchQuery(restQuery(source))
}

/** Brings one page after the other, for as long as there is a first one; what became of each stands with that one. */
function restQuery(source: Source) {
  const { cache, keys } = source
  return queryOptions<null>({
    queryKey: keys.alertsRest,
    queryFn: async () => {
      await new Promise((resolve) => setTimeout(resolve, NEXT_AFTER_MS))
      for (let asked = restOf(source); asked.length > 0; asked = restOf(source)) {
        await cache.fetchQuery(pageQuery(source, asked))
      }
      return null
    },
    staleTime: 0,
    gcTime: Number.POSITIVE_INFINITY,
  })
}

function restOf({ cache, keys }: Source): readonly string[] {
  return cache.getQueryData<AlertsView>(keys.alerts)?.rest ?? []
}

/** A page is a snapshot by itself: changes wait for it, and not for those that come after it. */
function pageQuery({ cache, client, keys }: Source, asked: readonly string[]) {
  return queryOptions<null>({
    queryKey: [...keys.alerts, 'page', asked.length],
    queryFn: async ({ signal }) => {
      const page = await client.alerts.live({ deployments: [...asked], most: NEXT_ALERTS }, { signal })
      cache.setQueryData<AlertsView>(keys.alerts, (now) =>
        // All of them may have been asked for again meanwhile, and those are newer.
        now?.rest === asked ? { ...page, alerts: withPage(now.alerts, asked, page) } : now,
      )
      return null
    },
    // Whoever asks for pages tries again, and waits with it.
    ...{ retry: false, networkMode: 'always', staleTime: 0, gcTime: 0 },
  })
}

function withPage(before: readonly Alert[], asked: readonly string[], { alerts, rest }: AlertsView): Alert[] {
  const left = new Set(rest)
  const answered = new Map<string, Alert[]>()
  for (const name of asked) if (!left.has(name)) answered.set(name, [])
  for (const alert of alerts) answered.get(alert.deployment)?.push(alert)
  return patchAlerts(before, answered)
}
