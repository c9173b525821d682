/** A hand-over: what the next watch has to know of a stretch of time, as a document and as what it is made of. */
import { z } from 'zod'

/** Somebody's words for the next watch. */
export const HandoverNote = z.object({
  id: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  by: z.string(),
  text: z.string(),
})
export type HandoverNote = z.infer<typeof HandoverNote>
export const LONGEST_NOTE = 2_000

/** A part of a document, in words that stand for themselves: whoever shows it escapes them as its form wants. */
export const DocumentBlock = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('heading'),
    level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    text: z.string(),
  }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('list'), items: z.array(z.string()) }),
  z.object({ kind: z.literal('table'), columns: z.array(z.string()), rows: z.array(z.array(z.string())) }),
])
export type DocumentBlock = z.infer<typeof DocumentBlock>
