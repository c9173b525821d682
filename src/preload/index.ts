/** Hands the page's message port to the main process, and nothing else: the page gets no function and no object. */
import { ipcRenderer } from 'electron'
import { PORT_REQUEST } from '#shared/desktop-port.ts'

window.addEventListener('message', (event) => {
  const [port] = event.ports
  if (event.source !== window || event.data !== PORT_REQUEST || port === undefined) return
  ipcRenderer.postMessage(PORT_REQUEST, null, [port])
})
