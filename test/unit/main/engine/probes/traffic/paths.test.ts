import { describe, expect, it } from 'vitest'
import { advance, type Processes } from '../../../../../../src/main/engine/probes/traffic/intervals.ts'
import {
  MOST_PATHS,
  NAMED_PATHS,
  type PathGrowth,
  type PathTraffic,
  pathTraffic,
  pathValues,
  slidePaths,
  slowestOver,
} from '../../../../../../src/main/engine/probes/traffic/paths.ts'
import { takeSnapshot } from '../../../../../../src/main/engine/probes/traffic/snapshot.ts'

const snap = (text: string) => takeSnapshot(Buffer.from(text)).snapshot
const countsOf = (text: string) => Object.fromEntries(snap(text).paths?.counts ?? [])

/** Paths after scrapes of one address, each at its time. */
function walk(...scrapes: [at: number, text: string][]): PathTraffic[][] {
  let processes: Processes = new Map()
  let window: PathGrowth[] = []
  return scrapes.map(([at, text]) => {
    const next = advance(processes, snap(text), at, 2)
    processes = next.processes
    window = slidePaths(window, next.paths, at)
    return pathTraffic(window, at)
  })
}

const traffic = (path: string, over: Partial<PathTraffic> = {}): PathTraffic => ({
  path,
  requests: 100,
  requestsPerSecond: 1,
  errorsPerMinute: 0,
  meanMs: 10,
  p95Ms: null,
  ...over,
})

describe('what an exposition says of paths', () => {
  it.each(['path', 'route', 'handler', 'endpoint', 'http_route', 'uri'])(
    'is read from the label %s',
    (label) => {
      expect(countsOf(`http_requests_total{${label}="/a",status="200"} 7\n`)).toMatchObject({
        '/a': { requests: 7 },
      })
    },
  )

  it('adds methods and statuses up, and reads times from the family that tells paths', () => {
    const text = [
      'http_requests_total{handler="/a",method="GET",status="2xx"} 7',
      'http_requests_total{handler="/a",method="POST",status="5xx"} 2',
      'http_requests_total{handler="none",status="4xx"} 90',
      // The finest buckets of the FastAPI instrumentator have no path.
      'http_request_duration_highr_seconds_count 99',
      'http_request_duration_seconds_bucket{handler="/a",le="0.5"} 8',
      'http_request_duration_seconds_bucket{handler="/a",le="+Inf"} 9',
      'http_request_duration_seconds_sum{handler="/a"} 4.5',
      'http_request_duration_seconds_count{handler="/a"} 9',
    ].join('\n')
    expect(countsOf(text)).toEqual({
      '/a': {
        requests: 9,
        errors: 2,
        sumMs: 4_500,
        timed: 9,
        buckets: { bounds: [500, Number.POSITIVE_INFINITY], counts: [8, 9] },
      },
    })
  })

  it('is nothing where no label holds a path', () => {
    expect(snap('http_requests_total{method="GET",status="200"} 7\n').paths).toBeNull()
  })

  it('stays small whatever an application makes up, and the totals stay whole', () => {
    const lines = Array.from(
      { length: 50_000 },
      (_, n) => `http_requests_total{path="/${n}",status="500"} 1\n`,
    )
    const { paths, requests, errors } = snap(lines.join(''))
    expect(paths?.counts.size).toBe(MOST_PATHS)
    expect(paths?.cut).toBe(true)
    expect([requests?.total, errors?.total]).toEqual([50_000, 50_000])
  })
})

