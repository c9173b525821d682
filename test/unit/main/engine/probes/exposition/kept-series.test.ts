import { describe, expect, it } from 'vitest'
import { MOST_GROUPS, readKept } from '../../../../../../src/main/engine/probes/exposition/kept-series.ts'
import { KeptMetric } from '../../../../../../src/shared/model/profile/exposition.ts'

const TEXT = `# HELP queue_depth Messages that wait.
# TYPE queue_depth gauge
queue_depth{queue="mail",host="a"} 3
queue_depth{queue="mail",host="b"} 5
queue_depth{queue="sms",host="a"} 1
queue_depth{host="a"} 7
# TYPE jobs_total counter
jobs_total{state="ok"} 100
jobs_total{state="failed"} 4
# TYPE wait_seconds histogram
wait_seconds_bucket{le="1"} 8
wait_seconds_bucket{le="+Inf"} 9
wait_seconds_sum 12.5
wait_seconds_count 9
plain_total 5
plain 6
# TYPE odd_total gauge
odd_total 2
bad NaN
`

const read = (kept: unknown, text = TEXT) => {
  const { series, samples } = readKept(Buffer.from(text), [KeptMetric.parse(kept)])
  const [one] = series
  if (one === undefined) throw new Error('each metric that is kept is told of')
  return { ...one, groups: Object.fromEntries(one.groups), samples }
}

describe('what is kept of an exposition', () => {
  it.each([
    ['all series as one', { metric: 'queue_depth' }, { '': 16 }],
    ['by a label', { metric: 'queue_depth', by: ['queue'] }, { mail: 8, sms: 1, '–': 7 }],
    [
      'by several',
      { metric: 'queue_depth', by: ['host', 'queue'] },
      { 'host=a queue=mail': 3, 'host=b queue=mail': 5, 'host=a queue=sms': 1, 'host=a queue=–': 7 },
    ],
    ['the largest', { metric: 'queue_depth', by: ['queue'], fold: 'max' }, { mail: 5, sms: 1, '–': 7 }],
    ['the smallest', { metric: 'queue_depth', fold: 'min' }, { '': 1 }],
    ['only some', { metric: 'queue_depth', where: { host: 'a', queue: 'mail' } }, { '': 3 }],
    ['without a label', { metric: 'queue_depth', where: { queue: '' } }, { '': 7 }],
    ['none that fit', { metric: 'queue_depth', where: { host: 'c' } }, {}],
    ['a part of a histogram', { metric: 'wait_seconds_bucket', by: ['le'] }, { '1': 8, '+Inf': 9 }],
  ])('is %s', (_, kept, groups) => {
    expect(read(kept).groups).toEqual(groups)
    expect(read(kept).isThere).toBe(true)
  })

  it.each([
    ['jobs_total', true],
    ['wait_seconds_count', true],
    ['wait_seconds_sum', true],
    ['plain_total', true],
    ['plain', false],
    ['queue_depth', false],
    // Its type says what it is, whatever its name.
    ['odd_total', false],
  ])('knows whether %s counts', (metric, isCounter) => {
    expect(read({ metric }).isCounter).toBe(isCounter)
  })

  it('knows what is not there from what has no series yet', () => {
    expect(read({ metric: 'nowhere' }).isThere).toBe(false)
    // `NaN` is how an exposition says that it does not know.
    expect(read({ metric: 'bad' })).toMatchObject({ isThere: false, groups: {} })
    expect(read({ metric: 'errors_total' }, '# TYPE errors_total counter\n')).toMatchObject({
      isThere: true,
      groups: {},
    })
  })

  it('reads OpenMetrics: types without the ending, exemplars, the time of creation', () => {
    const text = `# TYPE jobs counter
# UNIT jobs seconds
jobs_total{state="ok"} 17 # {trace_id="KOO5S4vxi0o"} 0.67 1520879607.789
jobs_created{state="ok"} 1.6e9
# EOF
`
    expect(read({ metric: 'jobs_total' }, text)).toMatchObject({ isCounter: true, groups: { '': 17 } })
  })

  it('is bounded, whatever the cardinality, and says how much was cut', () => {
    const text = Array.from({ length: MOST_GROUPS + 500 }, (_, user) => `hits{user="${user}"} 1`).join('\n')
    const { groups, cut, samples } = read({ metric: 'hits', by: ['user'] }, text)
    expect(Object.keys(groups)).toHaveLength(MOST_GROUPS)
    expect([cut, samples]).toEqual([500, MOST_GROUPS + 500])
  })

  it.each(['', '<html>no</html>', '{"a": 1}\n'])('finds no sample in what is no exposition: %j', (text) => {
    expect(read({ metric: 'a' }, text).samples).toBe(0)
  })
})
