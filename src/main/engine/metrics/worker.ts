/** The history's worker thread: answers calls from `create-history.ts`, one after the other. Wiring only. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { StoreError } from '../store/store.ts'
import { type Archive, openArchive } from './archive.ts'
import { createRanges } from './ranges.ts'
import { createUpkeep } from './upkeep.ts'
import type { WorkerFailure, WorkerReply, WorkerRequest, WorkerSetting } from './worker-messages.ts'

/** Of one turn of upkeep: what waits behind it waits for so long at most. */
const UPKEEP_MS = 40

if (parentPort !== null) serve(parentPort, workerData as WorkerSetting)

function serve(port: MessagePort, { dataDirectory, retention }: WorkerSetting): void {
  const say = (reply: WorkerReply) => port.postMessage(reply)
  let archive: Archive
  try {
    archive = openArchive({ dataDirectory, onDamage: (message) => say({ kind: 'damage', message }) })
  } catch (error) {
    say({ kind: 'refused', failure: failureOf(error) })
    port.close()
    return
  }
  const ranges = createRanges({ archive, retention })
  const upkeep = createUpkeep({ archive, retention })

  port.on('message', (request: WorkerRequest) => {
    try {
      say({ kind: 'answer', id: request.id, output: answer(request) })
    } catch (error) {
      say({ kind: 'failure', id: request.id, failure: failureOf(error) })
    }
    if (request.call === 'close') port.close()
  })
  say({ kind: 'ready' })

  function answer(request: WorkerRequest) {
    switch (request.call) {
      case 'store':
        archive.store(request.input.sightings)
        return null
      case 'upkeep':
        return upkeep.turn({
          now: request.input.now,
          budgetMs: UPKEEP_MS,
          monotonic: () => performance.now(),
        })
      case 'range':
        return ranges.range(request.input.query, request.input.now)
      case 'statuses': {
        const { deployment, from, to, now } = request.input
        return ranges.statuses(deployment, from, to, now)
      }
      case 'lastHour':
        return ranges.lastHour(request.input.deployment, request.input.now)
      case 'size':
        return archive.size()
      case 'close':
        archive.close()
        return null
    }
  }
}

function failureOf(error: unknown): WorkerFailure {
  return {
    message: error instanceof Error ? error.message : String(error),
    code: error instanceof StoreError ? error.code : null,
  }
}