describe('paths over the last minute', () => {
  const scrape = (a: number, b: number, start = 1) =>
    `process_start_time_seconds ${start}\nhttp_requests_total{path="/a",status="200"} ${a}\nhttp_requests_total{path="/b",status="500"} ${b}\n`

  it('are known from the second scrape on; those that did nothing are left out', () => {
    const [first, second] = walk([0, scrape(100, 5)], [5_000, scrape(150, 5)])
    expect(first).toEqual([])
    expect(second).toMatchObject([{ path: '/a', requests: 50, requestsPerSecond: 10, errorsPerMinute: 0 }])
  })

  it('count a path that is new with all that it counted', () => {
    const [, second] = walk(
      [0, 'process_start_time_seconds 1\nhttp_requests_total{path="/a",status="200"} 1\n'],
      [5_000, scrape(1, 10)],
    )
    expect(second).toMatchObject([{ path: '/b', requestsPerSecond: 2, errorsPerMinute: 120 }])
  })

  it('do not take a restart for traffic, nor a path for new that had no place before', () => {
    expect(walk([0, scrape(100, 0)], [5_000, scrape(90, 0, 2)])[1]).toEqual([])
    const crowd = Array.from({ length: MOST_PATHS }, (_, n) => `http_requests_total{path="/${n}"} 1\n`).join(
      '',
    )
    const late = 'http_requests_total{path="/late"} 1000\n'
    expect(walk([0, crowd + late], [5_000, late + crowd])[1]).toEqual([])
  })

  it('forget what is a minute old', () => {
    const all = walk(
      [0, scrape(0, 0)],
      [5_000, scrape(600, 0)],
      [30_000, scrape(600, 0)],
      [66_000, scrape(600, 30)],
    )
    expect(all[2]).toMatchObject([{ path: '/a', requestsPerSecond: 20 }])
    expect(all[3]).toMatchObject([{ path: '/b' }])
    expect(all[3]).toHaveLength(1)
  })

  it('add up the processes behind one address', () => {
    const all = walk(
      [0, scrape(0, 0, 1)],
      [5_000, scrape(1000, 0, 2)],
      [10_000, scrape(100, 0, 1)],
      [15_000, scrape(1100, 0, 2)],
    )
    expect(all[3]).toMatchObject([{ path: '/a', requests: 200 }])
  })
})

describe('the values of paths', () => {
  it('name the busiest, those that fail and the slowest, 20 in all, and sum the rest', () => {
    const paths = [
      ...Array.from({ length: 100 }, (_, n) => traffic(`/p${n}`, { requestsPerSecond: 100 - n })),
      traffic('/fails', { requestsPerSecond: 0.1, errorsPerMinute: 6 }),
      traffic('/slow', { requestsPerSecond: 0.2, meanMs: 9_000 }),
    ]
    const values = pathValues(paths)
    const named = Object.keys(values).filter((name) => name.startsWith('http_path_requests_per_second{'))
    expect(named).toHaveLength(NAMED_PATHS + 1)
    expect(values).toMatchObject({
      'http_path_requests_per_second{path="/p0"}': 100,
      'http_path_errors_per_minute{path="/fails"}': 6,
      'http_path_duration_ms{path="/slow"}': 9_000,
    })
    const total = named.reduce((sum, name) => sum + (values[name] ?? 0), 0)
    expect(total).toBeCloseTo(5_050.3, 6)
    expect(values).not.toHaveProperty(['http_path_duration_ms{path="other"}'])
  })

  it('say nothing of what nobody tells', () => {
    expect(pathValues([])).toEqual({})
    expect(Object.keys(pathValues([traffic('/a', { errorsPerMinute: null, meanMs: null })]))).toEqual([
      'http_path_requests_per_second{path="/a"}',
    ])
  })
})

describe('the slowest path', () => {
  const limits = { meanMs: 5_000, p95Ms: 5_000 }
  it.each([
    ['is none within the limits', [traffic('/a', { meanMs: 5_000, p95Ms: 5_000 })], null],
    ['goes by the mean first', [traffic('/a', { p95Ms: 9_000 }), traffic('/b', { meanMs: 6_000 })], '/b'],
    ['goes by the 95th percentile too', [traffic('/a', { p95Ms: 9_000 }), traffic('/b')], '/a'],
    ['is no single request', [traffic('/a', { meanMs: 60_000, requests: 4 })], null],
    ['is the slowest of several', [traffic('/a', { meanMs: 6_000 }), traffic('/b', { meanMs: 7_000 })], '/b'],
  ])('%s', (_, paths, expected) => {
    expect(slowestOver(paths, 5, limits)?.path ?? null).toBe(expected)
  })

  it('is none where the profile sets no limit', () => {
    expect(
      slowestOver([traffic('/a', { meanMs: 1e6 })], 1, { meanMs: undefined, p95Ms: undefined }),
    ).toBeNull()
  })
})
