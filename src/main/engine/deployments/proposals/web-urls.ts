/** URLs of HTTP services: which part is the service, and which a path that says how it is. */
import { type NodeExporterFound, note, type ServiceFound, type Sketch } from './sketch.ts'

interface Named {
  /** `null`: named after its host. */
  readonly name: string | null
  readonly from: string
  readonly line: number | null
}

const LIVE = /\/(?:health|healthz|health_?check|livez?|liveness|alive|ping|status|up|_health|heartbeat)\/?$/i
const READY = /\/(?:ready|readyz|readiness)\/?$/i
const METRICS = /\/metrics\/?$/i
const DOCUMENTS = /\/(?:docs|redoc|openapi\.json|swagger(?:\/index\.html)?)\/?$/i

export function isWebUrl(text: string): boolean {
  return /^https?:\/\//i.test(text)
}

/** @returns `null` where it is no URL, which is noted */
export function readWebUrl(sketch: Sketch, text: string, { name, from, line }: Named): ServiceFound | null {
  if (!URL.canParse(text)) {
    note(sketch, 'look', 'url-unreadable', { from }, line)
    return null
  }
  const url = new URL(text)
  const { pathname, username, password } = url
  if (url.search !== '' || url.hash !== '') note(sketch, 'assumed', 'query-left-out', { from }, line)
  const told = healthPaths(pathname)
  const isBase = told === null && !DOCUMENTS.test(pathname)
  const base = isBase ? pathname.replace(/\/$/, '') : ''
  if (told === null) note(sketch, 'assumed', 'paths-assumed', { from }, line)
  const login = username === '' ? '' : decodeURIComponent(username)
  return {
    name: name ?? nameOf(url.hostname),
    url: `${url.protocol}//${url.host}${base}`,
    ...told,
    ...(login === '' ? {} : { basic: { user: login, password: { value: decode(password), line } } }),
    line,
  }
}

/** What a node exporter listens on, unless it was told otherwise (prometheus/prometheus wiki, default port allocations). */
const NODE_EXPORTER_PORT = '9100'

/** @returns the host that a URL by its port is the node exporter of; `null` where it is none */
export function readNodeExporter(text: string, line: number | null): NodeExporterFound | null {
  if (!URL.canParse(text)) return null
  const { protocol, host, hostname, port, pathname, search, username, password } = new URL(text)
  if (port !== NODE_EXPORTER_PORT || !/^\/(?:metrics\/?)?$/.test(pathname)) return null
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.includes(':')
  const login = { user: decode(username), password: { value: decode(password), line } }
  return {
    name: isAddress || hostname === 'localhost' ? 'host' : (hostname.split('.')[0] ?? 'host'),
    url: `${protocol}//${host}/metrics${search}`,
    ...(username === '' ? {} : { basic: login }),
  }
}

/** What a path tells of the paths that say how a service is; `null` where it is none of them. */
export function healthPaths(path: string): Pick<ServiceFound, 'live' | 'ready' | 'metrics'> | null {
  const clean = path.replace(/\/$/, '')
  if (METRICS.test(clean)) return { metrics: clean }
  if (READY.test(clean)) {
    const sibling = clean.replace(/\/[^/]+$/, '')
    // /health/ready has /health/live beside it; /ready has /health.
    return { live: LIVE.test(sibling) ? `${sibling}/live` : `${sibling}/health`, ready: clean }
  }
  if (!LIVE.test(clean)) return null
  const parent = clean.replace(/\/[^/]+$/, '')
  if (/\/live$/i.test(clean) && LIVE.test(parent)) return { live: clean, ready: `${parent}/ready` }
  if (/\/livez$/i.test(clean)) return { live: clean, ready: `${parent}/readyz` }
  return { live: clean, ready: null }
}

/** Labels that say which part of a system a host is, and not which system. */
const COMMON = new Set([
  'www',
  'api',
  'app',
  'web',
  'backend',
  'frontend',
  'prod',
  'production',
  'staging',
  'stage',
])

/** `shop` of `api.shop.example.com`; `api` of an address. */
export function nameOf(host: string): string {
  if (/^[\d.]+$/.test(host) || host.includes(':') || host === 'localhost') return 'api'
  const labels = host.split('.')
  return labels.find((label) => !COMMON.has(label)) ?? labels[0] ?? 'api'
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
