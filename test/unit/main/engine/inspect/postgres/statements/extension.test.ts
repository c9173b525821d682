import { describe, expect, it } from 'vitest'
import {
  type ExtensionRow,
  extensionOf,
  isSince,
} from '../../../../../../../src/main/engine/inspect/postgres/statements/extension.ts'

const ROW: ExtensionRow = {
  me: 'watcher',
  reads_all: true,
  schema: 'public',
  version: '1.10',
  uses: true,
  executes: true,
  loaded: true,
}

describe('pg_stat_statements', () => {
  it('is found in its schema and its version', () => {
    expect(extensionOf(ROW)).toEqual({ extension: { schema: 'public', version: [1, 10] } })
  })

  it.each<[string, Partial<ExtensionRow>, string, string]>([
    ['loaded nor created', { loaded: false, schema: null, version: null }, 'not-loaded', 'CREATE EXTENSION'],
    ['loaded', { loaded: false }, 'not-loaded', 'shared_preload_libraries'],
    ['created', { schema: null, version: null }, 'not-created', 'CREATE EXTENSION pg_stat_statements;'],
    ['to be read', { reads_all: false }, 'not-permitted', 'GRANT pg_monitor TO watcher;'],
    [
      'in a schema to look into',
      { uses: false, schema: '"Monitoring"' },
      'not-permitted',
      'GRANT USAGE ON SCHEMA "Monitoring" TO watcher;',
    ],
    ['to be called', { executes: false }, 'not-permitted', 'GRANT EXECUTE ON'],
  ])('says what to do where it is not %s', (_, row, missing, remedy) => {
    const found = extensionOf({ ...ROW, ...row })
    expect(found).toMatchObject({ missing, remedy: expect.stringContaining(remedy) })
  })

  it.each<[string, [number, number], boolean]>([
    ['1.7', [1, 8], false],
    ['1.8', [1, 8], true],
    ['1.10', [1, 9], true],
    ['2.0', [1, 11], true],
  ])('%s has what came with %s: %s', (version, least, expected) => {
    const found = extensionOf({ ...ROW, version })
    expect('extension' in found && isSince(found.extension, least)).toBe(expected)
  })
})
