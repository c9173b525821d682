/** A statement out of a dump, said so that the server takes no second one in the same text. */
import type { QueryConfig } from 'pg'

export function oneStatement(text: string): QueryConfig {
  // `pg` has it, and does not declare it.
  return { text, queryMode: 'extended' } as QueryConfig
}
