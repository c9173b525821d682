/** A column of JSON in an answer: it arrives parsed or as text, as the driver is set. */
import { z } from 'zod'

export function json<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (typeof value === 'string' ? JSON.parse(value) : value), schema)
}
