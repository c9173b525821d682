/** What runs out, and when: on a deployment's screen. */
export const uiForecasts = {
  'forecasts.title': 'Forecasts',
  'forecasts.failed': 'Forecasts could not be made',
  'forecasts.none': 'nothing runs out within the time that can be foretold',
  'forecasts.soonest': '{{what}}: {{text}}',
  'forecasts.what': 'What',
  'forecasts.target': 'Target',
  'forecasts.now': 'Now',
  'forecasts.rate': 'Per hour',
  'forecasts.outlook': 'Outlook',
  'forecasts.range': '9 of 10 times it comes within the range, as long as nothing changes.',
  'forecasts.db_pool_utilization': 'Connection pool',
  'forecasts.system_disk_percent': 'Disk',
  'forecasts.redis_memory_usage': 'Redis memory',
  'forecasts.db_xid_age_percent': 'Transaction ids',
  'forecasts.db_size_bytes': 'Database size',
  'forecasts.tls_days_left': 'Certificate',
} as const
