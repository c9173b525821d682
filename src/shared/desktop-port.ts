/**
 * How the page of the desktop shell gets its message port: it makes a channel, keeps one end and posts the other with
 * `window.postMessage(PORT_REQUEST, location.origin, [port])`; the preload passes it on, and the main process answers
 * the contract on it.
 */

/** Where the desktop shell serves the page. The page is in the shell exactly when this is its origin. */
export const DESKTOP_ORIGIN = 'vakhta://console'

/** The message from the page to the preload, and the channel from the preload to the main process. */
export const PORT_REQUEST = 'vakhta:port'
