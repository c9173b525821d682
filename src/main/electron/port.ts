/** Message ports from the page: whose they may be, and who is then on the other end of the contract. */
import { RPCHandler } from '@orpc/server/message-port'
import type { IpcMain, IpcMainEvent } from 'electron'
import { PORT_REQUEST } from '#shared/desktop-port.ts'
import type { Language } from '#shared/locales/languages.ts'
import type { ApiContext } from '../api/context.ts'
import type { Api } from '../api/router.ts'
import type { Log } from '../engine/log.ts'
import { operatingSystemActor } from '../engine/policy/operating-system-actor.ts'
import { isConsole } from './security.ts'

export interface PortOptions {
  readonly ipcMain: Pick<IpcMain, 'on'>
  readonly api: Api
  readonly language: Language
  readonly log: Log
}

/** Answers the contract on every port that the console's own page sends, and closes all others unanswered. */
export function answerPorts({ ipcMain, api, language, log }: PortOptions): void {
  const handler = new RPCHandler(api)
  ipcMain.on(PORT_REQUEST, (event) => {
    const [port] = event.ports
    if (!fromConsole(event) || port === undefined || event.ports.length !== 1) {
      for (const refused of event.ports) refused.close()
      log.warn({ from: event.senderFrame?.url ?? null }, 'message port refused')
      return
    }
    const context: ApiContext = { actor: operatingSystemActor('electron'), language, host: 'electron' }
    handler.upgrade(port, { context })
    port.start()
  })
}

/** Whether the main frame of the console's page sent it: not an embedded frame, not a page of somebody else. */
function fromConsole({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isConsole(senderFrame.url)
}
