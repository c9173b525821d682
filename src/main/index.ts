/** Entry of the desktop app: wiring only. */
/// <reference types="electron-vite/node" />
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Notification,
  powerMonitor,
  protocol,
  session,
  shell,
} from 'electron'
import pino from 'pino'
import { chooseLanguage } from '#shared/locales/languages.ts'
import icon from '../../resources/icon.png?asset'
import { createApi } from './api/router.ts'
import { desktopArguments } from './electron/arguments.ts'
import { settleDirectories } from './electron/directories.ts'
import { desktopNotifications } from './electron/notifications.ts'
import { answerPorts } from './electron/port.ts'
import { followPower } from './electron/power.ts'
import { CONSOLE_SCHEME, servePage } from './electron/protocol.ts'
import { stopBeforeQuit } from './electron/quit.ts'
import { denyPermissions, restrictPages } from './electron/security.ts'
import { claimSingleInstance } from './electron/single-instance.ts'
import { focusWindow, openWindow, showPlace } from './electron/window.ts'
import { systemClock } from './engine/clock.ts'
import { createEngine } from './engine/create-engine.ts'
import { openSealedFile } from './engine/vault/sealed-file.ts'

/** The engine bounds its own stop at about five seconds. */
const QUIT_TIMEOUT_MS = 6_000

const built = join(import.meta.dirname, '..')
const log = pino({ name: 'vakhta' }, pino.destination({ fd: 2, sync: true }))

async function start(): Promise<void> {
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([CONSOLE_SCHEME])
  const { data, keyFile } = settleDirectories(app, desktopArguments(process.argv.slice(1)), {
    platform: process.platform,
    env: process.env,
    home: homedir(),
  })
  if (!claimSingleInstance(app, () => BrowserWindow.getAllWindows().forEach(focusWindow))) {
    app.quit()
    return
  }
  restrictPages({ app, shell, log })
  await app.whenReady()
  denyPermissions(session.defaultSession)
  protocol.handle(CONSOLE_SCHEME.scheme, servePage(join(built, 'renderer')))

  // The system's keychain is to hold the vault's key on the desktop; until then it is a key file, as everywhere.
  const vault = await openSealedFile({ path: join(data, 'vault.json'), keyFile, clock: systemClock })
  const engine = await createEngine({
    dataDirectory: data,
    vault,
    historyWorker: pathToFileURL(join(import.meta.dirname, 'history-worker.js')),
    backupWorker: pathToFileURL(join(import.meta.dirname, 'backup-worker.js')),
    clock: systemClock,
    log,
    desktop: desktopNotifications({
      Notification,
      onClick(note) {
        for (const window of BrowserWindow.getAllWindows()) showPlace(window, note)
      },
    }),
  })
  stopBeforeQuit({ app, stop: () => engine.stop(), timeoutMs: QUIT_TIMEOUT_MS, log })
  followPower(powerMonitor, engine)
  const api = createApi({ engine, clock: systemClock, log, version: app.getVersion(), dataDirectory: data })
  answerPorts({ ipcMain, api, language: chooseLanguage(app.getPreferredSystemLanguages()), log })
  await engine.start()
  await openWindow({
    BrowserWindow,
    preload: join(built, 'preload/index.cjs'),
    icon,
  })
}

start().catch((error: unknown) => {
  log.fatal({ err: error }, 'Vakhta cannot start')
  dialog.showErrorBox('Vakhta cannot start', error instanceof Error ? error.message : String(error))
  app.exit(1)
})
