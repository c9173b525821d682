/** What a profile's own questions to a database or a service have in common: how often they are asked, and what is too much. */
import { z } from 'zod'

/** Seconds from one time to the next. */
export const Every = z.number().int().min(15).max(86_400).default(60)

/** Values beyond these turn the status. */
const Bound = z.strictObject({ warning: z.number().optional(), critical: z.number().optional() })

export const bounds = { above: Bound.optional(), below: Bound.optional() }

export interface Bounds {
  readonly above?:
    | { readonly warning?: number | undefined; readonly critical?: number | undefined }
    | undefined
  readonly below?:
    | { readonly warning?: number | undefined; readonly critical?: number | undefined }
    | undefined
}

/** Adds an issue for each name that stands in a list a second time. */
export function refuseSameNames(
  items: readonly { readonly name: string }[],
  list: string,
  context: z.core.$RefinementCtx,
): void {
  const seen = new Set<string>()
  items.forEach(({ name }, index) => {
    if (seen.has(name)) {
      const params = { name, list }
      context.addIssue({ code: 'custom', path: [list, index, 'name'], message: 'same-name', params })
    }
    seen.add(name)
  })
}
