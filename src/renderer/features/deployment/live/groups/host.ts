/** The charts of a host. */
import { type GroupDefinition, line, PERCENT, SMALL } from './definition.ts'

export const HOST: GroupDefinition = {
  id: 'host',
  probes: ['host'],
  charts: [
    {
      id: 'host-cpu',
      probe: 'host',
      unit: 'percent',
      scale: PERCENT,
      lines: [line('system_cpu_percent')],
      limits: 'system_cpu_percent',
    },
    {
      id: 'host-memory',
      probe: 'host',
      unit: 'percent',
      scale: PERCENT,
      lines: [line('system_memory_percent')],
      limits: 'system_memory_percent',
    },
    {
      id: 'host-disk',
      probe: 'host',
      unit: 'percent',
      scale: PERCENT,
      lines: [line('system_disk_percent'), line('system_inodes_percent', 'second')],
      limits: 'system_disk_percent',
    },
    {
      id: 'host-load',
      probe: 'host',
      unit: 'load',
      scale: SMALL,
      lines: [line('system_load1')],
    },
  ],
}
