// Installs the dependencies where they are missing or out of date; quick when they are not. It runs under any Node
// from 20 on, before anything is installed, and therefore imports nothing but Node. Afterwards `node` in the scripts
// of package.json is the Node 24 of node_modules/.bin.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exclusively } from './exclusively.mjs'

const OLDEST_NODE = 20
/** What the rest needs: TypeScript without a build, node:sqlite. */
const NEEDED_NODE = 24

const root = fileURLToPath(new URL('..', import.meta.url))
const inRoot = (...parts) => join(root, ...parts)
const stampFile = inRoot('node_modules', '.vakhta-installed')

/** Hash of what decides what is installed. */
function wanted() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  return hash.update(readFileSync(inRoot('package-lock.json'))).digest('hex')
}

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8')
  } catch {
    return null
  }
}

/** Whether somebody installed by hand, and every package that has to be there is there in its version. */
function installedByHand() {
  try {
    const lock = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages
    const present = JSON.parse(readFileSync(inRoot('node_modules', '.package-lock.json'), 'utf8')).packages
    return Object.entries(lock).every(
      ([path, { version, optional, link }]) =>
        path === '' ||
        link ||
        present[path]?.version === version ||
        (optional && present[path] === undefined),
    )
  } catch {
    return false
  }
}

function install() {
  console.log('Installing dependencies (once; it may take a minute) …')
  const began = Date.now()
  const npm = process.env.npm_execpath
  const args = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--loglevel=error']
  const [command, ...before] = npm?.endsWith('js') ? [process.execPath, npm] : ['npm']
  return new Promise((resolve) => {
    const child = spawn(command, [...before, ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: command === 'npm' && process.platform === 'win32',
    })
    const pass = (signal) => child.kill(signal)
    process.once('SIGINT', pass)
    process.once('SIGTERM', pass)
    child.once('error', (error) => {
      console.error(`npm could not be started: ${error.message}`)
      resolve(1)
    })
    child.once('exit', (code, signal) => {
      if (code === 0) console.log(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`)
      else if (signal === null) console.error('npm ci failed; what it said is above.')
      resolve(code ?? 130)
    })
  })
}

/** Node 24 comes with the packages for Linux and Windows; elsewhere it has to be the one that runs. */
function nodeIsThere() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  return (
    Number(process.versions.node.split('.')[0]) >= NEEDED_NODE ||
    existsSync(inRoot('node_modules', '.bin', name))
  )
}

async function main() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    console.error(`Node ${OLDEST_NODE} or newer is needed; this is ${process.version}.`)
    return 1
  }
  const stamp = wanted()
  if (readStamp() !== stamp) {
    const onWait = () => console.log('Waiting for another installation of this checkout …')
    const code = await exclusively({ name: 'install', root, onWait }, async () => {
      if (readStamp() === stamp) return 0
      const installed = installedByHand() ? 0 : await install()
      if (installed === 0) writeFileSync(stampFile, stamp)
      return installed
    })
    if (code !== 0) return code
  }
  if (!nodeIsThere()) {
    const how = process.platform === 'darwin' ? ': brew install node@24' : ' from https://nodejs.org'
    console.error(
      `Node ${NEEDED_NODE} is needed on this platform; this is ${process.version}. Install it${how}`,
    )
    return 1
  }
  return 0
}

process.exitCode = await main()
