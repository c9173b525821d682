import { expect, test } from 'vitest'
import { ROLES, type Role } from '#shared/catalogue/roles.ts'
import { authorize, roleSuffices } from '../../../../../src/main/engine/policy/authorize.ts'

// Rows: who asks. Columns, in the order of ROLES: what the action needs at least.
test.each([
  ['READONLY', [true, false, false, false]],
  ['AUDITOR', [true, true, false, false]],
  ['OPERATOR', [true, true, true, false]],
  ['ADMIN', [true, true, true, true]],
] as const)('%s may do what needs READONLY, AUDITOR, OPERATOR, ADMIN: %j', (role, allowed) => {
  expect(ROLES.map((least: Role) => roleSuffices(role, least))).toEqual(allowed)
})

test('a refusal says who lacks what for what', () => {
  const actor = { id: 'token:wall', name: 'Wall display', role: 'READONLY', via: 'token' } as const
  const action = { name: 'deployments.remove', role: 'ADMIN', effect: 'writes' } as const
  expect(authorize(actor, action)).toEqual({
    allowed: false,
    reason: 'deployments.remove needs the role ADMIN; Wall display has READONLY',
  })
  expect(authorize({ ...actor, role: 'ADMIN' }, action)).toEqual({ allowed: true })
})
