/** For how long: an amount of time, until a moment, or until it clears. */
import { SegmentedControl, TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './actions.module.css'
import { LENGTHS, type Length, type SilenceFor } from './silence-for.ts'

interface Props {
  readonly value: SilenceFor
  /** How often the moment was refused since it was altered: each time it gets the focus. */
  readonly refusals: number
  readonly onChange: (value: SilenceFor) => void
}

export function LengthField({ value, refusals, onChange }: Props) {
  const { t } = useTranslation()
  const until = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (refusals === 0) return
    until.current?.focus()
    until.current?.select()
  }, [refusals])
  return (
    <div>
      <p className={classes.label} id="silence-length">
        {t('silence.length')}
      </p>
      <SegmentedControl
        aria-labelledby="silence-length"
        value={value.length}
        onChange={(length) => onChange({ ...value, length: length as Length })}
        data={LENGTHS.map((length) => ({ value: length, label: t(`silence.length-${length}`) }))}
      />
      {value.length === 'until' && (
        <TextInput
          ref={until}
          mt={8}
          maw={220}
          aria-label={t('silence.until')}
          placeholder={t('moment.placeholder-next', { label: t('silence.until') })}
          autoComplete="off"
          spellCheck={false}
          value={value.until}
          error={refusals > 0 && t('silence.until-wrong')}
          onChange={(event) => onChange({ ...value, until: event.currentTarget.value })}
        />
      )}
      {value.length === 'clears' && <p className={classes.quiet}>{t('silence.clears-means')}</p>}
    </div>
  )
}
