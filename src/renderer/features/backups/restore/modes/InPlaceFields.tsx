/** Whether the server has room for a second copy, where the console cannot see that. */
import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type ModeFieldsProps, ROOMS } from './mode.ts'

export function InPlaceFields({ draft, onChange }: ModeFieldsProps) {
  const { t } = useTranslation()
  return (
    <NativeSelect
      size="xs"
      label={t('backups.restore-room')}
      description={t(`backups.restore-room-${draft.room}-hint`)}
      data={ROOMS.map((room) => ({ value: room, label: t(`backups.restore-room-${room}`) }))}
      value={draft.room}
      onChange={({ currentTarget: { value } }) => {
        const room = ROOMS.find((one) => one === value)
        if (room !== undefined) onChange({ room })
      }}
    />
  )
}
