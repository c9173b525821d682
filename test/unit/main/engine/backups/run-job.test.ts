import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import type { MakeJob, VerifyJob } from '../../../../../src/main/engine/backups/worker/messages.ts'
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

const temporary = new URL('../../../../../src/main/engine/backups/temporary.ts', import.meta.url)

/** A thread that has staged, and does not hear that it is to end. */
const STAGES = `
  import { writeFileSync } from 'node:fs'
  import { join } from 'node:path'
  import { parentPort, workerData } from 'node:worker_threads'
  const { makeTemporary } = await import(${JSON.stringify(temporary)})
  const stage = await makeTemporary('stage', workerData.job.staging.directory)
  for (let file = 0; file < 2_000; file += 1) writeFileSync(join(stage, file + '.dat'), 'in clear')
  parentPort.on('message', () => {})
  parentPort.postMessage({ kind: 'progress', bytes: 1 })`

it('removes what a thread has staged that had to be ended', async () => {
  const home = createTemporaryDirectory('run-job')
  onTestFinished(() => home.remove())
  const directory = join(home.path, 'staging')
  mkdirSync(directory)
  const runJob = createRunJob({
    ...{ worker: new URL(`data:text/javascript,${encodeURIComponent(STAGES)}`), console: 'us' },
    ...{ resolveSecret: null as never, keys: null as never, hostKeys: null as never, endsWithinMs: 2_000 },
  })
  const ending = new AbortController()
  const store = { kind: 'local', directory: join(home.path, 'kept') }
  const job = { kind: 'make', store, staging: { directory, jobs: 2 } } as MakeJob
  let staged: string[] = []
  const running = runJob(job, {
    signal: ending.signal,
    onProgress() {
      staged = readdirSync(directory)
      ending.abort()
    },
  })
  await expect(running).rejects.toBeInstanceOf(Cancelled)
  expect(staged).toHaveLength(1)
  expect(readdirSync(directory)).toEqual([])
})

/** A thread that says which disk does not answer, and is held by it. */
const IS_STUCK = `
  import { openSync } from 'node:fs'
  import { parentPort, workerData } from 'node:worker_threads'
  const { staging, stuck } = workerData.job
  const failure = { code: 'staging-stuck', params: { directory: staging.directory, seconds: 5 } }
  parentPort.postMessage({ kind: 'failed', told: { kind: 'backup', failure }, stuck: staging.directory })
  setTimeout(() => openSync(staging.directory, 'r'))`

it.runIf(process.platform !== 'win32')(
  'begins nothing more where a disk holds a thread, and says which disk that is',
  async () => {
    const home = createTemporaryDirectory('run-job')
    const pipe = join(home.path, 'pipe')
    execFileSync('mkfifo', [pipe])
    const runJob = createRunJob({
      ...{ worker: new URL(`data:text/javascript,${encodeURIComponent(IS_STUCK)}`), console: 'us' },
      ...{ resolveSecret: null as never, keys: null as never, hostKeys: null as never, endsWithinMs: 20 },
    })
    const limits = { signal: new AbortController().signal, onProgress() {} }
    const run = (kind: 'make' | 'restore', directory: string) =>
      runJob(
        {
          ...{ kind, store: { kind: 'local', directory: join(home.path, 'kept') } },
          staging: { directory, jobs: 2 },
        } as MakeJob,
        limits,
      ).catch((error: { failure?: unknown }) => error.failure)
    try {
      expect(await run('make', pipe)).toMatchObject({ code: 'staging-stuck' })
      const silent = { code: 'store-silent', params: { place: pipe } }
      expect(await run('restore', pipe)).toEqual(silent)
      expect(await run('make', pipe)).toEqual(silent)
      // The place of its backups is none the worse.
      const elsewhere = join(home.path, 'elsewhere')
      expect(await run('make', elsewhere)).toMatchObject({ code: 'staging-stuck' })
    } finally {
      closeSync(openSync(pipe, 'r+'))
      await home.remove()
    }
  },
)
