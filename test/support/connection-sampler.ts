/**
 * The thread behind `connection-counter.ts`: samples the kernel's list of TCP connections, whatever the main thread is busy
 * with, and keeps the most that stood at once to each port that is watched.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import type { Asked, Counted } from './connection-counter.ts'

const EVERY_MS = 10
const ESTABLISHED = '01'
const SYN_SENT = '02'
/** In `/proc/net/tcp`, 127.0.0.2: the clients of tests (`CLIENT_ADDRESS` in `demo/servers/redis.ts`). */
const CLIENT_ADDRESS = '0200007F'

const watched = new Map<number, { most: number; samples: number; longestGapMs: number; at: number }>()
/** By the socket's inode: whether it is the end of a connection that is counted. */
const owners = new Map<string, boolean>()

function sample(): void {
  /** By inode: a list that changes while it is read may hold a connection twice. */
  const standing = new Map<number, Set<string>>()
  for (const line of readFileSync('/proc/net/tcp', 'latin1').split('\n')) {
    const [, local = '', remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/)
    if (state !== ESTABLISHED && state !== SYN_SENT) continue
    const port = Number.parseInt(remote.slice(-4), 16)
    if (!watched.has(port) || local.startsWith(CLIENT_ADDRESS) || !isCounted(inode)) continue
    standing.set(port, (standing.get(port) ?? new Set()).add(inode))
  }
  const now = performance.now()
  for (const [port, seen] of watched) {
    seen.most = Math.max(seen.most, standing.get(port)?.size ?? 0)
    seen.longestGapMs = Math.max(seen.longestGapMs, now - seen.at)
    seen.samples += 1
    seen.at = now
  }
}

/** Servers speak to each other too; what is tested runs in this process, or reaches the port through sshd. */
function isCounted(inode: string): boolean {
  const known = owners.get(inode)
  if (known !== undefined) return known
  const counted = holds('self', inode) || tunnels().some((process) => holds(process, inode))
  owners.set(inode, counted)
  return counted
}

/** Reading the descriptors of every process would take longer than the time between two samples. */
function tunnels(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && nameOf(name).startsWith('sshd'))
}

function nameOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/comm`, 'latin1')
  } catch {
    return ''
  }
}

function holds(process: string, inode: string): boolean {
  const directory = `/proc/${process}/fd`
  try {
    return readdirSync(directory).some((fd) => {
      try {
        return readlinkSync(`${directory}/${fd}`) === `socket:[${inode}]`
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}

parentPort?.on('message', ({ watch, forget, tell }: Asked) => {
  if (watch !== undefined) watched.set(watch, { most: 0, samples: 0, longestGapMs: 0, at: performance.now() })
  sample()
  if (tell !== undefined) {
    const seen = watched.get(tell)
    const counted: Counted = {
      port: tell,
      most: seen?.most ?? 0,
      samples: seen?.samples ?? 0,
      longestGapMs: Math.round(seen?.longestGapMs ?? 0),
    }
    parentPort?.postMessage(counted)
  }
  if (forget !== undefined) watched.delete(forget)
})
setInterval(() => {
  if (watched.size > 0) sample()
}, EVERY_MS)
