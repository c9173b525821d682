/** Takes a moment that is typed, with the keys alone; what it is not is said beneath. */
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { momentToType, type Toward, typedMoment } from './typed-moment.ts'

interface Props {
  readonly label: string
  /** Milliseconds since the epoch; `null`: none. */
  readonly at: number | null
  /** Which is meant by a time without its day; left out: the last one. */
  readonly toward?: Toward
  readonly onMoment: (at: number) => void
}

export function MomentField({ label, at, toward = 'past', onMoment }: Props) {
  const { t } = useTranslation()
  /** What stands there, until it is taken. */
  const [typed, setTyped] = useState<string | null>(null)
  const [isWrong, setWrong] = useState(false)

  function take() {
    if (typed === null || typed.trim() === '') {
      setTyped(null)
      setWrong(false)
      return
    }
    const moment = typedMoment(typed, Date.now(), toward)
    setWrong(moment === null)
    if (moment === null) return
    setTyped(null)
    onMoment(moment)
  }

  return (
    <TextInput
      aria-label={label}
      w={176}
      value={typed ?? (at === null ? '' : momentToType(at))}
      placeholder={t('moment.placeholder', { label })}
      autoComplete="off"
      spellCheck={false}
      error={isWrong ? t('moment.wrong') : null}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take()
        if (event.key === 'Escape') {
          setTyped(null)
          setWrong(false)
        }
      }}
    />
  )
}
