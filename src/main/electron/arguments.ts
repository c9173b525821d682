/** What the desktop app takes from its command line, among the switches that Chromium takes. */
import { parseArgs } from 'node:util'

export interface DesktopArguments {
  readonly data: string | null
  readonly keyFile: string | null
}

/** Reads `--data DIR` and `--key-file FILE`; whatever else is there is not ours. */
export function desktopArguments(argv: readonly string[]): DesktopArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: { data: { type: 'string' }, 'key-file': { type: 'string' } },
    strict: false,
    allowPositionals: true,
  })
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
  return { data: text(values.data), keyFile: text(values['key-file']) }
}
