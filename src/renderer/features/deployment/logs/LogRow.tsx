/** One line of a log in one row, and what it carries besides in the one below it. */
import { Box, Button, CopyButton } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogLine } from '#shared/model/logs.ts'
import { clock, universal } from '../../../components/moment.ts'
import { lineText } from './line-text.ts'
import classes from './logs.module.css'

interface Props {
  readonly line: LogLine
  /** Pixels from the top of the list. */
  readonly top: number
  readonly rowIndex: number
  readonly tabbable: boolean
  readonly opened: boolean
  /** It is the first one at the moment that was asked for. */
  readonly isMoment: boolean
  /** Something before it is missing. */
  readonly afterGap: boolean
  readonly onToggle: (id: string) => void
  readonly onActive: (id: string) => void
}

export const LogRow = memo(function LogRow(props: Props) {
  const { line, top, rowIndex, tabbable, opened, isMoment, afterGap, onToggle, onActive } = props
  const { t, i18n } = useTranslation()
  const { id, at, level, source, message, detail } = line
  const time = at === null ? '–' : clock(i18n.language, 'precise').format(at)
  const words = message === '' ? (line.fields[0]?.value ?? '') : message
  return (
    <tr
      className={classes.row}
      aria-rowindex={rowIndex}
      data-level={level ?? undefined}
      data-opened={opened || undefined}
      data-moment={isMoment || undefined}
      data-gap={afterGap || undefined}
      title={afterGap ? t('logs.gap') : undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        // Who marks a text to copy it does not open a row.
        if (document.getSelection()?.isCollapsed !== false) onToggle(id)
      }}
    >
      <th scope="row">
        <button
          type="button"
          data-id={id}
          className={classes.time}
          tabIndex={tabbable ? 0 : -1}
          aria-expanded={opened}
          title={at === null ? t('logs.no-time') : universal(at)}
          onFocus={() => onActive(id)}
          onClick={(event) => {
            event.stopPropagation()
            onToggle(id)
          }}
        >
          {time}
        </button>
      </th>
      <td className={classes.level}>{level === null ? '–' : t(`logs.level-${level}`)}</td>
      <td className={classes.source} title={source ?? undefined}>
        {source ?? ''}
      </td>
      <td className={classes.message}>
        <code>{words.slice(0, 600)}</code>
        {detail !== null && (
          <span className={classes.more}> {t('logs.lines-more', { count: detail.split('\n').length })}</span>
        )}
      </td>
    </tr>
  )
})

export function LogDetail({ line, top, height }: { line: LogLine; top: number; height: number }) {
  const { t, i18n } = useTranslation()
  const { at, message, detail, fields, cut } = line
  return (
    <tr className={classes.detailRow} style={{ transform: `translateY(${top}px)`, height }}>
      <td colSpan={4}>
        {/* Focusable, because a box that scrolls must be reachable by keyboard (WCAG 2.1.1). */}
        <Box role="group" className={classes.detail} tabIndex={0} aria-label={t('logs.detail')}>
          <div className={classes.detailHead}>
            <span className={classes.quiet}>
              {at === null
                ? t('logs.no-time')
                : `${clock(i18n.language, 'full').format(at)} · ${universal(at)}`}
            </span>
            {cut && <span className={classes.quiet}>{t('logs.cut')}</span>}
            <CopyButton value={lineText(line)}>
              {({ copied, copy }) => (
                <Button variant="default" size="compact-xs" onClick={copy}>
                  {t(copied ? 'copy.done' : 'logs.copy')}
                </Button>
              )}
            </CopyButton>
          </div>
          <pre className={classes.text}>{detail === null ? message : `${message}\n${detail}`}</pre>
          {fields.length > 0 && (
            <dl className={classes.fields}>
              {fields.map(({ name, value }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )}
        </Box>
      </td>
    </tr>
  )
}
