/** Counts requests and their durations, and writes them in Prometheus' text format 0.0.4. */

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export interface RequestMetrics {
  /** @param path the route, not the address: `/orders/:id` */
  count(request: { method: string; path: string; status: number; seconds: number }): void
  exposition(gauges: Readonly<Record<string, { help: string; value: number }>>): string
  totals(): { requests: number; errors: number; seconds: number }
}

interface Histogram {
  readonly buckets: number[]
  sum: number
  count: number
}

export function createRequestMetrics(): RequestMetrics {
  const requests = new Map<string, number>()
  const durations = new Map<string, Histogram>()
  const totals = { requests: 0, errors: 0, seconds: 0 }

  return {
    totals: () => ({ ...totals }),
    count({ method, path, status, seconds }) {
      totals.requests += 1
      totals.seconds += seconds
      if (status >= 500) totals.errors += 1
      const request = `method="${method}",path="${path}",status="${status}"`
      requests.set(request, (requests.get(request) ?? 0) + 1)
      const route = `method="${method}",path="${path}"`
      const histogram = durations.get(route) ?? { buckets: BUCKETS_SECONDS.map(() => 0), sum: 0, count: 0 }
      durations.set(route, histogram)
      histogram.sum += seconds
      histogram.count += 1
      BUCKETS_SECONDS.forEach((bound, index) => {
        if (seconds <= bound) histogram.buckets[index] = (histogram.buckets[index] ?? 0) + 1
      })
    },
    exposition(gauges) {
      const lines = ['# HELP http_requests_total Requests served.', '# TYPE http_requests_total counter']
      for (const [labels, count] of requests) lines.push(`http_requests_total{${labels}} ${count}`)
      lines.push('# HELP http_request_duration_seconds Time to serve a request.')
      lines.push('# TYPE http_request_duration_seconds histogram')
      for (const [labels, { buckets, sum, count }] of durations) {
        const name = 'http_request_duration_seconds'
        BUCKETS_SECONDS.forEach((bound, index) => {
          lines.push(`${name}_bucket{${labels},le="${bound}"} ${buckets[index]}`)
        })
        lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`)
        lines.push(`${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${count}`)
      }
      for (const [name, { help, value }] of Object.entries(gauges)) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`)
      }
      return `${lines.join('\n')}\n`
    },
  }
}
