import { describe, expect, it } from 'vitest'
import { shiftsBetween, whoHasTheWatch, whoIsNext } from '../../../../../src/main/engine/schedules/rotas.ts'
import { type Override, Rota } from '../../../../../src/shared/model/rota.ts'
import { createRandom } from '../../../../support/random.ts'

const ms = Date.parse
const iso = (at: number) => new Date(at).toISOString().replace(':00.000Z', 'Z')

const weekly = Rota.parse({
  name: 'primary',
  people: ['Anna', 'Boris', 'Vera'],
  // A Monday.
  ...{ startsOn: '2026-03-16', time: '09:00', zone: 'Europe/Berlin', shiftDays: 7 },
})

function over(person: string, from: string, to: string, id = person): Override {
  return { id, person, from: ms(from), to: ms(to), by: 'Anna', note: null }
}

function told(rota: Rota, overrides: readonly Override[], from: string, to: string): string[] {
  return shiftsBetween(rota, overrides, ms(from), ms(to)).map(
    (one) =>
      `${one.person} ${iso(one.from)} to ${iso(one.to)}${one.instead === null ? '' : ` instead of ${one.instead}`}`,
  )
}

describe('a rota', () => {
  it('is handed over at the time of its place, before and after its clock is moved', () => {
    expect(told(weekly, [], '2026-03-16T08:00Z', '2026-04-06T00:00Z')).toEqual([
      'Anna 2026-03-16T08:00Z to 2026-03-23T08:00Z',
      // An hour shorter: the clock is put forward on the 29th.
      'Boris 2026-03-23T08:00Z to 2026-03-30T07:00Z',
      'Vera 2026-03-30T07:00Z to 2026-04-06T07:00Z',
    ])
  })

  it('is handed over to the millisecond', () => {
    const at = (text: string) => whoHasTheWatch(weekly, [], ms(text))?.person
    expect(at('2026-03-30T06:59:59.999Z')).toBe('Boris')
    expect(at('2026-03-30T07:00:00.000Z')).toBe('Vera')
  })

  it('has nobody before the first takes it, but for who stands in', () => {
    expect(whoHasTheWatch(weekly, [], ms('2026-03-16T07:59:59Z'))).toBeNull()
    const early = over('Vera', '2026-03-15T00:00Z', '2026-03-16T12:00Z')
    expect(told(weekly, [early], '2026-03-14T00:00Z', '2026-03-17T00:00Z')).toEqual([
      'Vera 2026-03-15T00:00Z to 2026-03-16T08:00Z',
      'Vera 2026-03-16T08:00Z to 2026-03-16T12:00Z instead of Anna',
      'Anna 2026-03-16T12:00Z to 2026-03-23T08:00Z',
    ])
  })

  it('hands over once in a night without that time, and once in one that has it twice', () => {
    const nightly = Rota.parse({ ...weekly, startsOn: '2026-03-28', time: '02:30', shiftDays: 1 })
    expect(told(nightly, [], '2026-03-28T02:00Z', '2026-03-30T12:00Z')).toEqual([
      'Anna 2026-03-28T01:30Z to 2026-03-29T01:30Z',
      'Boris 2026-03-29T01:30Z to 2026-03-30T00:30Z',
      'Vera 2026-03-30T00:30Z to 2026-03-31T00:30Z',
    ])
    const autumn = Rota.parse({ ...nightly, startsOn: '2026-10-24' })
    expect(told(autumn, [], '2026-10-24T02:00Z', '2026-10-25T12:00Z')).toEqual([
      'Anna 2026-10-24T00:30Z to 2026-10-25T00:30Z',
      'Boris 2026-10-25T00:30Z to 2026-10-26T01:30Z',
    ])
  })

  it('leaves a day out with its place, and nobody’s turn is of no length', () => {
    const apia = Rota.parse({
      ...weekly,
      ...{ startsOn: '2011-12-28', time: '09:00', zone: 'Pacific/Apia', shiftDays: 1 },
    })
    expect(told(apia, [], '2011-12-28T20:00Z', '2011-12-31T12:00Z')).toEqual([
      'Anna 2011-12-28T19:00Z to 2011-12-29T19:00Z',
      'Boris 2011-12-29T19:00Z to 2011-12-30T19:00Z',
      'Anna 2011-12-30T19:00Z to 2011-12-31T19:00Z',
    ])
  })
})

