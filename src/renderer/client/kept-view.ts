/** How the reader looks at a list; kept for them by the console, on every device and over restarts. */
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import type { Preferences } from '#shared/contract/console.ts'
import { usePrefer, useSession } from './session.ts'

/** Who types a filter is not kept waiting, nor is each letter kept. */
const KEEP_AFTER_MS = 600

/** @param first until something was chosen */
export function useKeptView<Name extends 'fleet' | 'alerts'>(
  name: Name,
  first: Preferences[Name],
): [Preferences[Name], (change: Partial<Preferences[Name]>) => void] {
  const { data } = useSession()
  const prefer = usePrefer()
  const [chosen, setChosen] = useState<Preferences[Name] | null>(null)
  const view = chosen ?? data?.preferences[name] ?? first
  const keep = useDebouncedCallback((next: Preferences[Name]) => prefer({ [name]: next }), {
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
