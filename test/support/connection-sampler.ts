/**
 * The thread behind `connection-counter.ts`: samples the kernel's list of TCP connections, whatever the main thread is busy
 * with, and keeps the most that stood at once to each port that is watched.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import type { Asked, Counted, Holder } from './connection-counter.ts'

const EVERY_MS = 10
const ESTABLISHED = '01'
const SYN_SENT = '02'
/** In `/proc/net/tcp`, 127.0.0.2: the clients of tests (`CLIENT_ADDRESS` in `demo/servers/redis.ts`). */
const CLIENT_ADDRESS = '0200007F'

interface Seen {
  readonly by: Holder
  most: number
  samples: number
  longestGapMs: number
  at: number
}

const watched = new Map<number, Seen>()
/** By the socket's inode: whose end of a connection it is; `null`: of somebody who is not counted. */
const owners = new Map<string, 'console' | 'tunnel' | null>()

function sample(): void {
  /** A list that changes while it is read may hold a connection twice. */
  const standing = new Map<number, Set<string>>()
  const add = (port: number, connection: string) =>
    standing.set(port, (standing.get(port) ?? new Set()).add(connection))
  for (const line of readFileSync('/proc/net/tcp', 'latin1').split('\n')) {
    const [, local = '', remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/)
    if (state !== ESTABLISHED && state !== SYN_SENT) continue
    const here = Number.parseInt(local.slice(-4), 16)
    if (watched.get(here)?.by === 'anybody' && !remote.startsWith(CLIENT_ADDRESS)) add(here, remote)
    const there = Number.parseInt(remote.slice(-4), 16)
    const by = watched.get(there)?.by ?? 'anybody'
    if (by === 'anybody' || local.startsWith(CLIENT_ADDRESS)) continue
    const owner = ownerOf(inode)
    if (owner === 'tunnel' || (owner === 'console' && by === 'console')) add(there, inode)
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
function ownerOf(inode: string): 'console' | 'tunnel' | null {
  const known = owners.get(inode)
  if (known !== undefined) return known
  const owner = holds('self', inode)
    ? 'console'
    : tunnels().some((process) => holds(process, inode))
      ? 'tunnel'
      : null
  owners.set(inode, owner)
  return owner
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

parentPort?.on('message', ({ watch, by = 'console', forget, tell }: Asked) => {
  if (watch !== undefined)
    watched.set(watch, { by, most: 0, samples: 0, longestGapMs: 0, at: performance.now() })
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
