/** Entry of a service process: it takes its settings and its faults from the demo, and ends with it. */
import { type Service, startService } from './service.ts'
import type { FromService, ToService } from './settings.ts'

let service: Service | null = null
let stopping = false

function tell(message: FromService): void {
  if (process.connected) process.send?.(message)
}

async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  await service?.stop().catch(() => {})
  process.exit(0)
}

async function take(message: ToService): Promise<void> {
  try {
    if (message.kind === 'start') {
      service = await startService(message.settings)
      tell({ kind: 'started' })
    } else {
      await service?.faults.set(message.fault, message.on)
      tell({ kind: 'fault-set' })
    }
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
}

process.on('message', (message) => void take(message as ToService))
process.on('disconnect', () => void stop())
process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
