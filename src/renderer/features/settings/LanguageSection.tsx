/** The language of the console. */
import { Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LANGUAGES } from '#shared/locales/languages.ts'
import { usePrefer, useSession } from '../../client/session.ts'
import classes from './settings.module.css'

const CHOICES = ['system', ...LANGUAGES] as const

export function LanguageSection() {
  const { t } = useTranslation()
  const prefer = usePrefer()
  const language = useSession().data?.preferences.language
  return (
    <>
      <div className={classes.head}>
        <h1>{t('settings.language')}</h1>
      </div>
      <Radio.Group
        label={t('language.label')}
        value={language ?? ''}
        onChange={(value) => {
          const chosen = CHOICES.find((one) => one === value)
          if (chosen !== undefined) prefer({ language: chosen })
        }}
      >
        <Stack gap={8} mt={8}>
          {CHOICES.map((one) => (
            <Radio
              key={one}
              size="xs"
              value={one}
              disabled={language === undefined}
              label={t(`language.${one}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
    </>
  )
}
