/** What figures of an operation are in words, alike on the screen and in a terminal. */
import type { i18n } from 'i18next'
import type { OperationPreview, OperationProgress } from '#shared/model/operation.ts'
import { duration, quantityText, took } from './quantity.ts'

/** What an operation, one of its steps or a backup has come to. One of a newer console stands as it is. */
export function stateWord(
  translator: i18n,
  of: 'operations.state' | 'operations.step' | 'backups.state',
  state: string,
): string {
  const key = `${of}-${state}`
  return translator.exists(key) ? translator.t(key as never) : state
}

type Facts = Pick<OperationPreview, 'databases' | 'connections' | 'services' | 'lastTookMs'> & {
  /** One that is refused takes no time. */
  readonly refusals: readonly unknown[]
}

/** What a preview knows besides its lines: databases, connections, who notices, how long it took. Each in a line; nothing of what is not known. */
export function factLines({ t, language }: i18n, preview: Facts): string[] {
  const { databases, connections, services, lastTookMs, refusals } = preview
  const { needed, free } = connections
  const lines: string[] = []
  if (databases.length > 0) {
    const names = databases.map(({ name, bytes }) =>
      bytes === null ? name : `${name} (${quantityText(language, t, bytes, 'bytes')})`,
    )
    lines.push(t('operations.databases', { names: names.join(', ') }))
  }
  if (needed > 0)
    lines.push(
      free === null
        ? t('operations.connections', { needed })
        : t('operations.connections-free', { needed, free }),
    )
  if (services.length > 0) lines.push(t('operations.services', { names: services.join(', ') }))
  if (lastTookMs !== null && refusals.length === 0)
    lines.push(t('operations.last-took', { duration: took(language, t, lastTookMs) }))
  return lines
}

type Far = Pick<OperationProgress, 'bytes' | 'totalBytes' | 'rate' | 'secondsLeft'>

/** How far the step is that runs: bytes, how fast, how long it takes still. `null`: nothing is known. */
export function progressText({ t, language }: i18n, progress: Far): string | null {
  const { bytes, totalBytes, rate, secondsLeft } = progress
  if (bytes === null) return null
  const done = quantityText(language, t, bytes, 'bytes')
  const parts = [
    totalBytes === null
      ? done
      : t('operations.of-bytes', {
          bytes: done,
          total: quantityText(language, t, totalBytes, 'bytes'),
        }),
  ]
  if (rate !== null) parts.push(quantityText(language, t, rate, 'bytes-per-second'))
  if (secondsLeft !== null)
    parts.push(t('operations.left', { duration: duration(language, t, secondsLeft * 1_000, true) }))
  return parts.join(' · ')
}
