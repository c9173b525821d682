/** The thread of one backup: does its job, and ends. Wiring only. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../clock.ts'
import { drill } from '../drill.ts'
import { createTools } from '../postgres/tools.ts'
import { staged } from '../staging/stage.ts'
import { createLocalStore } from '../stores/local/index.ts'
import { stuckAt } from '../unless-stuck.ts'
import { createAsking } from './asking.ts'
import { build, definitions } from './build.ts'
import { restoreForeign } from './foreign.ts'
import { make } from './make.ts'
import type { FromThread, Job, JobOfConsole, JobOutputs, StorePlace, ToThread } from './messages.ts'
import { register } from './register.ts'
import { replace } from './replace.ts'
import { archive, restore } from './restore.ts'
import { restoreScratch } from './scratch.ts'
import { columns, stage } from './stage.ts'
import { Cancelled, tell } from './told.ts'
import { verify } from './verify.ts'
import { readWhole } from './whole.ts'

/** What is told more often than that nobody reads. */
const PROGRESS_EVERY_MS = 200

if (parentPort !== null) void serve(parentPort, workerData as JobOfConsole)

async function serve(port: MessagePort, { job, console }: JobOfConsole): Promise<void> {
  const say = (message: FromThread): void => port.postMessage(message)
  const ending = new AbortController()
  const asking = createAsking(say)
  port.on('message', (message: ToThread) => {
    if (message.kind === 'cancel') ending.abort(new Cancelled('it was cancelled'))
    else asking.hear(message)
  })
  const onBytes = progress((bytes) => say({ kind: 'progress', bytes }))
  try {
    say({ kind: 'done', output: await run(job) })
  } catch (error) {
    const told = tell(ending.signal.aborted ? ending.signal.reason : error)
    say({ kind: 'failed', told, stuck: stuckAt(error) })
  }
  port.close()

  async function run(asked: Job): Promise<JobOutputs[Job['kind']]> {
    const shared = {
      store: storeAt(asked.store, console),
      tools: createTools({ env: process.env }),
      signal: ending.signal,
      onBytes,
    }
    switch (asked.kind) {
      case 'make':
        return make(
          {
            ...{ ...shared, ask: asking.ask, clock: systemClock },
            onHeld: (since) => say({ kind: 'held', since }),
          },
          asked,
        )
      case 'register':
        return register({ ...shared, ask: asking.ask, clock: systemClock }, asked)
      case 'foreign':
        return restoreForeign(
          { ...shared, identity: asked.identity, ask: asking.ask, clock: systemClock },
          asked,
        )
      case 'scratch':
        return restoreScratch(
          { ...shared, identity: asked.identity, ask: asking.ask, clock: systemClock },
          asked,
        )
      case 'verify':
        return verify({ ...shared, identity: asked.identity, ask: asking.ask, clock: systemClock }, asked)
      case 'drill':
        return drill(
          {
            ...{ ...shared, identity: asked.identity, monotonic: systemClock.monotonic },
            staging: staged(asked.staging),
          },
          asked.manifest,
        )
      case 'archive':
        return archive({ ...shared, identity: asked.identity }, asked)
      case 'whole':
        return readWhole({ ...shared, identity: asked.identity }, asked)
      case 'restore':
        return restore({ ...shared, identity: asked.identity, ask: asking.ask, clock: systemClock }, asked)
      case 'columns':
        return columns({ ...shared, identity: asked.identity }, asked)
      case 'stage':
        return stage({ ...shared, identity: asked.identity, ask: asking.ask, clock: systemClock }, asked)
      case 'definitions':
        return definitions({ ...shared, identity: asked.identity }, asked)
      case 'build':
        return build({ ...shared, identity: asked.identity, ask: asking.ask, clock: systemClock }, asked)
      case 'replace':
        return replace({ ...shared, identity: asked.identity, ask: asking.ask, clock: systemClock }, asked)
    }
  }
}

function storeAt({ directory }: StorePlace, console: string) {
  // What is left of others is the engine's to clear.
  return createLocalStore({ directory, now: systemClock.now, isBeingWritten: () => true, console })
}

function progress(tell: (bytes: number) => void): (bytes: number) => void {
  let bytes = 0
  let toldAt = 0
  return (more) => {
    bytes += more
    const now = systemClock.monotonic()
    if (now - toldAt < PROGRESS_EVERY_MS) return
    toldAt = now
    tell(bytes)
  }
}
