/** The options that `npm start` and `npm run demo` take. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface LaunchOptions {
  /** Serve on loopback, whether or not there is a desktop. */
  readonly headless: boolean
  readonly port: number | null
  /** Absolute. */
  readonly data: string | null
  /** Absolute. */
  readonly keyFile: string | null
}

/** What to do, or what to print and with which exit code to end (0 help, 64 usage). */
export type Parsed =
  | { readonly kind: 'launch'; readonly options: LaunchOptions }
  | { readonly kind: 'end'; readonly text: string; readonly code: 0 | 64 }

/** @param usage the command and what it does, for `--help` */
export function parseLaunchArguments(args: readonly string[], usage: string): Parsed {
  const help = `${usage}

  --headless       serve the console on loopback with a one-time link, without a window
  --port N         the loopback port to serve on; a free one otherwise
  --data DIR       the console's data directory
  --key-file FILE  the key that seals the vault; made with mode 0600 where it is missing
  --help           this text`
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        headless: { type: 'boolean', default: false },
        port: { type: 'string' },
        data: { type: 'string' },
        'key-file': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return { kind: 'end', text: help, code: 0 }
    const path = (option: 'data' | 'key-file') => {
      const value = values[option]
      if (value === '') throw new Error(`--${option} needs a path`)
      return value === undefined ? null : resolve(value)
    }
    const options = {
      headless: values.headless,
      port: portFrom(values.port),
      data: path('data'),
      keyFile: path('key-file'),
    }
    return { kind: 'launch', options }
  } catch (error) {
    return { kind: 'end', text: `${error instanceof Error ? error.message : error}\n\n${help}`, code: 64 }
  }
}

function portFrom(text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new Error(`--port expects a number from 0 to 65535; "${text}" was given`)
  }
  return Number(text)
}
