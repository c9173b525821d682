/** The palette that reaches everything: deployments, screens, and what can be done. */
import { notifications } from '@mantine/notifications'
import { Spotlight } from '@mantine/spotlight'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../client/error-text.ts'
import { Icon } from './Icon.tsx'
import classes from './Palette.module.css'
import { usePaletteActions } from './palette-actions.tsx'
import { filterActions } from './palette-filter.ts'

const SHOWN = 20

export function Palette({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const [open, setOpen] = useState(false)
  const [query, setQuery] = useState('')
  const actions = usePaletteActions({
    enabled: open,
    searching: query.trim() !== '',
    onHelp,
    onFailed: (error) =>
      notifications.show({
        title: t('palette.failed'),
        message: errorText(error),
        color: 'red',
        autoClose: 10_000,
      }),
  })
  return (
    <Spotlight
      actions={actions}
      // The shell opens it by its own keys, which work in every keyboard layout.
      shortcut={null}
      classNames={{
        action: classes.action ?? '',
        actionDescription: classes.description ?? '',
        actionsGroup: classes.group ?? '',
      }}
      attributes={{ content: { 'aria-label': t('palette.placeholder') } }}
      query={query}
      onQueryChange={setQuery}
      filter={(typed) => filterActions(typed, actions)}
      limit={SHOWN}
      scrollable
      maxHeight={460}
      nothingFound={t('palette.nothing')}
      searchProps={{
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
        leftSection: <Icon name="search" />,
      }}
      transitionProps={{ duration: 0 }}
      overlayProps={{ blur: 0 }}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
    />
  )
}
