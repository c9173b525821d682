/** Что и когда закончится: на экране развёртывания. */
import type { uiForecasts as en } from '../en/ui-forecasts.ts'
import type { Translated } from '../plurals.ts'

export const uiForecasts: Translated<typeof en> = {
  'forecasts.title': 'Прогнозы',
  'forecasts.failed': 'Прогнозы построить не удалось',
  'forecasts.none': 'в обозримое время ничего не закончится',
  'forecasts.soonest': '{{what}}: {{text}}',
  'forecasts.what': 'Что',
  'forecasts.target': 'Где',
  'forecasts.now': 'Сейчас',
  'forecasts.rate': 'В час',
  'forecasts.outlook': 'Прогноз',
  'forecasts.range': 'В 9 случаях из 10 это случится в указанных пределах, если ничего не изменится.',
  'forecasts.db_pool_utilization': 'Пул соединений',
  'forecasts.system_disk_percent': 'Диск',
  'forecasts.redis_memory_usage': 'Память Redis',
  'forecasts.db_xid_age_percent': 'Номера транзакций',
  'forecasts.db_size_bytes': 'Размер базы',
  'forecasts.tls_days_left': 'Сертификат',
}
