/** The theme. */
import { Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { usePrefer, useSession } from '../../client/session.ts'
import classes from './settings.module.css'

const THEMES = ['dark', 'light', 'system'] as const

export function Appearance() {
  const { t } = useTranslation()
  const prefer = usePrefer()
  const theme = useSession().data?.preferences.theme
  return (
    <>
      <div className={classes.head}>
        <h1>{t('settings.appearance')}</h1>
      </div>
      <Radio.Group
        label={t('appearance.theme')}
        value={theme ?? ''}
        onChange={(value) => {
          const chosen = THEMES.find((one) => one === value)
          if (chosen !== undefined) prefer({ theme: chosen })
        }}
      >
        <Stack gap={8} mt={8}>
          {THEMES.map((one) => (
            <Radio
              key={one}
              size="xs"
              value={one}
              disabled={theme === undefined}
              label={t(`appearance.theme-${one}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
    </>
  )
}
