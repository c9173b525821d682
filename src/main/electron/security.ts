/** What no page in a window may do: go elsewhere, open windows, embed views, or be given permissions. */

import type { App, Session, Shell, WebContents } from 'electron'
import { DESKTOP_ORIGIN } from '#shared/desktop-port.ts'
import type { Log } from '../engine/log.ts'

/** Putting text on the clipboard after a click; everything else that a page can be permitted is refused. */
const PERMITTED = 'clipboard-sanitized-write'

export interface SecurityOptions {
  readonly app: Pick<App, 'on'>
  readonly shell: Pick<Shell, 'openExternal'>
  readonly log: Log
}

/** Holds for every page that the app ever makes; to be called before there is a window. */
export function restrictPages({ app, shell, log }: SecurityOptions): void {
  app.on('web-contents-created', (_event, contents) => restrict(contents, shell, log))
}

/** Refuses what pages of a session ask to be permitted. */
export function denyPermissions(
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
): void {
  session.setPermissionRequestHandler((contents, permission, decide) => {
    decide(permission === PERMITTED && isConsole(contents.getURL()))
  })
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === PERMITTED && isConsole(origin),
  )
  session.setDevicePermissionHandler(() => false)
}

/** Whether a URL is a place in the console's own page. */
export function isConsole(url: string): boolean {
  // URL.origin of a scheme that Node does not know is "null": compare its parts.
  const parsed = URL.canParse(url) ? new URL(url) : null
  return parsed !== null && `${parsed.protocol}//${parsed.host}` === DESKTOP_ORIGIN
}

/** Whether a link may be handed to the system's browser: HTTPS, and no credentials in it. */
export function isSafeElsewhere(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : null
  return parsed !== null && parsed.protocol === 'https:' && parsed.username === '' && parsed.password === ''
}

function restrict(contents: WebContents, shell: Pick<Shell, 'openExternal'>, log: Log): void {
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame && isConsole(event.url)) return
    event.preventDefault()
    log.warn({ url: event.url }, 'navigation refused')
  })
  contents.on('will-redirect', (event) => {
    event.preventDefault()
    log.warn({ url: event.url }, 'redirect refused')
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isSafeElsewhere(url)) {
      shell.openExternal(url).catch((error: unknown) => log.warn({ err: error }, 'the browser did not open'))
    } else {
      log.warn({ url }, 'new window refused')
    }
    return { action: 'deny' }
  })
}
