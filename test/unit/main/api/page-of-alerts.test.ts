import { expect, it } from 'vitest'
import { pageOf } from '../../../../src/main/api/page-of-alerts.ts'
import type { Alert } from '../../../../src/shared/model/alert.ts'

const of = (...deployments: string[]) =>
  deployments.map((deployment, index) => ({ id: `${index}`, deployment }) as Alert)
const idsOf = ({ alerts }: { readonly alerts: readonly Alert[] }) => alerts.map(({ id }) => id)

it('takes everything where nothing is said', () => {
  const page = pageOf(of('a', 'b', 'a'), {})
  expect(idsOf(page)).toEqual(['0', '2', '1'])
  expect(page).toMatchObject({ rest: [], left: 0 })
})

it('ends with the deployment that reaches the most, whole', () => {
  const page = pageOf(of('b', 'a', 'b', 'c', 'a', 'c', 'c'), { most: 3 })
  expect(idsOf(page)).toEqual(['0', '2', '1', '4'])
  expect(page).toMatchObject({ rest: ['c'], left: 3 })
})

it('goes on where it is asked for the rest, whatever is over meanwhile', () => {
  const page = pageOf(of('b', 'c', 'c', 'd'), { deployments: ['gone', 'c', 'd'], most: 1 })
  expect(idsOf(page)).toEqual(['1', '2'])
  expect(page).toMatchObject({ rest: ['d'], left: 1 })
})
