/** The theme that the actor prefers; the library remembers the last one for the next start. */
import { useMantineColorScheme } from '@mantine/core'
import { useEffect } from 'react'
import type { Preferences } from '#shared/contract/console.ts'

export function useTheme(preferred: Preferences['theme'] | undefined): void {
  const { setColorScheme } = useMantineColorScheme()
  useEffect(() => {
    if (preferred !== undefined) setColorScheme(preferred === 'system' ? 'auto' : preferred)
  }, [preferred, setColorScheme])
}
