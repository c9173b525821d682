/** `vakhta hosts`: the SSH host keys that were accepted, through the running console or straight on its records. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Fingerprint, HostPort } from '#shared/model/access.ts'
import { systemClock } from '../engine/clock.ts'
import { createHostKeys, type HostKey } from '../engine/reach/host-keys.ts'
import type { Command } from './command.ts'
import { findConsole } from './console-client.ts'
import { CommandFailure, EXIT } from './exit-codes.ts'
import { parseOperand } from './operands.ts'
import { dataDirectory } from './places.ts'
import { withRecords } from './records.ts'
import { print, say, tell } from './terminal.ts'

const HostList = z.object({
  items: z.array(
    z.object({
      host: z.string(),
      keyType: z.string(),
      fingerprint: z.string(),
      state: z.enum(['accepted', 'offered', 'changed']),
      at: z.string(),
    }),
  ),
})
type HostItem = z.infer<typeof HostList>['items'][number]

export const listHosts: Command = async (_operands, options, terminal) => {
  const directory = dataDirectory(options, terminal)
  const running = await findConsole(directory, terminal.signal)
  const items =
    running === null ? await readHosts(directory) : HostList.parse(await running.call('GET', '/hosts')).items
  if (options.json) {
    print(terminal, { items, nextCursor: null })
    return EXIT.succeeded
  }
  for (const { host, state, keyType, fingerprint, at } of items) {
    tell(
      terminal,
      `${state.padEnd(8)}  ${host}  ${keyType || '(key type not yet seen)'}  ${fingerprint}  ${at}`,
    )
  }
  if (items.length === 0) say(terminal, `No host keys were accepted or offered in ${directory}.`)
  return EXIT.succeeded
}

export const acceptHost: Command = async (operands, options, terminal) => {
  const host = parseOperand(HostPort, 'HOST:PORT', operands[0])
  const fingerprint = parseOperand(Fingerprint, 'FINGERPRINT', operands[1])
  const directory = dataDirectory(options, terminal)
  const running = await findConsole(directory, terminal.signal)
  if (running !== null) {
    await running.call('POST', '/hosts/accept', { host, fingerprint })
  } else {
    await withRecords(directory, ({ store, audited }) =>
      audited({ action: 'hosts.accept', target: host, detail: { fingerprint } }, () =>
        createHostKeys({ store, clock: systemClock }).accept(host, fingerprint),
      ),
    )
  }
  say(terminal, `Accepted ${fingerprint} for ${host}.`)
  if (options.json) print(terminal, { host, fingerprint })
  return EXIT.succeeded
}

export const removeHost: Command = async (operands, options, terminal) => {
  const host = parseOperand(HostPort, 'HOST:PORT', operands[0])
  const directory = dataDirectory(options, terminal)
  const running = await findConsole(directory, terminal.signal)
  if (running !== null) {
    await running.call('POST', '/hosts/remove', { host })
  } else if (!(await removeRecorded(directory, host))) {
    throw new CommandFailure(EXIT.failed, `No key of ${host} is on record in ${directory}.`, {
      code: 'NOT_FOUND',
      data: { what: 'host', name: host },
    })
  }
  say(terminal, `Forgot the key of ${host}.`)
  if (options.json) print(terminal, { host })
  return EXIT.succeeded
}

async function readHosts(directory: string): Promise<HostItem[]> {
  if (!hasRecords(directory)) return []
  const keys = await withRecords(directory, ({ store }) =>
    createHostKeys({ store, clock: systemClock }).list(),
  )
  return keys.map((key: HostKey) => ({ ...key, at: new Date(key.at).toISOString() }))
}

async function removeRecorded(directory: string, host: string): Promise<boolean> {
  if (!hasRecords(directory)) return false
  return withRecords(directory, async ({ store, audited }) => {
    const hostKeys = createHostKeys({ store, clock: systemClock })
    if (!(await hostKeys.list()).some((key) => key.host === host)) return false
    return audited({ action: 'hosts.remove', target: host }, () => hostKeys.remove(host, null))
  })
}

/** Looking makes no data directory. */
function hasRecords(directory: string): boolean {
  return existsSync(join(directory, 'state.db'))
}
