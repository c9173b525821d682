/** Why the web host cannot start: what was tried, on what, and what to do. */
export class WebHostError extends Error {
  readonly code: 'port-in-use' | 'port-forbidden' | 'address-refused' | 'token-unreadable'
  constructor(code: WebHostError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'WebHostError'
    this.code = code
  }
}
