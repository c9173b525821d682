/** What of a profile exposes metrics beside its services, as services of which nothing else is known. */
import { scrapedService } from '#shared/model/profile/scrape.ts'
import type { ScrapeKind } from '../reach.ts'
import type { Reached } from '../reached.ts'
import type { ReadAnswer } from './leg.ts'

export function scrapedServices(
  profile: Pick<Reached, 'hosts' | 'expositions'>,
): { kind: ScrapeKind; service: ReturnType<typeof scrapedService> }[] {
  return [
    ...profile.hosts.flatMap(({ name, exporter }) =>
      exporter === undefined ? [] : [{ kind: 'host' as const, service: scrapedService(name, exporter) }],
    ),
    ...profile.expositions.map((exposition) => ({
      kind: 'exposition' as const,
      service: scrapedService(exposition.name, exposition),
    })),
  ]
}

const NODE = /^node_(?:exporter_build_info|uname_info|cpu_seconds_total)\b/m
const NODE_VERSION = /^node_exporter_build_info\{.*?\bversion="([^"]{1,40})"/m
const METRICS = /^# (?:TYPE|HELP) \S|^[A-Za-z_:][\w:]*(?:\{[^\n]*\})?[ \t]+[-+.\dNI]/m

/** Whether the beginning of an answer is that of metrics, and for a host of a node exporter's. */
export function metricsIn(kind: ScrapeKind): ReadAnswer {
  return ({ body }) => {
    const text = body.toString('latin1')
    if (kind === 'exposition') return METRICS.test(text) ? 'Prometheus' : null
    return NODE.test(text) ? `node_exporter ${NODE_VERSION.exec(text)?.[1] ?? ''}`.trim() : null
  }
}
