/** A database with things of each kind, and how many a dump has of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const KINDS_SQL = readFileSync(join(import.meta.dirname, 'kinds.sql'), 'utf8')

/** Without `MATERIALIZED VIEW WITH DATA`: one has none, and `pg_dump` leaves the one that reads it without, too. */
export const HELD = {
  ...{ TABLE: 11, 'FOREIGN TABLE': 0, VIEW: 1, 'MATERIALIZED VIEW': 2, SEQUENCE: 2 },
  ...{
    INDEX: 11,
    'PRIMARY KEY': 5,
    UNIQUE: 1,
    'FOREIGN KEY': 4,
    'FOREIGN KEY OF PARTITION': 2,
    CHECK: 10,
    EXCLUDE: 1,
    TRIGGER: 2,
    POLICY: 1,
  },
  ...{ FUNCTION: 3, TYPE: 4, EXTENSION: 3 },
}
