import { expect, it } from 'vitest'
import type { BackupError } from '../../../../../src/main/engine/backups/backup-error.ts'
import {
  compressionOption,
  refuseUnreadable,
  settleCompression,
  tellsZstd,
} from '../../../../../src/main/engine/backups/postgres/compression.ts'
import { BackupCompression } from '../../../../../src/shared/model/profile/backups.ts'

const tool = (major: number) =>
  ({ program: 'pg_dump', path: `/${major}`, major, version: `${major}.1` }) as const

it.each([
  ['Zstandard by itself', { method: 'auto' }, 17, true, ['--compress=zstd']],
  ['gzip where the build has none', { method: 'auto' }, 17, false, ['--compress=gzip']],
  ['gzip where the version has none', { method: 'auto' }, 15, true, []],
  ['Zstandard of a level', { method: 'zstd', level: 12 }, 16, true, ['--compress=zstd:12']],
  ['gzip of a level', { method: 'gzip', level: 4 }, 16, true, ['--compress=gzip:4']],
  ['gzip of a level, as it was said before', { method: 'gzip', level: 4 }, 14, false, ['--compress=4']],
  ['nothing', { method: 'none' }, 17, true, ['--compress=none']],
  ['nothing, as it was said before', { method: 'none' }, 12, false, ['--compress=0']],
  ['no Zstandard of an old one', { method: 'zstd' }, 15, true, 'compression-not-there'],
  ['no Zstandard of a build without', { method: 'zstd' }, 18, false, 'compression-not-there'],
] as const)('asks for %s', async (_, wanted, major, has, expected) => {
  const options = await settleCompression(wanted, tool(major), async () => has).then(
    (settled) => compressionOption(settled, tool(major)),
    (error: BackupError) => error.failure.code,
  )
  expect(options).toEqual(expected)
})

it.each([
  ['pg_dump: error: connection to server on socket "/nonexistent/.s.PGSQL.5432" failed', true],
  ['pg_dump: error: this build does not support compression with ZSTD', false],
  ['pg_dump: error: unrecognized compression algorithm: "zstd"', false],
])('hears from %j whether there is Zstandard', (words, expected) => {
  expect(tellsZstd(words)).toBe(expected)
})

it('takes other warnings for what they are', () => {
  expect(() => refuseUnreadable('pg_restore: warning: errors ignored', tool(17), 'a.dump')).not.toThrow()
})

it.each([
  [{ method: 'zstd', level: 22 }, true],
  [{ method: 'gzip', level: 9 }, true],
  [{ method: 'gzip', level: 10 }, false],
  [{ method: 'auto', level: 3 }, false],
  [{ method: 'none', level: 1 }, false],
])('a profile with %j: %s', (compression, expected) => {
  expect(BackupCompression.safeParse(compression).success).toBe(expected)
})
