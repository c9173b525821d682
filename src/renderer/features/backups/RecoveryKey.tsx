/** The key of last resort: made once, printed, and proven by typing it in from its sheet. */
import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useClient } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { useListFace } from '../../client/list-face.ts'
import { useMay } from '../../client/session.ts'
import { ListFaces } from '../../components/ListFaces.tsx'
import { Moment } from '../../components/Moment.tsx'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import classes from './backups.module.css'
import { Sheet } from './Sheet.tsx'

export function RecoveryKey() {
  const { t } = useTranslation()
  const api = useApi()
  const query = useQuery(api.backups.recoveryKey.queryOptions())
  const face = useListFace(query)
  const mayMake = useMay('ADMIN')
  const mayProve = useMay('OPERATOR')
  const [isAsking, setAsking] = useState<'make' | 'prove' | null>(null)
  const key = query.data?.key ?? null
  return (
    <section className={classes.key} aria-labelledby="recovery-key">
      <h2 id="recovery-key">{t('backups.key')}</h2>
      <p className={classes.quiet}>{t('backups.key-means')}</p>
      <ListFaces face={face} rowHeight={30} skeletonRows={1} errorTitle={t('backups.key-unreadable')}>
        <p>
          <StatusGlyph status={key?.provenAt == null ? 'WARNING' : 'HEALTHY'} size={13} />{' '}
          {key === null ? (
            t('backups.key-none')
          ) : (
            <>
              {key.provenAt === null ? (
                t('backups.key-not-proven')
              ) : (
                <>
                  {t('backups.key-proven')} <Moment at={Date.parse(key.provenAt)} />
                </>
              )}
              <span className={classes.quiet}>
                {' · '}
                {t('backups.key-made')} <Moment at={Date.parse(key.madeAt)} show="absolute" />
              </span>
            </>
          )}
        </p>
        {key !== null && (
          <p className={classes.quiet}>
            {t('backups.key-public')} <code>{key.recipient}</code>
          </p>
        )}
        <div className={classes.buttons}>
          {mayProve && key !== null && (
            <Button variant="default" onClick={() => setAsking('prove')}>
              {t('backups.key-prove')}
            </Button>
          )}
          {mayMake && (
            <Button variant="default" onClick={() => setAsking('make')}>
              {t(key === null ? 'backups.key-make' : 'backups.key-make-anew')}
            </Button>
          )}
        </div>
      </ListFaces>
      {isAsking === 'make' && <MakeKey isAnew={key !== null} onClose={() => setAsking(null)} />}
      {isAsking === 'prove' && <ProveKey onClose={() => setAsking(null)} />}
    </section>
  )
}

function MakeKey({ isAnew, onClose }: { isAnew: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useClient()
  const readAgain = useReadKeyAgain()
  const errorText = useErrorText()
  const make = useMutation({
    mutationFn: () => client.backups.makeRecoveryKey({}),
    // The secret half stands on the screen, and nowhere else.
    gcTime: 0,
    onSuccess: readAgain,
  })
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      closeOnClickOutside={make.data === undefined}
      closeOnEscape={make.data === undefined}
      title={t('backups.key')}
      closeButtonProps={{ 'aria-label': t('settings.close') }}
    >
      <div className={classes.form}>
        {make.data === undefined ? (
          <>
            <p>{t('backups.key-make-means')}</p>
            {isAnew && <p>{t('backups.key-anew-means')}</p>}
            {make.error !== null && (
              <p role="alert" className={classes.failed}>
                {errorText(make.error)}
              </p>
            )}
            <div className={classes.buttons}>
              <Button loading={make.isPending} data-autofocus onClick={() => make.mutate()}>
                {t('backups.key-make-do')}
              </Button>
              <Button variant="default" onClick={onClose}>
                {t('settings.cancel')}
              </Button>
            </div>
          </>
        ) : (
          <>
            <p role="status">{t('backups.key-shown-once')}</p>
            <Sheet page={make.data.sheet} />
            <div className={classes.buttons}>
              <Button data-autofocus onClick={() => window.print()}>
                {t('handover.print')}
              </Button>
              <Button variant="default" onClick={onClose}>
                {t('backups.key-is-printed')}
              </Button>
            </div>
          </>
        )}
      </div>
    </Modal>
  )
}

function ProveKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useClient()
  const readAgain = useReadKeyAgain()
  const errorText = useErrorText()
  const [typed, setTyped] = useState('')
  const prove = useMutation({
    mutationFn: () => client.backups.proveRecoveryKey({ typed }),
    gcTime: 0,
    onSuccess: async () => {
      await readAgain()
      onClose()
    },
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    if (typed.trim() !== '') prove.mutate()
  }
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('backups.key-prove')}
      closeButtonProps={{ 'aria-label': t('settings.close') }}
    >
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label={t('backups.key-typed')}
          description={t('backups.key-typed-means')}
          placeholder="AGE-SECRET-KEY-1…"
          value={typed}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          error={prove.error === null ? undefined : errorText(prove.error)}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div className={classes.buttons}>
          <Button type="submit" loading={prove.isPending} disabled={typed.trim() === ''}>
            {t('backups.key-prove-do')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('settings.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function useReadKeyAgain(): () => Promise<void> {
  const cache = useQueryClient()
  const api = useApi()
  return () => cache.invalidateQueries({ queryKey: api.backups.recoveryKey.key() })
}
