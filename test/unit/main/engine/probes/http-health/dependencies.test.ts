import { describe, expect, it } from 'vitest'
import {
  failing,
  parseDependencies,
} from '../../../../../../src/main/engine/probes/http-health/dependencies.ts'

describe('the dependencies that a ready endpoint names', () => {
  it.each([
    ['words', { dependencies: { database: 'ok', redis: 'down' } }, ['redis']],
    ['booleans', { checks: { database: true, redis: false } }, ['redis']],
    ['objects', { checks: { database: { status: 'UP' }, redis: { status: 'DOWN', error: 'x' } } }, ['redis']],
    [
      'Spring',
      { status: 'DOWN', components: { db: { status: 'UP' }, redis: { status: 'DOWN' } } },
      ['redis'],
    ],
    [
      'health+json',
      { checks: { 'db:time': [{ status: 'pass' }], redis: [{ status: 'pass' }, { status: 'fail' }] } },
      ['redis'],
    ],
    [
      'lists',
      {
        checks: [
          { name: 'db', healthy: true },
          { name: 'redis', healthy: false },
        ],
      },
      ['redis'],
    ],
    ['all well', { services: { db: 'connected', redis: 'Healthy' } }, []],
  ])('as %s', (_, body, names) => {
    expect(failing(parseDependencies(JSON.stringify(body)) ?? {})).toEqual(names)
  })

  it.each(['', 'OK', '[]', '{"status":"ok"}', '{"dependencies":null}', '{"checks":{}}'])(
    'none in %j',
    (body) => {
      expect(parseDependencies(body)).toBeNull()
    },
  )

  it('keeps a status word, never an error message', () => {
    const body = JSON.stringify({ dependencies: { database: 'dial tcp: postgres://app:hunter2@db:5432' } })
    expect(parseDependencies(body)).toEqual({ database: 'failing' })
  })
})
