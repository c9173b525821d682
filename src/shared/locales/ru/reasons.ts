import type { reasons as english } from '../en/reasons.ts'

export const reasons: Record<keyof typeof english, string> = {
  'tls-none': 'нет: сервер не предлагает TLS',
  'tls-unchecked': '{{protocol}}, сертификат не проверялся',
  'tls-chain': '{{protocol}}, {{cipher}}; {{chain}}; действует до {{end}}, ещё дней: {{days, number}}',
  'oauth-token-for': 'токен на {{seconds, number}} с',
  'oauth-token-unbounded': 'токен, который не сообщает, сколько действует',
  'redis-cluster-known': 'узлов в кластере: {{nodes, number}}',
  'redis-node-of-cluster':
    '{{commands}}; это один из узлов кластера: с «cluster: true» в профиле наблюдаются все узлы',
  'rights-superuser':
    '{{facts}}: для наблюдения это лишнее; роль, которая состоит только в pg_monitor, и в чужих руках безвредна',
  'rights-writes':
    '{{facts}}, и может менять данные, а для наблюдения это не нужно; отдельная роль в pg_monitor и в чужих руках безвредна',
  'rights-pooled':
    '{{facts}}: клиентов, которые ждут там соединения, не видно, а когда его пул исчерпан, не видно ничего',
  'not-yet-observed': 'Ещё не опрашивалось',
  'nothing-watched': 'Ничего такого не объявлено',
  paused: 'Наблюдение приостановлено',
  'console-slept': 'Консоль спала или была остановлена',
  'console-offline': 'У самой консоли нет сети',
  'console-online': 'У консоли снова есть сеть',
  'look-timed-out': 'Нет ответа за {{seconds, number}} с; на чём задержка, неизвестно',
  'probe-failed': 'Опрос не удался из-за ошибки в самой Vakhta; подробности в её журнале',

  'health-live-and-ready': 'Работает и готов, ответил за {{latency, number}} мс',
  'health-live': 'Работает, ответил за {{latency, number}} мс',
  'health-not-live': '{{path}} отвечает {{httpStatus}}: сервис не работает',
  'health-live-unexpected':
    '{{path}} отвечает {{httpStatus}} вместо 2xx: проверьте путь и токен в профиле, затем сам сервис',
  'health-not-ready': 'Работает, но не готов: {{path}} отвечает {{httpStatus}}',
  'health-not-ready-because': 'Работает, но не готов: {{dependencies}} (по данным {{path}}, {{httpStatus}})',
  'health-ready-unanswered': 'Работает, но {{path}} не отвечает',
  'health-refused':
    '{{path}} отвечает {{httpStatus}}: сервис отвечает, но ему нужны другие учётные данные, чем в профиле',
  'health-redirected':
    '{{path}} отвечает {{httpStatus}} и отсылает к {{location}}: укажите этот адрес в профиле или разрешите переходы («redirects»)',
  'health-ready-refused':
    'Работает, но {{path}} отвечает {{httpStatus}}: нужны другие учётные данные, чем в профиле',
  'health-limited': 'Сервис ограничивает частоту запросов (429): следующий опрос через {{seconds, number}} с',
  'health-request-unexpected': 'Проверка {{request}}: {{path}} отвечает {{httpStatus}} вместо {{expected}}',
  'health-request-unanswered': 'Проверка {{request}}: {{path}} не отвечает за {{seconds, number}} с',
  'health-request-no-number': 'Проверка {{request}}: в ответе {{path}} нет числа по адресу {{json}}',
  'health-request-above': 'Проверка {{request}}: {{value, number}} (не больше {{limit, number}})',
  'health-request-below': 'Проверка {{request}}: {{value, number}} (не меньше {{limit, number}})',
  'health-tls-expiring':
    'До конца срока сертификата, дней: {{value, number(maximumFractionDigits: 0; roundingMode: floor)}} (порог {{limit, number}})',

  'pool-healthy':
    'Занято соединений: {{checkedOut, number}} из {{size, number}}, свободно {{available, number}}',
  'pool-utilization-high':
    'Пул занят на {{value, number(maximumFractionDigits: 0)}} %: {{checkedOut, number}} соединений из {{size, number}} (порог {{limit, number}} %)',
  'pool-available-low':
    'Свободно соединений: {{available, number}} из {{size, number}} (порог {{limit, number}})',
  'pool-used-up-by-locks':
    'Пул исчерпан, занято {{checkedOut, number}} из {{size, number}}; ждут блокировку: {{waiting, number}}, держит PID {{blockers}}',
  'pool-used-up-idle-in-transaction':
    'Пул исчерпан, занято {{checkedOut, number}} из {{size, number}}; простаивают в транзакции: {{idleInTransaction, number}}, дольше всех {{seconds, number}} с',
  'pool-transaction-old':
    'Самой старой транзакции {{value, number(maximumFractionDigits: 0)}} с (порог {{limit, number}} с); простаивают в транзакции: {{idleInTransaction, number}}',
  'pool-clients-waiting': 'Клиентов в очереди за соединением: {{value, number}} (порог {{limit, number}})',
  'pool-locks-waiting':
    'Ждут блокировку дольше секунды: {{value, number}} (порог {{limit, number}}); держит PID {{blockers}}',
  'pool-slow-statements':
    'Запросов дольше 1000 мс за последние 30 с: {{statements, number}}, самый долгий {{seconds, number}} с',
  'pool-replication-lagging':
    'Реплика отстаёт на {{value, number(maximumFractionDigits: 0)}} с (порог {{limit, number}} с)',
  'pool-archive-failing':
    'WAL не архивируется: последняя попытка, на {{wal}}, не удалась; последняя удачная была {{seconds, duration}} назад. WAL копится на сервере, а записанное с тех пор не восстановить',
  'pool-archive-never':
    'WAL не архивируется и ни разу не архивировался: последняя попытка, на {{wal}}, не удалась. WAL копится на сервере; смотрите archive_command и журнал сервера',
  'pool-xid-age-high':
    'Счётчик транзакций прошёл {{value, number(maximumFractionDigits: 0)}} % пути до зацикливания (порог {{limit, number}} %): пора выполнить VACUUM FREEZE',
  'pool-mxid-age-high':
    'Счётчик мультитранзакций прошёл {{value, number(maximumFractionDigits: 0)}} % пути до зацикливания (порог {{limit, number}} %): пора выполнить VACUUM FREEZE',
  'pool-prepared-transaction-old':
    'Подготовленная транзакция открыта уже {{value, number(maximumFractionDigits: 0)}} с (порог {{limit, number}} с): пока её не зафиксируют или не откатят, она держит блокировки и мешает очистке (pg_prepared_xacts)',
  'pool-checksums-wrong':
    'Блоков базы с неверной контрольной суммой: {{value, number}}. Хранилище портит данные: какие это блоки, сказано в журнале PostgreSQL; убедитесь, что есть исправная копия',
  'pool-privilege-missing':
    'Роли {{role}} не видно состояние чужих соединений (скрыто: {{hidden, number}}). Выполните: {{grant}}',
  'pool-replication-hidden':
    'Роли {{role}} не видно, насколько отстают реплики (скрыто: {{hidden, number}}). Выполните: {{grant}}',
  'pool-views-disagree':
    'По данным приложения занято соединений: {{application, number}}, по данным сервера: {{server, number}}. Соединения утекают или ими пользуется кто-то ещё',
  'pool-server-nearly-full':
    'На сервере осталось соединений: {{left, number}} из {{room, number}} — меньше, чем может понадобиться пулу',

  'pool-query-above': 'Запрос {{query}}: {{value, number}} (не больше {{limit, number}})',
  'pool-query-below': 'Запрос {{query}}: {{value, number}} (не меньше {{limit, number}})',
  'pool-query-failed':
    'PostgreSQL отказался выполнять запрос {{query}} из профиля (SQLSTATE {{sqlstate}}): {{words}}. Исправьте его в профиле или дайте роли права',
  'pool-query-too-slow':
    'Запрос {{query}} из профиля прерван через {{seconds, number}} с и выполняется теперь реже: ему нужен индекс или меньше данных',
  'pool-query-many-rows':
    'Запрос {{query}} из профиля возвращает несколько строк: укажите в «by» столбец, по которому их различать',
  'pool-query-without-column':
    'В ответе на запрос {{query}} из профиля нет столбца {{column}}, по которому различать строки; есть {{columns}}',
  'pool-query-no-number': 'Запрос {{query}} из профиля не возвращает ни одного числа',

  'redis-healthy':
    'Отвечает за {{latency, number(maximumFractionDigits: 1)}} мс, подключено клиентов: {{clients, number}}',
  'redis-healthy-replica':
    'Реплика сервера {{primary}}, данные от него получены {{lag, number(maximumFractionDigits: 0)}} с назад; отвечает за {{latency, number(maximumFractionDigits: 1)}} мс',
  'redis-healthy-cluster':
    'Узлов: {{nodes, number}}, из них основных: {{primaries, number}}; самый медленный отвечает за {{latency, number(maximumFractionDigits: 1)}} мс',
  'redis-healthy-cluster-node':
    'Отвечает за {{latency, number(maximumFractionDigits: 1)}} мс. Это один из узлов кластера, остальные не наблюдаются: укажите в профиле, что это адрес кластера («cluster: true»), и под наблюдением будут все',
  'redis-loading-progress':
    'Redis читает данные с диска, прочитано {{percent, number(maximumFractionDigits: 0)}} %: команд не выполняет, осталось около {{seconds, number}} с',
  'redis-writes-refused':
    'Redis отклоняет любую запись, потому что не смог сохранить данные на диск: проверьте диск, место на нём и журнал Redis',
  'redis-out-of-memory':
    'У Redis кончилась память, запись отклоняется: занято {{usedMiB, number}} из {{ofMiB, number}} МиБ, и вытеснять нечего',
  'redis-clients-full':
    'Заняты все соединения, которые допускает maxclients ({{most, number}}): новым клиентам отказано',
  'redis-info-renamed':
    'Отвечает, но не знает INFO, поэтому почти ничего не известно: на сервере команду переименовали или отключили (rename-command или хостинг)',
  'redis-cluster-failing':
    'Кластер отклоняет команды (cluster_state:fail); слотов без узла: {{slots, number}} из 16384',
  'redis-cluster-divided':
    'Часть узлов считает, что кластер не работает: {{nodes}}. Они отрезаны от большинства остальных',
  'redis-cluster-uncovered':
    'Слотов, которые никто не обслуживает: {{slots, number}} из 16384. Ключи в них недоступны',
  'redis-cluster-nodes-down': 'Не работают узлы кластера: {{count, number}} ({{nodes}})',
  'redis-cluster-nodes-unreached':
    'Узлы, до которых кластер достаёт, а Vakhta нет: {{count, number}} ({{nodes}}). Объявленные ими адреса считаются с конца цепочки SSH',
  'redis-latency-high':
    'Отвечает за {{value, number(maximumFractionDigits: 0)}} мс (порог {{limit, number}} мс)',
  'redis-memory-high':
    'Память занята на {{value, number(maximumFractionDigits: 0)}} %: {{usedMiB, number}} из {{ofMiB, number}} МиБ (порог {{limit, number}} %), и вытеснять нечего',
  'redis-hit-rate-low':
    'Доля попаданий за 5 минут: {{value, number(maximumFractionDigits: 1)}} % (порог {{limit, number}} %)',
  'redis-load-high':
    'Команд в секунду: {{value, number(maximumFractionDigits: 0)}} (порог {{limit, number}})',
  'redis-cpu-high':
    'Поток, который выполняет команды, занят {{value, number(maximumFractionDigits: 0)}} % времени (порог {{limit, number}} %): он у Redis один на всех',
  'redis-evicting':
    'Из-за нехватки памяти вытесняет ключей в секунду: {{value, number(maximumFractionDigits: 1)}} (порог {{limit, number}})',
  'redis-replication-lagging':
    'Репликация отстаёт на {{value, number(maximumFractionDigits: 0)}} с (порог {{limit, number}} с)',
  'redis-replication-copying':
    'Реплика заново копирует данные основного сервера: пока она не закончит, её ответы устаревшие',
  'redis-replication-broken': 'Реплика потеряла связь с основным сервером: её данные устаревают',
  'redis-save-failing':
    'Последнее фоновое сохранение не удалось: если Redis остановится, записанное с тех пор пропадёт',
  'redis-append-only-failing':
    'Не удалось записать или переписать журнал AOF: проверьте диск и свободное место',
  'redis-info-forbidden':
    'Отвечает, но этому пользователю нельзя выполнять INFO, поэтому почти ничего не известно. Выполните: {{grant}}',

  'host-healthy': 'Процессор {{cpu, number}} %, память {{memory, number}} %, диск {{disk, number}} %',
  'host-healthy-at-first':
    'Память {{memory, number}} %, диск {{disk, number}} %; загрузка процессора будет известна со следующего опроса',
  'host-cpu-high':
    'Процессор загружен на {{value, number(maximumFractionDigits: 0)}} % (порог {{limit, number}} %)',
  'host-memory-high':
    'Память занята на {{value, number(maximumFractionDigits: 0)}} % (порог {{limit, number}} %)',
  'host-disk-high':
    'Диск {{disk}} заполнен на {{value, number(maximumFractionDigits: 0)}} % (порог {{limit, number}} %)',
  'host-inodes-high':
    'На {{disk}} занято {{value, number(maximumFractionDigits: 0)}} % индексных дескрипторов (порог {{limit, number}} %)',
  'host-disk-silent': 'О {{disk}} ничего не известно: его нет, или он завис',
  'host-unreadable': 'Ничего не удалось прочесть: у {{system}} нет /proc, как в Linux',

  'traffic-healthy': 'Запросов в секунду: {{requests, number}}',
  'traffic-healthy-timed':
    'Запросов в секунду: {{requests, number}}; в среднем {{mean, number}} мс на запрос',
  'traffic-first-look':
    'Скорости будут известны со следующего опроса: счётчики прочитаны впервые или начались заново',
  'traffic-errors-high':
    'Ответов 5xx за минуту: {{value, number(maximumFractionDigits: 0)}} (порог {{limit, number}})',
  'traffic-slow-mean':
    'Запрос в среднем занимает {{value, number(maximumFractionDigits: 0)}} мс (порог {{limit, number}} мс)',
  'traffic-slow-p95':
    'Каждый двадцатый запрос дольше {{value, number(maximumFractionDigits: 0)}} мс (порог {{limit, number}} мс)',
  'traffic-slow-path-mean':
    '{{path}} отвечает в среднем за {{value, number(maximumFractionDigits: 0)}} мс (порог {{limit, number}} мс)',
  'traffic-slow-path-p95':
    'Каждый двадцатый запрос к {{path}} дольше {{value, number(maximumFractionDigits: 0)}} мс (порог {{limit, number}} мс)',
  'traffic-limited':
    'Сервис ограничивает частоту запросов метрик (429): следующий опрос через {{retryAfterSeconds, number}} с',
  'traffic-refused': '{{path}} отвечает {{httpStatus}}: для чтения метрик нужен токен, или нужен другой',
  'traffic-redirected':
    '{{path}} отвечает {{httpStatus}} и отсылает к {{location}}: укажите этот адрес в профиле или разрешите переходы («redirects»)',
  'traffic-unexpected': '{{path}} отвечает {{httpStatus}} вместо 200',
  'traffic-too-long':
    '{{path}} обрезан на {{limitMiB, number}} МиБ: уменьшите число рядов; следующий опрос через {{retryAfterSeconds, number}} с',
  'host-not-node-exporter': '{{path}} отдаёт метрики, но не node exporter: проверьте адрес в профиле',
  'traffic-not-metrics': '{{path}} отдаёт не метрики Prometheus, а что-то другое',
  'traffic-no-known-names': 'В {{path}} нет счётчика HTTP-запросов с известным здесь именем',

  'exposition-healthy': 'Прочитано рядов: {{series, number}}',
  'exposition-nothing-kept': '{{path}} отдаёт метрики, но среди них нет ни одной из указанных в профиле',
  'exposition-above': '{{metric}}: {{value, number}} (не больше {{limit, number}})',
  'exposition-below': '{{metric}}: {{value, number}} (не меньше {{limit, number}})',
}
