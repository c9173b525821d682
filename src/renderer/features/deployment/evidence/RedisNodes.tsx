/** The nodes of a Redis cluster: what each is, how it is, and how full. */
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { RedisNodeSeen } from '#shared/model/observation.ts'
import { useQuantity } from '../../../components/useQuantity.ts'
import classes from '../deployment.module.css'

export function RedisNodes({ target, nodes }: { target: string; nodes: readonly RedisNodeSeen[] }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const heading = useId()
  return (
    <div className={classes.wide}>
      <h3 id={heading}>{t('evidence.nodes', { target })}</h3>
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
