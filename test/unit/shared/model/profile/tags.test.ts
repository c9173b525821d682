import { expect, it } from 'vitest'
import { DeploymentProfile } from '../../../../../src/shared/model/profile/deployment.ts'

const profile = (tags?: unknown) =>
  DeploymentProfile.safeParse({
    name: 'shop',
    environment: 'staging',
    hosts: [{ name: 'local', over: 'local' }],
    ...(tags === undefined ? {} : { tags }),
  })

it('takes words, regions and names of teams as tags, and none where none are given', () => {
  const tags = ['payments', 'region:eu', 'Команда А', 'a/b-c_d.e']
  expect(profile(tags).data?.tags).toEqual(tags)
  expect(profile().data?.tags).toEqual([])
})

it.each([
  ['bad-tag', ['a,b']],
  ['bad-tag', [' padded']],
  ['bad-tag', ['']],
  ['bad-tag', ['x'.repeat(41)]],
  ['tag-twice', ['eu', 'eu']],
  ['too-many-tags', Array.from({ length: 11 }, (_, index) => `tag-${index}`)],
])('refuses with %s what is none', (message, tags) => {
  expect(profile(tags).error?.issues.map((issue) => issue.message)).toContain(message)
})
