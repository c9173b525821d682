/** Оповещения словами: что правило говорит о том, на чём сработало. */
import type { alerts as en } from '../en/alerts.ts'
import type { Translated } from '../plurals.ts'

export const alerts: Translated<typeof en> = {
  'alert-db-pool-utilization-high':
    'Пул соединений занят на {{value, number(maximumFractionDigits: 0)}} % (предел {{limit, number}} %)',
  'alert-db-pool-available-low':
    'Свободных соединений в пуле: {{value, number}} (нужно не меньше {{limit, number}})',
  'alert-db-slow-queries': 'Запрос выполнялся {{value, number}} мс (предел {{limit, number}} мс)',
  'alert-redis-disconnected': 'Redis {{target}} не отвечает',
  'alert-redis-memory-high':
    'Redis {{target}}: память занята на {{value, number(maximumFractionDigits: 0)}} % (предел {{limit, number}} %)',
  'alert-redis-evicting':
    'Redis {{target}} больше минуты вытесняет по {{value, number(maximumFractionDigits: 1)}} ключей в секунду',
  'alert-redis-hit-rate-low':
    'Redis {{target}}: доля попаданий {{value, number(maximumFractionDigits: 1)}} % за 5 минут (предел {{limit, number}} %)',
  'alert-redis-load-high':
    'Redis {{target}}: {{value, number(maximumFractionDigits: 0)}} команд в секунду (предел {{limit, number}})',
  'alert-system-memory-high':
    'Память {{target}} занята на {{value, number(maximumFractionDigits: 0)}} % (предел {{limit, number}} %)',
  'alert-system-cpu-high':
    'Процессор {{target}} занят на {{value, number(maximumFractionDigits: 0)}} % (предел {{limit, number}} %)',
  'alert-system-disk-high':
    'Диск {{target}} заполнен на {{value, number(maximumFractionDigits: 0)}} % (предел {{limit, number}} %)',
  'alert-alerts-active-high': 'Активных оповещений: {{value, number}} (предел {{limit, number}})',
  'alert-http-errors-high':
    '{{target}}: ответов 5xx за минуту: {{value, number(maximumFractionDigits: 0)}} (предел {{limit, number}})',
  'alert-http-requests-slow':
    '{{target}} {{path}}: запросы занимают {{value, number(maximumFractionDigits: 0)}} мс (предел {{limit, number}} мс)',
  'alert-service-not-ready': '{{target}} не готов',
  'alert-backup-stale': 'Полной резервной копии нет уже больше {{limit, duration}}',
  'alert-deployment-unreachable': 'До развёртывания не добраться: о том, что в нём, ничего не известно',
  'alert-postgres-down': 'PostgreSQL не отвечает',
  'alert-host-key-changed': 'Узел SSH на пути показал не тот ключ, который известен',
  'alert-redis-persistence-failing': 'Redis {{target}} не может сохранить данные на диск',
  'alert-replication-lag-high':
    'Репликация {{target}} отстаёт на {{value, number(maximumFractionDigits: 0)}} с (предел {{limit, number}} с)',
  'alert-xid-wraparound':
    'Идентификаторы транзакций израсходованы на {{value, number(maximumFractionDigits: 0)}} % (предел {{limit, number}} %)',
  'alert-tls-expiring':
    'Сертификат {{target}} истекает через {{value, number(maximumFractionDigits: 0; roundingMode: floor)}} дн. (предел {{limit, number}})',
  'alert-drill-failed': 'Учебное восстановление из копии не удалось',
  'alert-drill-failed-because': 'Учебное восстановление из копии не удалось: {{becauseText}}',
  'alert-own-above':
    '{{title}}: {{target}} {{label}} {{value, number(maximumFractionDigits: 2)}} (не больше {{limit, number}})',
  'alert-own-below':
    '{{title}}: {{target}} {{label}} {{value, number(maximumFractionDigits: 2)}} (не меньше {{limit, number}})',

  'title-db-pool-utilization-high': 'Пул соединений почти исчерпан',
  'title-db-pool-available-low': 'В пуле почти нет свободных соединений',
  'title-db-slow-queries': 'Медленные запросы',
  'title-redis-disconnected': 'Redis не отвечает',
  'title-redis-memory-high': 'Redis не хватает памяти',
  'title-redis-hit-rate-low': 'Низкая доля попаданий Redis',
  'title-redis-load-high': 'Высокая нагрузка на Redis',
  'title-system-memory-high': 'Узлу не хватает памяти',
  'title-system-cpu-high': 'Узлу не хватает процессора',
  'title-system-disk-high': 'Диск почти заполнен',
  'title-alerts-active-high': 'Много оповещений сразу',
  'title-http-errors-high': 'Много неудачных запросов',
  'title-http-requests-slow': 'Медленные ответы',
  'title-service-not-ready': 'Сервис не готов',
  'title-backup-stale': 'Резервная копия устарела',
  'title-deployment-unreachable': 'До развёртывания не добраться',
  'title-postgres-down': 'PostgreSQL не отвечает',
  'title-host-key-changed': 'Ключ узла SSH изменился',
  'title-redis-persistence-failing': 'Redis не может сохранить данные',
  'title-replication-lag-high': 'Репликация отстаёт',
  'title-xid-wraparound': 'Идентификаторы транзакций кончаются',
  'title-tls-expiring': 'Сертификат скоро истечёт',
  'title-drill-failed': 'Учебное восстановление не удалось',

  'unheard-all': 'Критичные оповещения никому не приходят: {{why}}.',
  'unheard-part': 'Часть критичных оповещений никому не приходит: {{why}}.',
  'unheard-some_one': 'Критичные оповещения {{count, number}} правила никому не приходят: {{why}}.',
  'unheard-some_few': 'Критичные оповещения {{count, number}} правил никому не приходят: {{why}}.',
  'unheard-some_many': 'Критичные оповещения {{count, number}} правил никому не приходят: {{why}}.',
  'unheard-some_other': 'Критичные оповещения {{count, number}} правил никому не приходят: {{why}}.',
  'unheard-why-no-channel': 'нет ни одного канала',
  'unheard-why-all-off': 'все каналы выключены',
  'unheard-why-none-gets-everything': 'ни один из включённых каналов не получает всё',
  'unheard-why-failing': 'отправленное в {{channels}} не доходит или отклоняется',
  'unheard-why-no-page': 'они идут в браузер, а страница этой консоли нигде не открыта',
  'unheard-why-not-allowed': 'они идут в браузер, а показывать уведомления там не разрешено',
  'inert-no-backups': 'Не действует: ни в одном профиле нет резервных копий',
  'inert-no-drills':
    'Не действует: ни у одного развёртывания нет копий, которые можно восстановить для проверки',
  'inert-for-nothing': 'Сейчас ничего не видит: под его область не подходит ни одно развёртывание',
  'inert-sees-nothing':
    'Сейчас ничего не видит: ни в одном из его развёртываний ({{deployments}}) нет {{lacks}}',

  'rehearsal-nothing-to-read': 'Это правило здесь ничего не читает, прогонять нечего',
  'rehearsal-not-watched': 'Развёртывание на паузе: правила прогоняются по тому, что наблюдается',
  'rehearsal-reads-the-way':
    'Правило смотрит, доступно ли развёртывание, а это в истории не хранится: как часто оно сработало бы, неизвестно',
  'rehearsal-reads-alerts':
    'Правило смотрит, сколько оповещений активно, а это в истории не хранится: как часто оно сработало бы, неизвестно',
  'rehearsal-reads-backups':
    'Правило смотрит, насколько стара последняя копия, а это в истории не хранится: как часто оно сработало бы, неизвестно',
  'rehearsal-coarse':
    'За часть времени хранятся только средние за более долгие шаги: короткие всплески не видны',
  'rehearsal-policy-of-now': 'Считается, что Redis вытеснял ключи так же, как сейчас',
  'rehearsal-refused-writes': 'Отказы Redis в записи не хранятся: считаются только неудачные сохранения',
}
