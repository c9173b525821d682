/** The end of a row, with what can be done with it: to edit it in its place, or to remove it after asking. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { places } from '../../../places.ts'
import { RemoveButton } from '../../settings/RemoveButton.tsx'
import classes from '../../settings/settings.module.css'

interface Props {
  readonly kind: 'rota' | 'person' | 'window' | 'policy'
  readonly name: string
  readonly remove: () => Promise<unknown>
  readonly listed: readonly unknown[]
  /** Whoever may not, has an empty end. */
  readonly mayEdit: boolean
}

export function RowEnd({ kind, name, remove, listed, mayEdit }: Props) {
  const { t } = useTranslation()
  if (!mayEdit) return <td />
  return (
    <td className={classes.end}>
      <div>
        <Button
          variant="default"
          size="compact-xs"
          component={Link}
          href={places.alerts('watch', `${kind}:${name}`)}
          aria-label={t('watch.edit-name', { name })}
        >
          {t('watch.edit')}
        </Button>
        <RemoveButton
          label={t('watch.remove')}
          longLabel={t('watch.remove-name', { name })}
          title={t('watch.remove-title', { name })}
          text={t(`watch.${kind}-remove-text`)}
          remove={remove}
          listed={listed}
        />
      </div>
    </td>
  )
}
