import { execFileSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import type { VerifyJob } from '../../../../../src/main/engine/backups/worker/messages.ts'
import { createRunJob } from '../../../../../src/main/engine/backups/worker/run-job.ts'
import { Cancelled } from '../../../../../src/main/engine/backups/worker/told.ts'

/** A thread that waits in the kernel, as for a disk that hangs: nothing ends it before somebody writes to the pipe. */
const HANGS = `
  import { openSync } from 'node:fs'
  import { parentPort, workerData } from 'node:worker_threads'
  parentPort.postMessage({ kind: 'progress', bytes: 1 })
  openSync(workerData.job.store.directory, 'r')`

it.runIf(process.platform !== 'win32')('gives a thread up that a disk holds', async () => {
  const home = createTemporaryDirectory('run-job')
  const pipe = join(home.path, 'pipe')
  execFileSync('mkfifo', [pipe])
  const runJob = createRunJob({
    ...{ worker: new URL(`data:text/javascript,${encodeURIComponent(HANGS)}`), console: 'us' },
    ...{ resolveSecret: null as never, keys: null as never, hostKeys: null as never, endsWithinMs: 20 },
  })
  const ending = new AbortController()
  const job = { kind: 'verify', store: { kind: 'local', directory: pipe } } as VerifyJob
  try {
    const running = runJob(job, { signal: ending.signal, onProgress: () => ending.abort() })
    await expect(running).rejects.toBeInstanceOf(Cancelled)
  } finally {
    closeSync(openSync(pipe, 'r+'))
    await home.remove()
  }
})
