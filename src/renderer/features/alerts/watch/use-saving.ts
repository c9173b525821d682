/** The form of something that is kept by its name: judged, saved, and left for the overview. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import type { z } from 'zod'
import { places } from '../../../places.ts'
import { useCheckedForm } from '../../settings/channels/use-checked-form.ts'

interface Saving<Draft, Made> {
  readonly initial: Draft
  readonly schema: z.ZodType<Made>
  /** Keys as the schema has them. */
  readonly madeOf: (draft: Draft) => Record<string, unknown>
  readonly save: (made: Made) => Promise<unknown>
  /** What is fetched again afterwards. */
  readonly listed: readonly (readonly unknown[])[]
}

export function useSaving<Draft extends object, Made>(options: Saving<Draft, Made>) {
  const { initial, schema, madeOf, save: keep, listed } = options
  const [, go] = useLocation()
  const cache = useQueryClient()
  const checked = useCheckedForm<Draft, Made>(initial, { schema, madeOf })
  const done = () => go(places.alerts('watch'))
  const save = useMutation({
    mutationFn: async () => {
      const made = await checked.prepare()
      if (made === null) return false
      await keep(made)
      return true
    },
    onSuccess: async (isSaved) => {
      if (!isSaved) return
      await Promise.all(listed.map((queryKey) => cache.invalidateQueries({ queryKey })))
      done()
    },
  })
  return { ...checked, save, done }
}
