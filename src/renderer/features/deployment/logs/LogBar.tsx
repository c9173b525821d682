/** What narrows a log down: words, level, how far around a moment; and the moment itself. */
import { Button, CloseButton, Select, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LOG_BOUNDS, LOG_LEVELS, type LogLevel } from '#shared/model/logs.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import { MomentField } from '../../../components/MomentField.tsx'
import { keysAreTaken, letterOf } from '../../../shell/shortcuts.ts'
import { useFilterKey } from '../../../shell/useFilterKey.ts'
import classes from './logs.module.css'

const MINUTE = 60_000
export const WITHIN = { any: null, '5m': 5 * MINUTE, '1h': 60 * MINUTE, '1d': 1_440 * MINUTE } as const
export type Within = keyof typeof WITHIN

export interface LogFilter {
  readonly search: string
  readonly level: LogLevel | null
  readonly within: Within
}

interface Props {
  readonly filter: LogFilter
  readonly at: number | null
  readonly following: boolean
  readonly onFilter: (filter: LogFilter) => void
  /** `null`: the end. */
  readonly onMoment: (at: number | null) => void
}

/** Nobody waits for what is searched letter by letter. */
const TYPED_MS = 350

export function LogBar({ filter, at, following, onFilter, onMoment }: Props) {
  const { t } = useTranslation()
  const field = useFilterKey()
  const [typed, setTyped] = useState(filter.search)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  function search(text: string, afterMs = TYPED_MS) {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => onFilter({ ...filter, search: text.trim() }), afterMs)
  }

  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || keysAreTaken(event.target)) return
      if (letterOf(event) !== 't') return
      event.preventDefault()
      onMoment(null)
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [onMoment])

  return (
    <search className={classes.search}>
      <TextInput
        ref={field}
        className={classes.searchText}
        value={typed}
        maxLength={LOG_BOUNDS.searchLength}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => search(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') search('', 0)
          if (event.key === 'Enter') search(typed, 0)
        }}
        placeholder={t('logs.search')}
        aria-label={t('logs.search')}
        rightSection={
          typed === '' ? (
            <Kbd keys="/" />
          ) : (
            <CloseButton size="xs" aria-label={t('logs.clear')} onClick={() => search('', 0)} />
          )
        }
      />
      <Select
        className={classes.choice}
        value={filter.level ?? 'any'}
        onChange={(level) => onFilter({ ...filter, level: LOG_LEVELS.find((one) => one === level) ?? null })}
        data={[
          { value: 'any', label: t('logs.level-any') },
          ...LOG_LEVELS.filter((level) => level !== 'debug').map((level) => ({
            value: level,
            label: t('logs.level-from', { level: t(`logs.level-${level}`) }),
          })),
        ]}
        aria-label={t('logs.level')}
        allowDeselect={false}
      />
      <Select
        className={classes.choice}
        value={filter.within}
        onChange={(within) => onFilter({ ...filter, within: (within ?? 'any') as Within })}
        data={(Object.keys(WITHIN) as Within[]).map((value) => ({ value, label: t(`logs.within-${value}`) }))}
        aria-label={t('logs.within')}
        allowDeselect={false}
      />
      <MomentField label={t('logs.around')} at={at} onMoment={onMoment} />
      <Button
        variant={following ? 'filled' : 'default'}
        aria-pressed={following}
        aria-keyshortcuts="t"
        onClick={() => onMoment(null)}
        rightSection={<Kbd keys="t" />}
      >
        {t(following ? 'logs.following' : 'logs.follow')}
      </Button>
    </search>
  )
}
