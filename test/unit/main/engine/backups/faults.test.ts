import { expect, it } from 'vitest'
import { isItsOwnFault } from '../../../../../src/main/engine/backups/faults.ts'
import { backups } from '../../../../../src/shared/locales/en/backups.ts'

it('marks a backup only for what is its own fault, whatever else there is to fail with', () => {
  expect(Object.keys(backups).filter((code) => isItsOwnFault({ code, params: {} }))).toEqual([
    'not-age',
    'header-altered',
    'content-altered',
    'content-cut',
    'backup-missing',
    'backup-is-link',
    'file-missing',
    'file-is-link',
    'file-unreadable',
    'manifest-unreadable',
    'manifest-altered',
    'file-altered',
    'file-cut',
    'contents-unreadable',
    'contents-missing',
    'objects-missing',
    'counts-differ',
    'sequences-behind',
    'large-objects-differ',
    'objects-differ',
  ])
})
