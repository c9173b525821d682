// A lock between processes of one user and one checkout: whoever comes second waits until the first is done. It lies
// outside node_modules, which an installation removes.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Runs `work` while no other process of this user runs something under the same name and root.
 * A lock whose owner has ended, however it ended, is taken over.
 * @template T
 * @param {{ name: string, root: string, onWait?: () => void }} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively({ name, root, onWait }, work) {
  const key = createHash('sha256').update(root).digest('hex').slice(0, 12)
  const lock = join(tmpdir(), `.vakhta-${name}-${userInfo().username}-${key}.lock`)
  for (let waited = false; !take(lock); waited = true) {
    if (!waited) onWait?.()
    await delay(200)
  }
  const release = () => rmSync(lock, { recursive: true, force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    mkdirSync(lock, { mode: 0o700 })
    writeFileSync(join(lock, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  const owner = ownerOf(lock)
  // Without a number it is being made just now, or its maker died in between; the next look, 200 ms on, tells.
  if (owner === null) return missedBefore(lock) && remove(lock)
  if (owner === process.pid || isRunning(owner)) return false
  return remove(lock)
}

const unnumbered = new Map()
/** Whether the lock has had no number for 2 s. @param {string} lock */
function missedBefore(lock) {
  const since = unnumbered.get(lock) ?? Date.now()
  unnumbered.set(lock, since)
  return Date.now() - since > 2_000
}

/** @param {string} lock */
function remove(lock) {
  unnumbered.delete(lock)
  rmSync(lock, { recursive: true, force: true })
  return false
}

/** @param {string} lock */
function ownerOf(lock) {
  try {
    const pid = Number(readFileSync(join(lock, 'pid'), 'utf8'))
    return pid > 0 ? pid : null
  } catch {
    return null
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
