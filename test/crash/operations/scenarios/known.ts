/** A console that made a backup, and is there again for each kill as it was then: what stages of restores and drills begin with. */
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryDirectory } from '../../../../demo/servers/temporary-directory.ts'
import type { OperationFacts } from '../../../../src/shared/model/operation.ts'
import type { DeploymentProfileInput } from '../../../../src/shared/model/profile/deployment.ts'
import { until } from '../../../support/until.ts'
import { AskedOperation, type ConsoleProcess, startConsoleProcess } from '../console.ts'

/** Whoever asks all the time takes the processor from what is waited for. */
export const PATIENCE = { timeoutMs: 120_000, everyMs: 200 }

export const isUnderWay = ({ state }: Pick<AskedOperation, 'state'>): boolean =>
  !['interrupted', 'paused', 'succeeded', 'failed', 'cancelled', 'undone'].includes(state)

/** Begins one as soon as what is needed for it is connected. @throws where it is refused for good */
export async function begin(
  console: ConsoleProcess,
  kind: string,
  options: OperationFacts,
): Promise<AskedOperation> {
  return until(
    async () => {
      const { status, body } = await console.ask('POST', '/operations', { kind, deployment: 'shop', options })
      if (status !== 202) throw new Error(`${status}: ${JSON.stringify(body)}`)
      return AskedOperation.parse(body)
    },
    { ...PATIENCE, what: 'an operation that begins' },
  )
}

export async function ended(console: ConsoleProcess, id: string): Promise<AskedOperation> {
  return until(
    async () => {
      const one = await console.operation(id)
      return !isUnderWay(one) && one
    },
    { ...PATIENCE, what: 'the end of an operation' },
  )
}

/** Begins one, and waits until it has succeeded. */
export async function done(console: ConsoleProcess, kind: string, options: OperationFacts) {
  const { id } = await begin(console, kind, options)
  const { state, error, result } = await ended(console, id)
  if (state !== 'succeeded') throw new Error(`${kind} ended ${state}: ${error?.text}`)
  return { id, result: result ?? {} }
}

export async function watch(console: ConsoleProcess, profile: DeploymentProfileInput): Promise<void> {
  const { status, body } = await console.ask('PUT', '/deployments', { profile })
  if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`)
}

/**
 * @param from the profile of what a new console watches, or the directory of one that does
 * @returns the directory of a console that is gone by now, and what `work` gave
 */
export async function consoleThat<T>(
  from: DeploymentProfileInput | string,
  work: (console: ConsoleProcess) => Promise<T>,
): Promise<{ directory: string; made: T; remove(): Promise<void> }> {
  const home = createTemporaryDirectory('known')
  const directory = join(home.path, 'console')
  if (typeof from === 'string') cpSync(from, directory, { recursive: true })
  else mkdirSync(directory)
  const console = await startConsoleProcess(directory)
  try {
    if (typeof from !== 'string') await watch(console, from)
    return { directory, made: await work(console), remove: home.remove }
  } finally {
    await console.child.kill()
  }
}
