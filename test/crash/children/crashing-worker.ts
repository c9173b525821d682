/**
 * The history's worker, that dies on an observation of the deployment `poison`, and on one of `mortal` the first time; one of
 * `endless` never ends the first time. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { WorkerRequest, WorkerSetting } from '../../../src/main/engine/metrics/worker-messages.ts'

const { dataDirectory } = workerData as WorkerSetting
// Listening before the worker does, so that it dies before it stores.
parentPort?.on('message', (request: WorkerRequest) => {
  if (request.call !== 'store') return
  const deployments = new Set(request.input.sightings.map(({ deployment }) => deployment))
  if (deployments.has('poison')) process.exit(3)
  const stuck = join(dataDirectory, 'stuck')
  if (deployments.has('endless') && !existsSync(stuck)) {
    writeFileSync(stuck, '')
    for (;;);
  }
  const died = join(dataDirectory, 'died')
  if (deployments.has('mortal') && !existsSync(died)) {
    writeFileSync(died, '')
    process.exit(3)
  }
})

await import('../../../src/main/engine/metrics/worker.ts')
