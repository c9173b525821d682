import { describe, expect, it } from 'vitest'
import {
  bucketGrowth,
  bucketQuantile,
  sumOfBuckets,
} from '../../../../../../src/main/engine/probes/traffic/buckets.ts'
import { classify } from '../../../../../../src/main/engine/probes/traffic/families.ts'
import {
  advance,
  type Processes,
  trafficOf,
} from '../../../../../../src/main/engine/probes/traffic/intervals.ts'
import { takeSnapshot } from '../../../../../../src/main/engine/probes/traffic/snapshot.ts'

const snap = (text: string) => takeSnapshot(Buffer.from(text)).snapshot

describe('an exposition', () => {
  it.each([
    [
      'plain counters',
      'http_requests_total{method="GET",status="200"} 7\nhttp_requests_total{status="502"} 3 1700000000000\n',
      10,
      3,
    ],
    [
      'classes of statuses',
      'http_requests_total{status="2xx"} 7\nhttp_requests_total{status="5xx"} 3\n',
      10,
      3,
    ],
    [
      'labels with braces, quotes and spaces',
      'http_requests_total{path="/a{b}\\"c,status=\\"500 ",code="500"} 2\n',
      2,
      2,
    ],
    ['a name of its own before it', 'shop_http_requests_total{code="200"} 4\n', 4, 0],
    [
      'Starlette, whose answers carry the status',
      'starlette_requests_total{method="GET"} 9\nstarlette_responses_total{status_code="500"} 2\nstarlette_responses_total{status_code="200"} 7\n',
      9,
      2,
    ],
    [
      'Micrometer',
      'http_server_requests_seconds_count{status="200"} 5\nhttp_server_requests_seconds_count{status="503"} 1\nhttp_server_requests_seconds_sum{status="200"} 1\n',
      6,
      1,
    ],
    [
      'OpenTelemetry',
      'http_server_request_duration_seconds_count{http_response_status_code="200"} 5\n',
      5,
      0,
    ],
    ['no status anywhere', 'http_requests_total{method="GET"} 5\n', 5, null],
    [
      'counters that have counted nothing yet',
      '# HELP http_requests_total x\n# TYPE http_requests_total counter\n',
      0,
      0,
    ],
    ['OpenMetrics', '# TYPE http_requests counter\nhttp_requests_total{status="500"} 1.5e1\n# EOF\n', 15, 15],
    ['Windows line ends and tabs', 'http_requests_total{status="200"}\t3\r\n', 3, 0],
    ['a last line without an end', 'http_requests_total{status="200"} 3', 3, 0],
  ])('with %s', (_, text, requests, errors) => {
    const taken = snap(text)
    expect(taken.requests?.total ?? null).toBe(requests)
    expect(taken.errors?.total ?? null).toBe(errors)
  })

  it.each([
    'http_requests_total NaN\n',
    'http_requests_total{unterminated="x\n',
    'http_requests_total\n',
    '\u0000\u0001\u0002',
    '# TYPE\n#\n\n\n',
    '{"json": true}',
  ])('survives %j', (text) => {
    expect(snap(text).requests?.total ?? 0).toBe(0)
  })

  it('does not count one request twice where it is counted under two names', () => {
    const taken = snap('http_requests_total{status="200"} 10\nstarlette_requests_total{path="/"} 10\n')
    expect(taken.requests).toEqual({ from: 'http_requests_total', total: 10 })
  })

  it('reads milliseconds as such and seconds as thousands of them', () => {
    expect(snap('http_request_duration_ms_sum 500\nhttp_request_duration_ms_count 5\n').duration?.sumMs).toBe(
      500,
    )
    expect(
      snap('http_request_duration_seconds_sum 0.5\nhttp_request_duration_seconds_count 5\n').duration?.sumMs,
    ).toBe(500)
  })

  it('stays small whatever the cardinality', () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, n) =>
        `made_up_${n}{x="${n}"} 1\nhttp_requests_total{p="${n}",status="200"} 1\nhttp_request_duration_seconds_bucket{le="${n}"} 1\n`,
    )
    const { snapshot, samples } = takeSnapshot(Buffer.from(lines.join('')))
    expect(samples).toBe(300_000)
    expect(snapshot.requests?.total).toBe(100_000)
    expect(snapshot.duration?.buckets.bounds.length).toBeLessThanOrEqual(200)
  })

  it('leaves other names alone', () => {
    expect(
      ['process_cpu_seconds_total', 'go_gc_duration_seconds_sum', 'redis_requests_total_x'].map(classify),
    ).toEqual([...[null, null, null]])
  })
})

