/**
 * Runs one job in a thread of its own, which ends with it: what streams, is hashed and encrypted never takes the thread that owns
 * the window, and what it took of memory is given back.
 */
import { Worker } from 'node:worker_threads'
import type { HostKeys } from '../../reach/host-keys.ts'
import { threadEnv } from '../../thread-env.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { BackupError } from '../backup-error.ts'
import type { BackupKeys } from '../keys.ts'
import { beginThread } from '../temporary.ts'
import type {
  Asked,
  FromThread,
  Job,
  JobOfConsole,
  JobOutputs,
  Questions,
  Reached,
  ToThread,
} from './messages.ts'
import { Cancelled, tell, untell } from './told.ts'

export interface JobDependencies {
  /** The built entry `backup-worker`, or its source. */
  readonly worker: URL
  /** Its id. */
  readonly console: string
  readonly resolveSecret: SecretResolver
  readonly keys: Pick<BackupKeys, 'sign'>
  readonly hostKeys: Pick<HostKeys, 'judge' | 'wanted'>
  /** From being asked to end until a thread is ended, and from then until nobody waits for it any more; left out: 10 s. */
  readonly endsWithinMs?: number
}

/** From being asked to end until the thread is ended: its program is asked to stop first, and then made to. */
const ENDS_WITHIN_MS = 10_000

/** From the end of a thread until nobody waits any more for what it left to be removed. */
const REMOVES_WITHIN_MS = 15_000

const WRITES: ReadonlySet<Job['kind']> = new Set(['make', 'register'])

/** Where it stages. */
function stagesIn(job: Job): string[] {
  return 'staging' in job && job.staging !== undefined ? [job.staging.directory] : []
}

export interface JobLimits {
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number) => void
  /** Since when a snapshot of it has kept the server from cleaning up, milliseconds since the epoch; `null`: it does not any more. */
  readonly onHeld?: (since: number | null) => void
  /** The job goes on when it resolves, and fails with what it rejects with. */
  readonly onReached?: (reached: Reached) => Promise<void>
}

export type RunJob = <J extends Job>(job: J, limits: JobLimits) => Promise<JobOutputs[J['kind']]>

/** Rejects with `BackupError` (`store-silent` also where the disk of its place, or of where it stages, still holds an earlier one), `ReachError`, `Cancelled`, or what went wrong in the thread. */
export function createRunJob({
  worker: url,
  console,
  resolveSecret,
  keys,
  hostKeys,
  endsWithinMs = ENDS_WITHIN_MS,
}: JobDependencies): RunJob {
  const answers: {
    [A in Exclude<Asked, 'reached'>]: (input: Questions[A]['in']) => Promise<Questions[A]['out']>
  } = {
    secret: ({ reference }) => resolveSecret(reference),
    sign: ({ text }) => keys.sign(text),
    judge: ({ host, port, key, files, acceptsNew }) =>
      hostKeys.judge(host, port, Buffer.from(key), files, acceptsNew),
    wanted: ({ host, port, files }) => hostKeys.wanted(host, port, files),
  }

  /** Places whose disk holds a thread that is over. */
  const stuck = new Map<string, number>()

  return async <J extends Job>(
    job: J,
    { signal, onProgress, onHeld = () => {}, onReached = async () => {} }: JobLimits,
  ) => {
    signal.throwIfAborted()
    const places = [...(WRITES.has(job.kind) ? [job.store.directory] : []), ...stagesIn(job)]
    // Each that waits for a disk takes one of the process's few threads for files.
    for (const place of places) if (stuck.has(place)) throw new BackupError('store-silent', { place })
    const outcome = Promise.withResolvers<JobOutputs[J['kind']]>()
    const workerData: JobOfConsole = { job, console }
    const thread = new Worker(url, { workerData, name: `backup ${job.kind}`, env: threadEnv() })
    const removeLeft = beginThread(thread.threadId)
    let toldStuck: string | null = null
    const say = (message: ToThread): void => thread.postMessage(message)
    thread.on('message', (message: FromThread) => {
      switch (message.kind) {
        case 'ask':
          void answer(message.asked, message.input).then(
            (output) => say({ kind: 'answer', id: message.id, output }),
            (error: unknown) => say({ kind: 'refusal', id: message.id, told: tell(error) }),
          )
          break
        case 'progress':
          onProgress(message.bytes)
          break
        case 'held':
          onHeld(message.since)
          break
        case 'done':
          // A job comes out with its own kind's output.
          outcome.resolve(message.output as JobOutputs[J['kind']])
          break
        case 'failed':
          toldStuck = message.stuck
          outcome.reject(untell(message.told))
          break
      }
    })
    thread.on('error', outcome.reject)
    const ended = Promise.withResolvers<void>()
    // One that was ended in its middle has removed nothing.
    const removed = ended.promise.then(() => removeLeft(stagesIn(job)))
    thread.on('exit', (code) => {
      outcome.reject(new Error(`the thread of the backup ended before its job (exit code ${code})`))
      ended.resolve()
    })
    let timer: NodeJS.Timeout | null = null
    const cancel = (): void => {
      say({ kind: 'cancel' })
      timer = setTimeout(() => {
        void thread.terminate()
        // A disk that hangs holds its thread: the job is over all the same.
        outcome.reject(new Cancelled('it was cancelled'))
      }, endsWithinMs)
    }
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return await outcome.promise
    } catch (error) {
      throw signal.aborted && !(error instanceof Cancelled) ? new Cancelled('it was cancelled') : error
    } finally {
      signal.removeEventListener('abort', cancel)
      if (await isWithin(endsWithinMs, ended.promise)) await isWithin(REMOVES_WITHIN_MS, removed)
      else for (const place of toldStuck === null ? places : [toldStuck]) hold(place)
      clearTimeout(timer ?? undefined)
    }

    function hold(of: string): void {
      stuck.set(of, (stuck.get(of) ?? 0) + 1)
      thread.once('exit', () => {
        const left = (stuck.get(of) ?? 1) - 1
        if (left === 0) stuck.delete(of)
        else stuck.set(of, left)
      })
    }

    // The type of a question and of its answer go together.
    async function answer(asked: Asked, input: Questions[Asked]['in']): Promise<Questions[Asked]['out']> {
      if (asked === 'reached') {
        await onReached(input as Reached)
        return null
      }
      return (answers[asked] as (given: Questions[Asked]['in']) => Promise<Questions[Asked]['out']>)(input)
    }
  }
}

/** Whether it is over by then. */
async function isWithin(ms: number, work: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), ms)
  return Promise.race([work.then(() => true), late.promise]).finally(() => clearTimeout(timer))
}
