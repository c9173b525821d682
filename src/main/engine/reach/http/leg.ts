/** Tests the way to an HTTP service: whether it answers as one, and takes who we are. */
import type { Service } from '#shared/model/profile/service.ts'
import { failed } from '../failed.ts'
import { QUESTION_TIMEOUT_MS, type TargetLeg } from '../walk.ts'
import { createHttpSession, httpPlace } from './session.ts'

const MAX_BYTES = 65_536

export function serviceLeg(service: Service): TargetLeg {
  const place = httpPlace(service)
  return {
    place,
    planned: [...(service.url.startsWith('https:') ? (['tls'] as const) : []), 'protocol', 'authentication'],
    async walk(context, onStep, signal) {
      const http = createHttpSession({ ...context, service, onChange() {}, onStep })
      try {
        const { status } = await http.session.get(service.live, {
          signal,
          timeoutMs: QUESTION_TIMEOUT_MS,
          maxBytes: MAX_BYTES,
        })
        const params = { host: new URL(service.url).host, path: service.live, status }
        if (status !== 401 && status !== 403 && status >= 400)
          throw failed(place, 'protocol', 'http-unhealthy', params)
        onStep('protocol', `HTTP ${status}`)
        if (status === 401 || status === 403)
          throw failed(place, 'authentication', 'http-not-admitted', params)
        onStep('authentication', service.token === undefined ? null : service.token)
        return []
      } finally {
        http.close()
      }
    },
  }
}