describe('a quantile of buckets', () => {
  const inf = Number.POSITIVE_INFINITY
  it.each([
    [
      'interpolates within its bucket',
      [
        [1, 50],
        [2, 100],
        [inf, 100],
      ],
      1.9,
    ],
    [
      'starts the lowest bucket at zero',
      [
        [1, 100],
        [2, 100],
        [inf, 100],
      ],
      0.95,
    ],
    [
      'answers the highest bound for what lies beyond it',
      [
        [1, 10],
        [2, 20],
        [inf, 100],
      ],
      2,
    ],
    [
      'is not known without observations',
      [
        [1, 0],
        [inf, 0],
      ],
      null,
    ],
    [
      'is not known without the infinite bucket',
      [
        [1, 5],
        [2, 10],
      ],
      null,
    ],
    ['is not known of one bucket', [[inf, 10]], null],
    [
      'evens out counts that fall',
      [
        [1, 50],
        [2, 49],
        [3, 100],
        [inf, 100],
      ],
      2.9,
    ],
  ])('%s', (_, buckets, expected) => {
    const quantile = bucketQuantile(0.95, {
      bounds: buckets.map(([bound = 0]) => bound),
      counts: buckets.map(([, count = 0]) => count),
    })
    if (expected === null) expect(quantile).toBeNull()
    else expect(quantile).toBeCloseTo(expected, 5)
  })
})

describe('buckets', () => {
  const inf = Number.POSITIVE_INFINITY
  const few = { bounds: [1, inf], counts: [3, 4] }
  const more = { bounds: [0.5, 1, inf], counts: [1, 5, 9] }

  it('grow by bound, also where bounds were added, and never fall', () => {
    expect(bucketGrowth(few, more)).toEqual({ bounds: [0.5, 1, inf], counts: [1, 2, 5] })
    expect(bucketGrowth(more, few)).toEqual({ bounds: [1, inf], counts: [0, 0] })
  })

  it('add up by bound, whatever bounds each has', () => {
    expect(sumOfBuckets([few, few, few])).toEqual({ bounds: [1, inf], counts: [9, 12] })
    expect(sumOfBuckets([few, more])).toEqual({ bounds: [0.5, 1, inf], counts: [1, 8, 13] })
    expect(sumOfBuckets([])).toEqual({ bounds: [], counts: [] })
  })

  it('are told in the order of their bounds, however they come, and under however many spellings', () => {
    const bucket = (le: string, count: number) =>
      `http_request_duration_ms_bucket{path="/a",le="${le}"} ${count}\n`
    const text = [bucket('+Inf', 9), bucket('5', 2), bucket('2.50', 1), bucket('5.0', 3), bucket('x', 7)]
    const { duration, paths } = snap(`${text.join('')}http_request_duration_ms_count{path="/a"} 9\n`)
    const ordered = { bounds: [2.5, 5, inf], counts: [1, 5, 9] }
    expect(duration?.buckets).toEqual(ordered)
    expect(paths?.counts.get('/a')?.buckets).toEqual(ordered)
  })
})

describe('intervals', () => {
  const scrape = (total: number, start = 1, errors = 0) =>
    snap(
      `process_start_time_seconds ${start}\nhttp_requests_total{status="200"} ${total}\nhttp_requests_total{status="500"} ${errors}\n`,
    )
  const walk = (most: number, ...scrapes: [number, ReturnType<typeof scrape>][]) => {
    let processes: Processes = new Map()
    return scrapes.map(([at, taken]) => {
      processes = advance(processes, taken, at, most).processes
      return trafficOf(processes, at).requestsPerSecond
    })
  }

  it('knows nothing at first, a rate afterwards, and nothing across a restart', () => {
    expect(
      walk(1, [0, scrape(100)], [5_000, scrape(150)], [10_000, scrape(3, 2)], [15_000, scrape(8, 2)]),
    ).toEqual([...[null, 10, null, 1]])
  })

  it('knows nothing of an interval whose counter fell without a word of a restart', () => {
    expect(walk(1, [0, scrape(100)], [5_000, scrape(3)], [10_000, scrape(13)])).toEqual([null, null, 2])
  })

  it('adds up the processes behind one address', () => {
    expect(
      walk(
        2,
        [0, scrape(0, 1)],
        [5_000, scrape(1000, 2)],
        [10_000, scrape(100, 1)],
        [15_000, scrape(1050, 2)],
      ),
    ).toEqual([null, null, 10, 15])
  })

  it('gives no duration of no requests', () => {
    const timed = (count: number) =>
      snap(`http_request_duration_seconds_sum ${count}\nhttp_request_duration_seconds_count ${count}\n`)
    const { processes } = advance(advance(new Map(), timed(5), 0, 1).processes, timed(5), 5_000, 1)
    expect(trafficOf(processes, 5_000)).toMatchObject({ requestsPerSecond: 0, meanMs: null, p95Ms: null })
  })
})
