/** The keys, listed. */
import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Kbd } from '../components/Kbd.tsx'
import classes from './KeysHelp.module.css'

const KEYS = [
  [['mod+K'], 'keys.palette'],
  [['g f'], 'keys.fleet'],
  [['g a'], 'keys.alerts'],
  [['g o'], 'keys.operations'],
  [['g b'], 'keys.backups'],
  [['g s'], 'keys.settings'],
  [['g q'], 'keys.question'],
  [['/'], 'keys.filter'],
  [['↓', '↑'], 'keys.rows'],
  [['Home', 'End'], 'keys.ends'],
  [['Enter'], 'keys.open'],
  [['a'], 'keys.acknowledge'],
  [['s'], 'keys.silence'],
  [['x'], 'keys.resolve'],
  [['Space'], 'keys.select'],
  [['e'], 'causes.key'],
  [['l'], 'logs.key-moment'],
  [['t'], 'logs.key'],
  [['←', '→'], 'keys.pan'],
  [['+', '−'], 'keys.zoom'],
  [['0'], 'keys.follow'],
  [['1…9'], 'keys.parts'],
  [['?'], 'keys.help'],
] as const

export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
      size="sm"
    >
      <dl className={classes.list}>
        {KEYS.map(([keys, label]) => (
          <div key={label} className={classes.row}>
            <dt>{t(label)}</dt>
            <dd>
              {keys.map((each) => (
                <Kbd key={each} keys={each} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
