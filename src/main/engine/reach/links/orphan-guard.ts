/** Ends what we started when we end without a chance to do so ourselves: killed outright, or out of memory. */
import { spawn } from 'node:child_process'
import type { Machine } from '../machine.ts'

/** Its standard input ends with us: then it is for it to end what it guards, a process or, with a minus, a group. */
const GUARD = 'read -r _; kill -s KILL -- "$1" 2>/dev/null'

/**
 * @param group the process group to end with this process. On Windows nobody guards it
 * @returns ends the guard; to be called once the group is gone, whose number may be another's then
 */
export function guardGroup(group: number, machine: Pick<Machine, 'platform'>): () => void {
  return guard(`-${group}`, machine)
}

/** As `guardGroup`, of one process that is in our own group. */
export function guardProcess(pid: number, machine: Pick<Machine, 'platform'>): () => void {
  return guard(String(pid), machine)
}

function guard(guarded: string, { platform }: Pick<Machine, 'platform'>): () => void {
  if (platform === 'win32') return () => {}
  // A group of its own, so that what ends ours by a key at the terminal leaves it to its work.
  const shell = spawn('/bin/sh', ['-c', GUARD, 'sh', guarded], {
    cwd: '/',
    detached: true,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  shell.unref()
  return () => {
    shell.kill('SIGKILL')
  }
}
