import { describe, expect, it } from 'vitest'
import {
  type ActivityRow,
  activityOf,
  type SeenBackend,
} from '../../../../../../src/main/engine/inspect/postgres/activity.ts'
import { DatabaseActivity } from '../../../../../../src/shared/model/database/activity.ts'

const COST = { ms: 1, rows: 1, bytes: 1 }

function seen(pid: number, more: Partial<SeenBackend> = {}): SeenBackend {
  return {
    pid,
    started_at: 1,
    transaction_started_at: 2,
    statement_started_at: pid,
    state_changed_at: 4,
    database: 'shop',
    user: 'shop',
    application: 'web',
    client: '10.0.0.1',
    kind: 'client backend',
    state: 'active',
    wait_event_type: null,
    wait_event: null,
    blocked_by: null,
    thing: null,
    locktype: null,
    mode: null,
    relation: null,
    waiting_since: null,
    statement: 'select 1',
    ours: true,
    ...more,
  }
}

function row(backends: SeenBackend[], more: Partial<ActivityRow> = {}): ActivityRow {
  return {
    at: 10,
    total: backends.length,
    waiting: 0,
    hidden: 0,
    me: 'watcher',
    backends,
    prepared: [],
    ...more,
  }
}

const waits = {
  wait_event_type: 'Lock',
  wait_event: 'tuple',
  locktype: 'tuple',
  mode: 'ExclusiveLock',
  thing: 'row 1',
}

describe('the activity', () => {
  it('fits the contract, with 2,000 backends of which 500 are listed', () => {
    const backends = Array.from({ length: 500 }, (_, at) =>
      seen(at + 2, {
        ...waits,
        blocked_by: at < 50 ? [1] : null,
        statement: `update orders set note = 'Ivan ${at}' where id = ${at}`,
      }),
    )
    const activity = DatabaseActivity.parse(activityOf(row(backends, { total: 2_000, waiting: 1_900 }), COST))
    expect(activity).toMatchObject({ total: 2_000, waiting: 1_900 })
    expect(activity.backends.every(({ blockedBy }) => blockedBy.length === 1)).toBe(true)
    expect(JSON.stringify(activity)).not.toContain('Ivan')
  })

  it('does not take a lock for one that it waits for where it waits for something else', () => {
    const { backends } = activityOf(
      row([
        seen(5, { wait_event_type: 'Client', wait_event: 'ClientRead' }),
        seen(6, { wait_event_type: 'IO' }),
      ]),
      COST,
    )
    expect(backends.map(({ waiting, lock }) => [waiting, lock])).toEqual([
      ['Client: ClientRead', null],
      ['IO: ?', null],
    ])
  })

  it('takes empty names and statements for unknown', () => {
    const { backends } = activityOf(row([seen(5, { application: '', statement: '' })]), COST)
    expect(backends[0]).toMatchObject({ application: null, statement: null })
  })

  it('tells prepared transactions apart by the locks that they hold', () => {
    const prepared = [
      { name: 'a', prepared_at: 1, database: 'shop', user: 'shop', things: ['row 1', 'row 2'] },
      { name: 'b', prepared_at: 2, database: 'shop', user: 'shop', things: ['row 9'] },
    ]
    const backends = [
      seen(5, { ...waits, blocked_by: [0] }),
      seen(6, { ...waits, blocked_by: [5] }),
      seen(7, { ...waits, thing: 'row 2', blocked_by: [0] }),
    ]
    const activity = activityOf(row(backends, { prepared }), COST)
    expect(activity.prepared.map(({ name, blocks }) => [name, blocks])).toEqual([
      ['a', [5, 7]],
      ['b', []],
    ])
  })

  it('says which statement makes the hidden visible, and none where nothing is hidden', () => {
    expect(activityOf(row([], { hidden: 2, me: '"Watch Er"' }), COST).grant).toBe(
      'GRANT pg_monitor TO "Watch Er";',
    )
    expect(activityOf(row([]), COST).grant).toBe(null)
  })
})