describe('who stands in', () => {
  it('takes a part of a turn, and it goes on afterwards', () => {
    const swap = over('Vera', '2026-03-18T00:00Z', '2026-03-19T00:00Z')
    expect(told(weekly, [swap], '2026-03-16T08:00Z', '2026-03-23T08:00Z')).toEqual([
      'Anna 2026-03-16T08:00Z to 2026-03-18T00:00Z',
      'Vera 2026-03-18T00:00Z to 2026-03-19T00:00Z instead of Anna',
      'Anna 2026-03-19T00:00Z to 2026-03-23T08:00Z',
    ])
  })

  it('of two at once is the one that was said later', () => {
    const both = [
      over('Vera', '2026-03-18T00:00Z', '2026-03-20T00:00Z'),
      over('Boris', '2026-03-19T00:00Z', '2026-03-19T12:00Z'),
    ]
    expect(told(weekly, both, '2026-03-18T00:00Z', '2026-03-20T00:00Z')).toEqual([
      'Vera 2026-03-18T00:00Z to 2026-03-19T00:00Z instead of Anna',
      'Boris 2026-03-19T00:00Z to 2026-03-19T12:00Z instead of Anna',
      'Vera 2026-03-19T12:00Z to 2026-03-20T00:00Z instead of Anna',
    ])
  })
})

describe('who is next', () => {
  it('is the next in the order', () => {
    expect(whoIsNext(weekly, [], ms('2026-03-17T00:00Z'))).toBe('Boris')
    expect(whoIsNext(weekly, [], ms('2026-04-01T00:00Z'))).toBe('Anna')
    expect(whoIsNext(weekly, [], ms('2026-01-01T00:00Z'))).toBe('Anna')
  })

  it('is nobody who has it already by standing in, and whoever stands in for the next', () => {
    const boris = over('Boris', '2026-03-16T08:00Z', '2026-03-23T08:00Z')
    expect(whoIsNext(weekly, [boris], ms('2026-03-17T00:00Z'))).toBe('Vera')
    const gleb = over('Gleb', '2026-03-23T08:00Z', '2026-03-30T07:00Z')
    expect(whoIsNext(weekly, [gleb], ms('2026-03-17T00:00Z'))).toBe('Gleb')
    // Whoever is stood in for takes it again.
    const lunch = over('Boris', '2026-03-17T11:00Z', '2026-03-17T12:00Z')
    expect(whoIsNext(weekly, [lunch], ms('2026-03-17T11:30Z'))).toBe('Anna')
  })

  it('is nobody where there is nobody else', () => {
    expect(whoIsNext({ ...weekly, people: ['Anna'] }, [], ms('2026-03-17T00:00Z'))).toBeNull()
    expect(whoIsNext({ ...weekly, people: ['Anna', 'Anna', 'Vera'] }, [], ms('2026-03-17T00:00Z'))).toBe(
      'Vera',
    )
  })
})

it.each(Array.from({ length: 40 }, (_, index) => index + 1))(
  'shifts touch, do not overlap, and say who has the watch at any moment (%i)',
  (seed) => {
    const random = createRandom(seed)
    const two = (value: number) => String(value).padStart(2, '0')
    const rota = Rota.parse({
      name: 'primary',
      people: ['Anna', 'Boris', 'Vera', 'Anna'].slice(0, random.whole(1, 5)),
      startsOn: `2026-${two(random.whole(1, 13))}-${two(random.whole(1, 29))}`,
      time: `${two(random.whole(0, 24))}:${two(random.whole(0, 60))}`,
      zone: random.one(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata']),
      shiftDays: random.one([1, 2, 7, 14]),
    })
    const begin = ms(`${rota.startsOn}T00:00Z`) + 2 * 86_400_000
    const end = begin + random.whole(20, 400) * 86_400_000
    const overrides = Array.from({ length: random.whole(0, 6) }, (_, index): Override => {
      const from = random.whole(begin, end)
      const to = from + random.whole(1, 10 * 86_400_000)
      return { id: `o${index}`, person: random.one(['Anna', 'Gleb']), from, to, by: 'Anna', note: null }
    })
    const shifts = shiftsBetween(rota, overrides, begin, end)
    expect(shifts[0]?.from).toBeLessThanOrEqual(begin)
    expect(shifts.at(-1)?.to).toBeGreaterThanOrEqual(end)
    shifts.forEach((one, index) => {
      expect(one.to).toBeGreaterThan(one.from)
      if (index > 0) expect(one.from).toBe(shifts[index - 1]?.to)
    })
    for (let look = 0; look < 50; look += 1) {
      const at = random.whole(begin, end)
      const now = whoHasTheWatch(rota, overrides, at)
      const shift = shifts.find((one) => one.from <= at && at < one.to)
      expect(now?.person).toBe(shift?.person)
      expect(now?.override).toBe(shift?.override)
      const said = overrides.findLast((one) => one.from <= at && at < one.to)
      if (said !== undefined) expect(now?.person).toBe(said.person)
      else expect(rota.people).toContain(now?.person)
    }
  },
)
