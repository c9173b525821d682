/** How the reader looks at the fleet; kept for them by the console, on every device and over restarts. */
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import type { FleetView } from '#shared/contract/console.ts'
import { usePrefer, useSession } from '../../client/session.ts'
import { FIRST_VIEW } from './fleet-rows.ts'

/** Who types a filter is not kept waiting, nor is each letter kept. */
const KEEP_AFTER_MS = 600

export function useFleetView(): [FleetView, (change: Partial<FleetView>) => void] {
  const { data } = useSession()
  const prefer = usePrefer()
  const [chosen, setChosen] = useState<FleetView | null>(null)
  const view = chosen ?? data?.preferences.fleet ?? FIRST_VIEW
  const keep = useDebouncedCallback((fleet: FleetView) => prefer({ fleet }), {
    delay: KEEP_AFTER_MS,
    flushOnUnmount: true,
  })
  return [
    view,
    (change) => {
      const next = { ...view, ...change }
      setChosen(next)
      keep(next)
    },
  ]
}
