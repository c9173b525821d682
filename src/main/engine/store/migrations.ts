/**
 * The schema of `state.db` as numbered steps: the list is the history, and a step that was released is never edited.
 * Adding one: append it with the next version; a copy of the database is made before it runs.
 */

export interface Migration {
  /** Counts up from 1 without gaps; kept in the file as `user_version`. */
  readonly version: number
  /** One or more statements, run in one transaction. */
  readonly sql: string
}

export const STATE_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE deployments (
        name TEXT PRIMARY KEY,
        profile TEXT NOT NULL CHECK (json_valid(profile)),
        paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
        updated_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- One key a host in each state: what somebody accepted, what was offered, and what came instead of the accepted one.
      CREATE TABLE host_keys (
        host TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('accepted', 'offered', 'changed')),
        key_type TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (host, state)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        entry TEXT NOT NULL CHECK (json_valid(entry)),
        hash TEXT NOT NULL
      ) STRICT;
      CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
      CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

      CREATE TABLE preferences (
        actor TEXT PRIMARY KEY,
        value TEXT NOT NULL CHECK (json_valid(value))
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 2,
    sql: `
      CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        deployment TEXT NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        probe TEXT,
        target TEXT,
        reason TEXT NOT NULL CHECK (json_valid(reason)),
        status TEXT
      ) STRICT;
      CREATE INDEX events_of_deployment ON events (deployment, at, id);
      CREATE INDEX events_by_age ON events (at);

      -- What the timeline compares the next look with; \`server\` is empty but for one of several behind a target.
      CREATE TABLE known (
        deployment TEXT NOT NULL,
        probe TEXT NOT NULL,
        target TEXT NOT NULL,
        server TEXT NOT NULL,
        known TEXT NOT NULL CHECK (json_valid(known)),
        PRIMARY KEY (deployment, probe, target, server)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 3,
    sql: `
      -- Alerts that fire, and those that are over: the state and its history are one.
      CREATE TABLE alerts (
        id TEXT PRIMARY KEY,
        deployment TEXT NOT NULL,
        rule TEXT NOT NULL,
        since INTEGER NOT NULL,
        ended_at INTEGER,
        alert TEXT NOT NULL CHECK (json_valid(alert))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX alerts_by_begin ON alerts (since, id);
      CREATE INDEX alerts_by_end ON alerts (ended_at, id);

      CREATE TABLE incidents (
        id TEXT PRIMARY KEY,
        ended_at INTEGER,
        incident TEXT NOT NULL CHECK (json_valid(incident))
      ) STRICT, WITHOUT ROWID;

      -- How many there ever were, however many are still on record.
      CREATE TABLE alert_totals (
        deployment TEXT PRIMARY KEY,
        total INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- Why somebody was told of an alert, or was not.
      CREATE TABLE alert_trace (
        id INTEGER PRIMARY KEY,
        alert TEXT NOT NULL,
        at INTEGER NOT NULL,
        entry TEXT NOT NULL CHECK (json_valid(entry))
      ) STRICT;
      CREATE INDEX trace_of_alert ON alert_trace (alert, id);

      CREATE TABLE silences (
        id TEXT PRIMARY KEY,
        ended_at INTEGER,
        silence TEXT NOT NULL CHECK (json_valid(silence))
      ) STRICT, WITHOUT ROWID;

      -- What people set differently of the rules that every installation has, and rules of their own.
      CREATE TABLE alert_rules (
        id TEXT PRIMARY KEY,
        rule TEXT NOT NULL CHECK (json_valid(rule)),
        updated_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- What was decided to be told: written with what it tells of, and read by whoever delivers it.
      CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        notification TEXT NOT NULL CHECK (json_valid(notification))
      ) STRICT;
      CREATE INDEX outbox_by_age ON outbox (at);
    `,
  },
  {
    version: 4,
    sql: `
      CREATE TABLE channels (
        name TEXT PRIMARY KEY,
        channel TEXT NOT NULL CHECK (json_valid(channel)),
        updated_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL CHECK (json_valid(value))
      ) STRICT, WITHOUT ROWID;

      -- How far each reader of the outbox came.
      CREATE TABLE outbox_readers (
        reader TEXT PRIMARY KEY,
        seq INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- What was decided for which channel; a notification is decided once for each, however often that is said.
      CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY,
        notification TEXT NOT NULL,
        channel TEXT NOT NULL,
        incident TEXT NOT NULL,
        decided TEXT NOT NULL CHECK (json_valid(decided)),
        decided_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'refused', 'given-up', 'dropped')),
        in_flight INTEGER NOT NULL DEFAULT 0 CHECK (in_flight IN (0, 1)),
        possible_repeat INTEGER NOT NULL DEFAULT 0 CHECK (possible_repeat IN (0, 1)),
        attempts INTEGER NOT NULL DEFAULT 0,
        next_at INTEGER,
        tried TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tried)),
        updated_at INTEGER NOT NULL,
        UNIQUE (notification, channel)
      ) STRICT;
      CREATE INDEX deliveries_waiting ON deliveries (channel, incident, id) WHERE state = 'waiting';
      CREATE INDEX deliveries_of_channel ON deliveries (channel, updated_at);
      CREATE INDEX deliveries_by_age ON deliveries (decided_at);
    `,
  },
  {
    version: 5,
    sql: `
      CREATE TABLE heartbeats (
        name TEXT PRIMARY KEY,
        heartbeat TEXT NOT NULL CHECK (json_valid(heartbeat)),
        updated_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 6,
    sql: `
      -- What people set up and change as a whole, by its kind and name: maintenance windows, rotas, the people in them.
      CREATE TABLE documents (
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        document TEXT NOT NULL CHECK (json_valid(document)),
        updated_at INTEGER NOT NULL,
        PRIMARY KEY (kind, name)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 7,
    sql: `
      -- What people leave for the next watch.
      CREATE TABLE handover_notes (
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        by TEXT NOT NULL,
        text TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX handover_notes_by_age ON handover_notes (at);
    `,
  },
  {
    version: 8,
    sql: `
      -- Operations as their journals make them.
      CREATE TABLE operations (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        deployment TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        ended_at INTEGER,
        record TEXT NOT NULL CHECK (json_valid(record))
      ) STRICT;
      CREATE INDEX operations_of_deployment ON operations (deployment, kind, seq);
      CREATE INDEX operations_by_end ON operations (ended_at);

      -- What each did and found, in order; durable before a step begins and after it ended.
      CREATE TABLE operation_journal (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        operation TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        entry TEXT NOT NULL CHECK (json_valid(entry))
      ) STRICT;
      CREATE INDEX journal_of_operation ON operation_journal (operation, seq);

      -- What people read of them.
      CREATE TABLE operation_log (
        id INTEGER PRIMARY KEY,
        operation TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        step TEXT,
        reason TEXT NOT NULL CHECK (json_valid(reason))
      ) STRICT;
      CREATE INDEX log_of_operation ON operation_log (operation, id);

      -- Requests that name themselves: asked again, they are answered with the operation that there is.
      CREATE TABLE operation_requests (
        actor TEXT NOT NULL,
        key TEXT NOT NULL,
        operation TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
        request TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (actor, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX requests_of_operation ON operation_requests (operation);
    `,
  },
  {
    version: 9,
    sql: `
      -- Backups as their manifests tell of them, and how far each is proven.
      CREATE TABLE backups (
        id TEXT PRIMARY KEY,
        deployment TEXT NOT NULL,
        at INTEGER NOT NULL,
        place TEXT NOT NULL,
        manifest TEXT NOT NULL CHECK (json_valid(manifest)),
        signed_by TEXT NOT NULL CHECK (signed_by IN ('this-console', 'another')),
        verified_at INTEGER,
        proven_at INTEGER,
        recovery_ms INTEGER,
        problem TEXT CHECK (json_valid(problem))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX backups_of_deployment ON backups (deployment, at, id);
      CREATE INDEX backups_of_place ON backups (place);
    `,
  },
  {
    version: 10,
    sql: `
      -- Drills and what came of each: a failed one is remembered also where its backup is gone.
      CREATE TABLE drills (
        operation TEXT PRIMARY KEY,
        deployment TEXT NOT NULL,
        at INTEGER NOT NULL,
        backup TEXT NOT NULL,
        recovery_ms INTEGER,
        problem TEXT CHECK (json_valid(problem))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX drills_of_deployment ON drills (deployment, at);
      -- Since when backups are configured, and up to when what was due by a schedule was seen to.
      CREATE TABLE backup_marks (
        deployment TEXT NOT NULL,
        what TEXT NOT NULL CHECK (what IN ('configured', 'backup', 'drill')),
        at INTEGER NOT NULL,
        PRIMARY KEY (deployment, what)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 11,
    sql: `
      -- What the other side calls a message that it took, where it can be changed later.
      ALTER TABLE deliveries ADD COLUMN handle TEXT;
      CREATE INDEX deliveries_changeable ON deliveries (channel, incident, id) WHERE handle IS NOT NULL;
    `,
  },
  {
    version: 12,
    sql: `
      -- The deployment on whose server a drill restored; none: on the console's own machine.
      ALTER TABLE drills ADD COLUMN server TEXT;
      ALTER TABLE backups ADD COLUMN recovery_on TEXT;
      -- What was due by a schedule and is not begun: it waits, or it was missed.
      CREATE TABLE not_begun (
        deployment TEXT NOT NULL,
        what TEXT NOT NULL CHECK (what IN ('backup', 'drill')),
        due INTEGER NOT NULL,
        since INTEGER NOT NULL,
        waits INTEGER NOT NULL CHECK (waits IN (0, 1)),
        reason TEXT NOT NULL CHECK (json_valid(reason)),
        PRIMARY KEY (deployment, what)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 13,
    sql: `
      -- What a channel was given of an incident: each of it may have left something open there.
      CREATE INDEX deliveries_given ON deliveries (channel, incident, id) WHERE attempts > 0;
    `,
  },
  {
    version: 14,
    sql: `
      -- What lists tell of a backup, out of its manifest: that has a line for each table. None: of before, made when it is read first.
      ALTER TABLE backups ADD COLUMN made TEXT CHECK (json_valid(made));
    `,
  },
  {
    version: 15,
    sql: `
      -- It tells the format now, and is made again when it is read first.
      UPDATE backups SET made = NULL;
    `,
  },
  {
    version: 16,
    sql: `
      -- A place is called as its directory is in a profile by now: without empty names, "." and "..", one step of each path at a time.
      WITH RECURSIVE
        steps (place, path) AS (
          SELECT DISTINCT place, iif(place GLOB '[A-Za-z]:*', upper(substr(place, 1, 1)) || replace(substr(place, 2), '\\', '/'), place) || '/'
            FROM backups
          UNION
          SELECT place,
                 CASE
                   WHEN instr(path, '//') > 0 THEN replace(path, '//', '/')
                   WHEN instr(path, '/./') > 0 THEN replace(path, '/./', '/')
                   -- Of the root that is the root.
                   WHEN instr(path, '/') = instr(path, '/../') THEN substr(path, 1, instr(path, '/')) || substr(path, instr(path, '/../') + 4)
                   -- Up to what is before its last name, and on behind.
                   ELSE rtrim(substr(path, 1, instr(path, '/../') - 1), replace(substr(path, 1, instr(path, '/../') - 1), '/', ''))
                     || substr(path, instr(path, '/../') + 4)
                 END
            FROM steps
           WHERE instr(path, '//') + instr(path, '/./') + instr(path, '/../') > 0
        ),
        plain (place, path) AS (
          SELECT place, iif(path = '/' OR path GLOB '[A-Za-z]:/', path, rtrim(path, '/'))
            FROM steps
           WHERE instr(path, '//') + instr(path, '/./') + instr(path, '/../') = 0
        )
      UPDATE backups
         SET place = iif(plain.path GLOB '[A-Za-z]:*', replace(plain.path, '/', '\\'), plain.path)
        FROM plain
       WHERE plain.place = backups.place;
    `,
  },
  {
    version: 17,
    sql: `
      -- It tells what is compared besides rows by now, and is made again when it is read first.
      UPDATE backups SET made = NULL;
    `,
  },
]
