/** Whether the desktop app can be opened here: its runtime is there or can be had, and there is a display. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT } from './command.ts'

/** Without a byte for this long, the download is given up. */
const STALLED_MS = 20_000

export type Desktop = { readonly runtime: string } | { readonly reason: string }

export interface DesktopSurroundings {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** `null` on Windows. */
  readonly uid: number | null
}

/** Why no window can be opened here whatever is installed; `null` where one can. */
export function whyNoWindow({ platform, env, uid }: DesktopSurroundings): string | null {
  if (platform !== 'linux') return null
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display'
  if (uid === 0) return 'Electron does not run as root'
  return null
}

/** Finds the runtime, or fetches it with its progress on the terminal. */
export async function findDesktop(surroundings: DesktopSurroundings): Promise<Desktop> {
  const reason = whyNoWindow(surroundings)
  if (reason !== null) return { reason }
  const electron = join(ROOT, 'node_modules/electron')
  if (!existsSync(electron)) return { reason: 'the package electron is not installed' }
  const runtime = () => runtimeIn(electron)
  const present = runtime()
  if (present !== null) return { runtime: present }
  const failure = await fetchRuntime(join(electron, 'install.js'))
  const fetched = runtime()
  if (fetched !== null) return { runtime: fetched }
  return { reason: failure ?? 'its runtime was fetched but is not where it should be' }
}

function runtimeIn(electron: string): string | null {
  try {
    const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electron, 'dist')
    const path = join(dist, readFileSync(join(electron, 'path.txt'), 'utf8'))
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

/** Runs Electron's own installer. @returns why it failed, or `null` */
async function fetchRuntime(installer: string): Promise<string | null> {
  console.log("Fetching Electron's runtime (once) …")
  // The installer downloads into a directory below this one and unpacks beside itself: there, progress is seen.
  const scratch = await mkdtemp(join(tmpdir(), 'vakhta-electron-'))
  const growing = [scratch, join(dirname(installer), 'dist')]
  const child = spawn(process.execPath, [installer], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch },
  })
  let said = ''
  let last = { bytes: 0, at: performance.now() }
  let stalled = false
  const touch = (text: string) => {
    said += text
    last = { ...last, at: performance.now() }
  }
  child.stdout.setEncoding('utf8').on('data', touch)
  child.stderr.setEncoding('utf8').on('data', touch)
  const timer = setInterval(() => {
    void Promise.all(growing.map(sizeOf)).then((sizes) => {
      const bytes = sizes.reduce((sum, size) => sum + size, 0)
      if (bytes !== last.bytes) {
        last = { bytes, at: performance.now() }
        if (process.stdout.isTTY) process.stdout.write(`\r  ${(bytes / 1_048_576).toFixed(1)} MB`)
      } else if (performance.now() - last.at > STALLED_MS) {
        stalled = true
        child.kill('SIGKILL')
      }
    })
  }, 500)
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
  process.off('exit', stop)
  clearInterval(timer)
  await rm(scratch, { recursive: true, force: true })
  if (process.stdout.isTTY && last.bytes > 0) process.stdout.write('\n')
  if (stalled) return `its runtime could not be fetched: nothing came for ${STALLED_MS / 1_000} s`
  if (code !== 0) return `its runtime could not be fetched: ${firstLine(said)}`
  return null
}

function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? 'the installer said nothing'
  )
}

/** Bytes in all files below a directory; 0 where there is none. */
async function sizeOf(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
