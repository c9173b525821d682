/** From the outbox into the queue: in order, once, from wherever it was left off. */
import type { Notification } from '#shared/model/notification.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Outbox } from '../record/outbox.ts'
import type { DeliveryStore, Taken } from './delivery-store.ts'

export type Receiver = Taken['receivers'][number]

export interface IntakeDependencies {
  readonly outbox: Outbox
  readonly deliveries: DeliveryStore
  /** Which channels a notification is for. */
  readonly receivers: (notification: Notification) => readonly Receiver[]
  /** Called once something new is in the queue. */
  readonly onTaken: () => void
  readonly clock: Clock
  readonly log: Log
}

export interface Intake {
  wake(): void
  stop(): Promise<void>
}

const BATCH = 100
const AGAIN_AFTER_MS = 5_000

export function createIntake(dependencies: IntakeDependencies): Intake {
  const { outbox, deliveries, receivers, onTaken, clock, log } = dependencies
  let reading: Promise<void> | null = null
  let again = false
  let isStopped = false
  let cancel = () => {}

  function wake(): void {
    if (isStopped) return
    if (reading !== null) {
      again = true
      return
    }
    cancel()
    reading = read()
      .catch((error: unknown) => {
        log.error({ err: error }, 'what was decided could not be put into the queue; it is tried again')
        cancel = clock.after(AGAIN_AFTER_MS, wake)
      })
      .finally(() => {
        reading = null
        if (!again) return
        again = false
        wake()
      })
  }

  async function read(): Promise<void> {
    for (let more = true; more && !isStopped; ) {
      const entries = await outbox.after(await deliveries.position(), BATCH)
      await deliveries.take(entries.map((entry) => ({ ...entry, receivers: receivers(entry.notification) })))
      more = entries.length === BATCH
      if (entries.length > 0) onTaken()
    }
  }

  return {
    wake,
    async stop() {
      isStopped = true
      cancel()
      await reading
    },
  }
}
