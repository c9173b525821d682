import type { reasons as english } from '../en/reasons.ts'

export const reasons: Record<keyof typeof english, string> = {
  'not-yet-observed': 'Ещё не опрашивалось',
  'nothing-watched': 'Ничего такого не объявлено',
  paused: 'Наблюдение приостановлено',
  'console-slept': 'Консоль спала или была остановлена',
  'console-offline': 'У самой консоли нет сети',
}
