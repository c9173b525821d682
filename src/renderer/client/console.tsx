/** Makes the console known to components: the link, its client, the cache and the loop of changes, as one. */
import { onlineManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react'
import { type ChangesLoop, startChanges } from './changes.ts'
import { type Api, type Client, createApi, createClient, refusalOf } from './client.ts'
import { createKeys, type Keys } from './keys.ts'
import { createLink, type Link, type LinkState } from './link.ts'
import { bringRestAgain } from './live-alerts.ts'
import { createTopics, type Topics } from './topics.ts'
import type { OpenTransport } from './transport.ts'

export interface Console {
  readonly link: Link
  readonly client: Client
  readonly api: Api
  readonly keys: Keys
  readonly topics: Topics
  readonly cache: QueryClient
  readonly changes: ChangesLoop
  close(): void
}

/** Opens the console over a transport and starts to follow its changes. */
export function openConsole(open: OpenTransport): Console {
  const link = createLink({ open })
  const client = createClient(link)
  const api = createApi(client)
  const keys = createKeys(api)
  const topics = createTopics(['console', 'fleet'])
  const cache = createCache()
  // "Online" is the link to the console, not the machine's network: loopback works without one. Reads wait while it is away.
  onlineManager.setEventListener((setOnline) => {
    const tell = () => setOnline(link.state().status === 'connected')
    tell()
    return link.subscribe(tell)
  })
  cache.mount()
  const changes = startChanges({ client, link, cache, keys, topics })
  changes.onFollowing(() => bringRestAgain({ cache, client, keys }))
  return {
    link,
    client,
    api,
    keys,
    topics,
    cache,
    changes,
    close() {
      changes.stop()
      link.close()
      cache.unmount()
      cache.clear()
    },
  }
}

function createCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Changes are pushed into the cache; nothing is fetched again because a window got the focus.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // An answer of the console is final; a lost link is worth another attempt.
        retry: (count, error) => refusalOf(error) === null && count < 3,
      },
      // Somebody who presses a button is told at once that it did not work, rather than surprised later.
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

const ConsoleContext = createContext<Console | null>(null)

export function ConsoleProvider({ console, children }: { console: Console; children: ReactNode }) {
  return (
    <ConsoleContext value={console}>
      <QueryClientProvider client={console.cache}>{children}</QueryClientProvider>
    </ConsoleContext>
  )
}

export function useConsole(): Console {
  const console = useContext(ConsoleContext)
  if (console === null) throw new Error('useConsole needs a ConsoleProvider above it.')
  return console
}

/** Calls of the contract. */
export const useClient = (): Client => useConsole().client
/** Query and mutation options of the contract. */
export const useApi = (): Api => useConsole().api
export const useKeys = (): Keys => useConsole().keys

/** How the link to the console stands. */
export function useLink(): LinkState {
  const { link } = useConsole()
  return useSyncExternalStore(link.subscribe, link.state)
}

/** Has the console tell of further topics while the component is there; `fleet` and `console` are always told. */
export function useTopic(topic: 'alerts' | `deployment:${string}` | null): void {
  const { topics } = useConsole()
  useEffect(() => (topic === null ? undefined : topics.want([topic])), [topics, topic])
}
