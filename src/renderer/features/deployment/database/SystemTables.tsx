/** Shows PostgreSQL's own tables among the others: seldom what somebody looks for, and sometimes just that. */
import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface Props {
  readonly count: number
  readonly shown: boolean
  readonly onShow: (shown: boolean) => void
}

export function SystemTables({ count, shown, onShow }: Props) {
  const { t } = useTranslation()
  if (count === 0) return null
  return (
    <Checkbox
      size="xs"
      checked={shown}
      onChange={(event) => onShow(event.currentTarget.checked)}
      label={t('database.system-tables', { count })}
    />
  )
}
