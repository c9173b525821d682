/** The schema of `metrics.db`, as numbered steps: see `store/migrations.ts`. */
import type { Migration } from '../store/migrations.ts'

/** "Vkmt" in ASCII. */
export const METRICS_APPLICATION_ID = 0x56_6b_6d_74

export const METRICS_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        deployment TEXT NOT NULL,
        probe TEXT NOT NULL,
        target TEXT NOT NULL,
        UNIQUE (deployment, probe, target)
      ) STRICT;
      CREATE TABLE metrics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
      -- Which metrics the rows of raw hold, and in which order: numbers of metrics as a JSON array.
      CREATE TABLE shapes (id INTEGER PRIMARY KEY, metrics TEXT NOT NULL UNIQUE CHECK (json_valid(metrics))) STRICT;

      -- One row an observation, until its hour is sealed.
      CREATE TABLE raw (
        series INTEGER NOT NULL REFERENCES series,
        at INTEGER NOT NULL,
        status INTEGER NOT NULL,
        shape INTEGER NOT NULL REFERENCES shapes,
        packed BLOB NOT NULL,
        PRIMARY KEY (series, at)
      ) STRICT, WITHOUT ROWID;

      -- Sealed stretches. grain: milliseconds of a row's step, 0 for observations as they were.
      CREATE TABLE chunks (
        id INTEGER PRIMARY KEY,
        series INTEGER NOT NULL REFERENCES series,
        grain INTEGER NOT NULL,
        start INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        blob BLOB NOT NULL,
        UNIQUE (series, grain, start)
      ) STRICT;
      CREATE INDEX chunks_by_age ON chunks (grain, start, rows);
    `,
  },
  {
    version: 2,
    sql: `
      -- Names with labels, by series. A number is never given twice, and none is one of metrics: chunks that still hold the
      -- values of a name that was forgotten must not be taken for another's. seen: milliseconds since the epoch, coarsely.
      CREATE TABLE labelled (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        series INTEGER NOT NULL REFERENCES series,
        name TEXT NOT NULL,
        seen INTEGER NOT NULL,
        UNIQUE (series, name)
      ) STRICT;
      INSERT INTO sqlite_sequence (name, seq) VALUES ('labelled', 1048576);
    `,
  },
]
