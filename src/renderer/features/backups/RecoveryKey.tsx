/** The key of last resort: made once, printed, and proven by typing it in from its sheet. */
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useClient } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { useListFace } from '../../client/list-face.ts'
import { useMay } from '../../client/session.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogButtons } from '../../components/dialog/DialogButtons.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import { ListFaces } from '../../components/ListFaces.tsx'
import { Moment } from '../../components/Moment.tsx'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import classes from './backups.module.css'
import { RecoveryKeys } from './RecoveryKeys.tsx'
import { Sheet } from './Sheet.tsx'

export function RecoveryKey() {
  const { t } = useTranslation()
  const api = useApi()
  const query = useQuery(api.backups.recoveryKey.queryOptions())
  const face = useListFace(query)
  const mayMake = useMay('ADMIN')
  const mayProve = useMay('OPERATOR')
  const [isAsking, setAsking] = useState<'make' | 'prove' | 'all' | null>(null)
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
          {key !== null && (
            <Button variant="subtle" onClick={() => setAsking('all')}>
              {t('backups.keys-all')}
            </Button>
          )}
        </div>
      </ListFaces>
      {isAsking === 'make' && <MakeKey isAnew={key !== null} onClose={() => setAsking(null)} />}
      {isAsking === 'all' && <RecoveryKeys onClose={() => setAsking(null)} />}
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
    <Dialog
      size="xl"
      onClose={onClose}
      isHeld={make.isPending || make.data !== undefined}
      title={t('backups.key')}
    >
      {make.data === undefined ? (
        <DialogForm
          submit={t('backups.key-make-do')}
          isBusy={make.isPending}
          // Its sheet is shown once.
          isHeld={make.isPending}
          error={make.error === null ? null : errorText(make.error)}
          isCautious={isAnew}
          onSubmit={() => make.mutate()}
          onClose={onClose}
        >
          <p>{t('backups.key-make-means')}</p>
          {isAnew && <p>{t('backups.key-anew-means')}</p>}
        </DialogForm>
      ) : (
        <>
          <p role="status">{t('backups.key-shown-once')}</p>
          <Sheet page={make.data.sheet} />
          <DialogButtons>
            <Button data-autofocus onClick={() => window.print()}>
              {t('handover.print')}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t('backups.key-is-printed')}
            </Button>
          </DialogButtons>
        </>
      )}
    </Dialog>
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
  return (
    <Dialog size="lg" onClose={onClose} title={t('backups.key-prove-title')}>
      <DialogForm
        submit={t('backups.key-prove-do')}
        isReady={typed.trim() !== ''}
        isBusy={prove.isPending}
        onSubmit={() => prove.mutate()}
        onClose={onClose}
      >
        <Textarea
          label={t('backups.key-typed')}
          description={t('backups.key-typed-means')}
          placeholder="AGE-SECRET-KEY-1…"
          value={typed}
          classNames={{ input: classes.typed }}
          // As long as it is on its sheet, spaces and all.
          minRows={2}
          autosize
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          error={prove.error === null ? undefined : errorText(prove.error)}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            // A key has no lines: `Enter` tries it, as in a field of one.
            if (event.key !== 'Enter') return
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }}
        />
      </DialogForm>
    </Dialog>
  )
}

function useReadKeyAgain(): () => Promise<void> {
  const cache = useQueryClient()
  const api = useApi()
  return async () => {
    await Promise.all([
      cache.invalidateQueries({ queryKey: api.backups.recoveryKey.key() }),
      cache.invalidateQueries({ queryKey: api.backups.recoveryKeys.key() }),
    ])
  }
}
