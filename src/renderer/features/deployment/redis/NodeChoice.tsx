/** Which node of a cluster is asked; nothing where there is one server. */
import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RedisAnswer } from '#shared/model/redis-server.ts'
import classes from './redis.module.css'

interface Props {
  readonly answer: RedisAnswer | undefined
  readonly onNode: (node: string) => void
}

export function NodeChoice({ answer, onNode }: Props) {
  const { t } = useTranslation()
  if (answer === undefined || answer.nodes.length < 2) return null
  return (
    <Select
      className={classes.node}
      size="xs"
      value={answer.node}
      data={answer.nodes.map(({ name, role }) => ({
        value: name,
        label: role === null ? name : `${name} · ${t(`redis.role-${role}`)}`,
      }))}
      onChange={(node) => {
        if (node !== null) onNode(node)
      }}
      aria-label={t('redis.node')}
      allowDeselect={false}
      searchable
    />
  )
}
