/** The nodes of a Redis cluster: what each is, how it is, and how full. */
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { RedisNodeSeen } from '#shared/model/observation.ts'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import classes from '../deployment.module.css'

export function RedisNodes({ target, nodes }: { target: string; nodes: readonly RedisNodeSeen[] }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const heading = useId()
  return (
    <div className={classes.wide}>
      <div className={classes.tableHead}>
        <h3 id={heading}>{t('evidence.nodes', { target })}</h3>
        <CsvButton
          label={t('evidence.nodes', { target })}
          table={() => ({
            headings: [
              t('evidence.node'),
              t('evidence.node-role'),
              t('evidence.state'),
              t('evidence.node-slots'),
              t('evidence.node-keys'),
              `${t('evidence.node-memory')} (${t('unit.bytes')})`,
              `${t('evidence.node-memory')} (${t('unit.percent')})`,
              `${t('evidence.node-latency')} (${t('unit.milliseconds')})`,
            ],
            rows: nodes.map((node) => [
              node.name,
              t(`evidence.node-${node.role}`),
              t(`evidence.node-${node.state}`),
              node.slots,
              node.keys,
              node.memoryBytes,
              node.memoryUsage,
              node.latencyMs,
            ]),
          })}
        />
      </div>
      <div className={classes.tableBox}>
        <table className={`${classes.table} ${classes.figures}`} aria-labelledby={heading}>
          <thead>
            <tr>
              <th scope="col">{t('evidence.node')}</th>
              <th scope="col">{t('evidence.node-role')}</th>
              <th scope="col">{t('evidence.state')}</th>
              {(['slots', 'keys', 'memory', 'latency'] as const).map((column) => (
                <th key={column} scope="col" className={classes.number}>
                  {t(`evidence.node-${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr key={node.name}>
                <th scope="row">{node.name}</th>
                <td>{t(`evidence.node-${node.role}`)}</td>
                <td>
                  {node.state === 'ok' ? (
                    t('evidence.node-ok')
                  ) : (
                    <strong>{t(`evidence.node-${node.state}`)}</strong>
                  )}
                </td>
                <td className={classes.number}>{text(node.slots, 'count')}</td>
                <td className={classes.number}>{text(node.keys, 'count')}</td>
                <td className={classes.number}>
                  {text(node.memoryBytes, 'bytes')}
                  {node.memoryUsage !== null && ` · ${text(node.memoryUsage, 'percent')}`}
                </td>
                <td className={classes.number}>{text(node.latencyMs, 'milliseconds')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
