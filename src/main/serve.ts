/** The headless console, wiring only: vault, engine, api and web host, in one straight line. Signals are the caller's. */
import { join } from 'node:path'
import pino from 'pino'
import packageJson from '../../package.json' with { type: 'json' }
import { createApi } from './api/router.ts'
import { speakUnheard } from './api/speech.ts'
import { systemClock } from './engine/clock.ts'
import { createEngine } from './engine/create-engine.ts'
import type { Log } from './engine/log.ts'
import { createReleases } from './engine/releases.ts'
import { settleDataDirectory } from './engine/store/data-directory.ts'
import { openSealedFile } from './engine/vault/sealed-file.ts'
import type { PublicAddress } from './web/access/public-address.ts'
import { startWebHost } from './web/host.ts'

export type ServeOptions = {
  /** Created with mode 0700 where it is missing; one console at a time uses it. */
  readonly dataDirectory: string
  /** 0 for any free one. */
  readonly port: number
  /** Other than loopback is refused. */
  readonly address?: string
  /** Of a reverse proxy that ends TLS: answered to as well, and where links in messages lead. */
  readonly publicAddress?: PublicAddress
  /** `out/renderer` beside this file's repository, where it is left out. */
  readonly rendererDirectory?: string
  /** The history's worker; its source file, where it is left out. */
  readonly historyWorker?: URL
  readonly log?: Log
  // What seals the vault.
} & ({ readonly keyFile: string } | { readonly passphrase: string })

export interface Served {
  readonly url: string
  /** A one-time link that opens a browser session: `URL/start?token=…`. */
  readonly link: string
  /** Where people reach it from outside, and a one-time link of that address. */
  readonly publicUrl: string | null
  readonly publicLink: string | null
  /** That nobody would hear of what is critical, in a sentence; `null`: somebody would, or nothing is watched. */
  readonly unheard: string | null
  /** Closes everything, last opened first; at most about ten seconds. */
  stop(): Promise<void>
}

/**
 * Resolves when the console answers and watches. If anything fails on the way, what was opened is closed again.
 * @throws StoreError, VaultError or WebHostError, each of which says what to do
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { dataDirectory, port, address, publicAddress } = options
  const publicUrl = publicAddress?.origin ?? null
  const log = options.log ?? pino({ name: 'vakhta' }, pino.destination({ fd: 2 }))
  const { version } = packageJson
  const releases = createReleases(log)
  try {
    settleDataDirectory(dataDirectory)
    const vault = await openSealedFile({
      path: join(dataDirectory, 'vault.json'),
      clock: systemClock,
      ...('keyFile' in options ? { keyFile: options.keyFile } : { passphrase: options.passphrase }),
    })
    const engine = await createEngine({
      dataDirectory,
      vault,
      historyWorker: options.historyWorker ?? new URL('./engine/metrics/worker.ts', import.meta.url),
      backupWorker: new URL('./engine/backups/worker/worker.ts', import.meta.url),
      clock: systemClock,
      log,
      hasPages: true,
      publicUrl,
    })
    releases.add('engine', () => engine.stop())
    const api = createApi({ engine, clock: systemClock, log, version, dataDirectory })
    const host = await startWebHost({
      engine,
      api,
      dataDirectory,
      port,
      ...(address === undefined ? {} : { address }),
      publicAddress: publicAddress ?? null,
      rendererDirectory: options.rendererDirectory ?? join(import.meta.dirname, '../../out/renderer'),
      version,
      clock: systemClock,
      log,
    })
    releases.add('web host', () => host.stop())
    // Last, so that a port that cannot be had costs the deployments not a single look.
    await engine.start()
    const unheard = await engine.unheard()
    return {
      // Where it goes to pages, none can be open yet.
      unheard: unheard === null || unheard.why === 'no-page' ? null : speakUnheard('en', unheard),
      ...{ url: host.url, link: host.link(), publicUrl, publicLink: host.publicLink() },
      stop: () => releases.releaseAll(6_000),
    }
  } catch (error) {
    await releases.releaseAll(6_000)
    throw error
  }
}
