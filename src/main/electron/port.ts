/** Message ports from the page: whose they may be, and who is then on the other end of the contract. */
import { userInfo } from 'node:os'
import type { IpcMain, IpcMainEvent, MessagePortMain } from 'electron'
import { PORT_REQUEST } from '#shared/desktop-port.ts'
import type { Log } from '../engine/log.ts'
import type { Actor } from '../engine/policy/actor.ts'
import { isConsole } from './security.ts'

export interface PortOptions {
  readonly ipcMain: Pick<IpcMain, 'on'>
  /** Answers the contract on a port until it closes. */
  readonly answer: (port: MessagePortMain, actor: Actor) => void
  readonly log: Log
}

/** Answers every port that the console's own page sends, and closes all others unanswered. */
export function answerPorts({ ipcMain, answer, log }: PortOptions): void {
  ipcMain.on(PORT_REQUEST, (event) => {
    const [port] = event.ports
    if (!fromConsole(event) || port === undefined || event.ports.length !== 1) {
      for (const refused of event.ports) refused.close()
      log.warn({ from: event.senderFrame?.url ?? null }, 'message port refused')
      return
    }
    answer(port, desktopActor())
    port.start()
  })
}

/** Whether the main frame of the console's page sent it: not an embedded frame, not a page of somebody else. */
function fromConsole({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isConsole(senderFrame.url)
}

/** Whoever sits at this machine, in the account that the app runs in, administers its console. */
function desktopActor(): Actor {
  const { username } = userInfo()
  return { id: `os:${username}`, name: username, role: 'ADMIN', via: 'electron' }
}
