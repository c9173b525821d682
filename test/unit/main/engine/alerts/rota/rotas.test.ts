/** Several people who change the watch at once: nobody's change undoes another's. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Person, Rota } from '../../../../../../src/shared/model/rota.ts'
import { type AlertScene, createAlertScene } from '../../../../../support/alert-scene.ts'

const PRIMARY = Rota.parse({
  ...{ name: 'primary', people: ['Anna', 'Boris'], startsOn: '2026-01-05', time: '09:00' },
  ...{ zone: 'Europe/Berlin', shiftDays: 7 },
})
const HOUR_MS = 3_600_000

let scene: AlertScene
beforeEach(async () => {
  scene = await createAlertScene(['shop'])
  for (const name of PRIMARY.people) await rotas().savePerson(Person.parse({ name }), null)
  await rotas().save(PRIMARY, null)
})
afterEach(() => scene.close())

const rotas = () => scene.alerts().rotas
const standIn = (person: string, fromHours: number) =>
  rotas().override('primary', {
    ...{ person, by: 'Anna', note: null },
    from: scene.clock.now() + fromHours * HOUR_MS,
    to: scene.clock.now() + (fromHours + 1) * HOUR_MS,
  })
const standing = () => rotas().list()[0]

it('a swap is two that are asked for at once: both stand, also beside an edit, and after a restart', async () => {
  await Promise.all([
    standIn('Boris', 1),
    rotas().save({ ...PRIMARY, time: '10:00' }, 'primary'),
    standIn('Anna', 2),
  ])
  await scene.restart()
  expect(standing()?.overrides.map(({ person }) => person)).toEqual(['Boris', 'Anna'])
  expect(standing()?.rota.time).toBe('10:00')
})

it('nobody leaves while they are put into a rota', async () => {
  await rotas().savePerson(Person.parse({ name: 'Vera' }), null)
  const outcomes = await Promise.all([
    rotas().save({ ...PRIMARY, people: ['Anna', 'Vera'] }, 'primary'),
    rotas().removePerson('Vera'),
  ])
  expect(outcomes).toEqual(['saved', 'in-use'])
})

it('of two that take one name at once only one does', async () => {
  const other = { ...PRIMARY, name: 'second' }
  expect(await Promise.all([rotas().save(other, null), rotas().save(other, null)])).toEqual([
    ...['saved', 'name-taken'],
  ])
})
