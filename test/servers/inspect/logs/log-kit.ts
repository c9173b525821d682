/** What the tests of logs share: an inspection over a real reach, on this machine or through a real sshd. */
import { onTestFinished } from 'vitest'
import { type SshdOptions, startSshd } from '../../../../demo/servers/sshd.ts'
import { createTemporaryDirectory } from '../../../../demo/servers/temporary-directory.ts'
import { systemClock } from '../../../../src/main/engine/clock.ts'
import {
  type AskedLog,
  createLogInspection,
  type LogInspection,
} from '../../../../src/main/engine/inspect/logs/create-inspection.ts'
import { createSecretMask } from '../../../../src/main/engine/masking/secrets.ts'
import type { LogLines } from '../../../../src/shared/model/logs.ts'
import type { LogSource } from '../../../../src/shared/model/profile/log.ts'
import { createKit, hopOf } from '../../reach/reach-kit.ts'

export const NEVER = new AbortController().signal
export const READER = { id: 'test', mayReveal: true, revealed: true }
export const STRANGER = { id: 'stranger', mayReveal: false, revealed: false }

export interface Logs {
  readonly inspection: LogInspection
  /** With values, as one who had them revealed. */
  read(asked?: Partial<AskedLog>): Promise<LogLines>
}

export async function logsOf(
  source: Omit<LogSource, 'name' | 'over'>,
  machine: 'local' | 'ssh' | SshdOptions = 'local',
  secrets: readonly string[] = [],
): Promise<Logs> {
  const kit = await createKit()
  const over = machine === 'local' ? 'local' : 'ssh'
  const base = {
    hosts: [{ name: 'box', over: 'local' as const, disks: ['/'] }],
    logs: [{ name: 'app', over, ...source }],
  }
  const sshd = machine === 'local' ? null : await startSshd(machine === 'ssh' ? {} : machine)
  if (sshd !== null) {
    onTestFinished(() => sshd.stop())
    await kit.know(sshd)
  }
  const given = sshd === null ? base : { ssh: { hops: [hopOf(sshd)] }, ...base }
  const reach = kit.reach(given)
  const inspection = createLogInspection({
    profileOf: () => kit.profile(given),
    reachOf: () => reach,
    secretMaskFor: async () => createSecretMask(secrets),
    clock: systemClock,
  })
  onTestFinished(() => inspection.stop())
  inspection.reveal({ deployment: 'shop', source: 'app' }, READER)
  return {
    inspection,
    async read(asked = {}) {
      const answer = await inspection.read(askedOf(asked), READER, NEVER)
      if (answer === 'hidden') throw new Error('hidden')
      return answer
    },
  }
}

export function askedOf(asked: Partial<AskedLog>): AskedLog {
  return {
    deployment: 'shop',
    source: 'app',
    direction: 'older',
    cursor: null,
    at: null,
    from: null,
    to: null,
    search: '',
    level: null,
    limit: 100,
    ...asked,
  }
}

export function logDirectory(): string {
  const home = createTemporaryDirectory('logs')
  onTestFinished(() => home.remove())
  return home.path
}

export const messages = ({ lines }: LogLines): string[] => lines.map(({ message }) => message)
