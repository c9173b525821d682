/**
 * What the service logs: JSON, a line each, as structlog and pino write it. An error keeps its stack; what the database was
 * asked stays out of it.
 */
import { writeSync } from 'node:fs'

type Level = 'debug' | 'info' | 'warning' | 'error'

export interface ServiceLog {
  write(level: Level, event: string, fields?: Readonly<Record<string, unknown>>): void
  failed(event: string, error: unknown, fields?: Readonly<Record<string, unknown>>): void
}

export function createServiceLog(settings: { readonly name: string; readonly version: string }): ServiceLog {
  const { name, version } = settings
  const write: ServiceLog['write'] = (level, event, fields = {}) => {
    const line = {
      timestamp: new Date().toISOString(),
      level,
      logger: `${name}.api`,
      event,
      version,
      ...fields,
    }
    try {
      writeSync(1, `${JSON.stringify(line)}\n`)
    } catch {
      // A full disk, or nobody who reads: the service serves on.
    }
  }
  return {
    write,
    failed(event, error, fields = {}) {
      const stack = error instanceof Error ? error.stack : undefined
      write('error', event, {
        ...fields,
        error_type: error instanceof Error ? error.name : typeof error,
        stack,
      })
    },
  }
}
