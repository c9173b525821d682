/** `npm run build`: bundles main, preload and page into `out/`; nothing is done where its inputs are unchanged. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installed, ROOT, runCommand } from './command.ts'
import { exclusively } from './exclusively.mjs'
import { hashInputs } from './input-hash.ts'

const INPUTS = [
  'src',
  'resources',
  'electron.vite.config.ts',
  'tsconfig.base.json',
  'package.json',
  'package-lock.json',
]
const STAMP = join(ROOT, 'out/.inputs')

/** Builds where that is needed. @returns whether `out/` is good now */
export async function build(): Promise<boolean> {
  const onWait = () => console.log('Waiting for another build of this checkout …')
  return exclusively({ name: 'build', root: ROOT, onWait }, async () => {
    const inputs = hashInputs(ROOT, INPUTS)
    if ((await readFile(STAMP, 'utf8').catch(() => null)) === inputs) return true
    await rm(STAMP, { force: true })
    console.log('Building …')
    const { code, output, seconds } = await runCommand(
      installed('electron-vite'),
      ['build', '--logLevel', 'warn'],
      {
        env: { NODE_ENV: 'production' },
      },
    )
    if (code !== 0) {
      console.error(`${output}\nThe build failed.`)
      return false
    }
    await writeFile(STAMP, inputs)
    console.log(`Built in ${seconds.toFixed(0)} s.`)
    return true
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const good = await build()
  if (good) console.log('out/ is up to date.')
  process.exitCode = good ? 0 : 1
}
