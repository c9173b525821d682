import { expect, it } from 'vitest'
import { versionOf } from '../../../../../../src/main/engine/probes/http-health/version.ts'

const answer = (body: unknown, headers: Record<string, string> = {}) => ({
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const SHA = '3f2a9c1d4e5b6a7980716253443526170f0e0d0c'

it.each([
  ['a plain version', answer({ status: 'ok', version: '2.0.1' }), '2.0.1'],
  ['a version and a commit', answer({ version: '2.0.1', commit: SHA }), '2.0.1 (3f2a9c1d4e5b)'],
  ['only a commit', answer({ status: 'ok', git_sha: SHA }), '3f2a9c1d4e5b'],
  ['a version that is a commit', answer({ version: SHA }), SHA],
  [
    'an actuator’s',
    answer({ git: { commit: { id: '3f2a9c1' } }, build: { version: '1.4' } }),
    '1.4 (3f2a9c1)',
  ],
  ['a build number', answer({ build: 4711 }), '4711'],
  ['a health+json release', answer({ status: 'pass', version: '1', releaseId: '1.2.2' }), '1.2.2'],
  ['a header', answer('ok', { 'x-app-version': '2.0.1' }), '2.0.1'],
  ['a header with a commit', answer('ok', { 'x-git-sha': SHA }), '3f2a9c1d4e5b'],
  ['the version of an interface', answer('ok', { 'x-api-version': '3' }), undefined],
  ['whoever stands in front', answer('ok', { server: 'nginx/1.22.1' }), undefined],
  ['the version of a dependency', answer({ checks: { redis: { version: '7.0.15' } } }), undefined],
  ['a sentence', answer({ version: 'see the release notes' }), undefined],
  ['something that may be a secret', answer({ version: 'x'.repeat(80) }), undefined],
  ['no JSON', answer('<html>version: 2</html>'), undefined],
  ['broken JSON', answer('{"version": "2.0'), undefined],
  ['a list', answer(['version', '2']), undefined],
  [
    'something nested in itself many times',
    answer({ info: { info: { info: { info: { version: '9' } } } } }),
    undefined,
  ],
])('tells %s', (_, told, version) => {
  expect(versionOf([told])).toBe(version)
})

it('takes what the live answer does not tell from the ready one', () => {
  expect(versionOf([answer('ok'), answer({ version: '2.0.1' })])).toBe('2.0.1')
})
