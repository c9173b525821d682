import type { profile as english } from '../en/profile.ts'

export const profile: Record<keyof typeof english, string> = {
  'unknown-key': 'неизвестный ключ «{{key}}»; здесь допустимы {{known}}',
  'unknown-key-near': 'неизвестный ключ «{{key}}»; возможно, имелся в виду «{{nearest}}»?',
  'no-space-after-colon': 'для YAML это один длинный ключ: после «{{key}}:» нужен пробел',
  'more-issues': 'это первые ошибки, числом {{limit}}; остальные будут показаны, когда исправлены эти',
  missing: 'отсутствует; ожидается {{expected}}',
  'wrong-type': 'ожидается {{expected}}, а здесь {{found}}',
  'not-one-of': 'ожидается одно из: {{values}}',
  'too-small': 'ожидается не меньше {{limit}}',
  'too-big': 'ожидается не больше {{limit}}',
  'too-few': 'нужно элементов: не меньше {{limit}}',
  'too-many': 'допустимо элементов: не больше {{limit}}',
  'too-short': 'ожидается непустой текст',
  'too-long': 'ожидается не больше {{limit}} знаков',
  invalid: 'не то, что ожидалось: {{detail}}',
  'bad-name': 'ожидается от 1 до 63 знаков a–z, 0–9, «.», «_» и «-», первым — буква или цифра',
  'bad-secret-reference': 'ожидается ссылка: secret:ИМЯ, env:ИМЯ или file:ПУТЬ, но не сам секрет',
  'bad-path': 'ожидается путь, который начинается с «/»',
  'bad-url': 'ожидается URL, например {{example}}',
  'password-in-url':
    'пароля в URL быть не должно: положите его в хранилище (vakhta secret set ИМЯ) и сошлитесь на него: «password: secret:ИМЯ»',
  'bad-url-parameter': 'неизвестное значение {{name}} в URL: «{{found}}»; ожидается {{expected}}',
  'url-parameter-twice': '«{{name}}» стоит в URL дважды; достаточно одного',
  'missing-host':
    'в URL нужен хост, например {{example}}; для unix-сокета укажите его каталог: «?host=/run/postgresql»',
  'hosts-and-ports':
    'портов {{ports}}, а хостов {{hosts}}; ожидается один порт на всех или по одному на каждый',
  'weak-sslmode': 'sslmode={{sslmode}} слишком слаб для {{wants}}; ожидается {{expected}}',
  'sslcert-and-sslkey': '«sslcert» и «sslkey» нужны вместе: укажите оба или ни одного',
  'tls-said-twice': '«{{parameter}}» в URL говорит то же, что и «{{key}}» здесь; оставьте что-то одно',
  'unknown-url-parameter': 'неизвестный параметр URL «{{found}}»; здесь допустимы {{known}}',
  'missing-user': 'в URL нужен пользователь, например {{example}}',
  'missing-database': 'в URL нужна база данных, например {{example}}',
  'pooler-not-console': 'нужна база «pgbouncer» — это консоль пула, а не «{{found}}»: например {{example}}',
  'same-name': '«{{name}}» встречается в {{list}} дважды; имена должны различаться',
  'no-way-over-ssh': 'к хосту «over: ssh» нужен путь: укажите у него «hop» или у развёртывания «ssh.hops»',
  'hop-without-host': 'ожидается «host» (адрес) или «alias» (Host из конфигурации SSH)',
  'hop-host-and-alias': 'ожидается либо «host», либо «alias», но не оба',
  'hop-without-user': 'хосту с «host» нужен «user»; для «alias» его берут из конфигурации SSH',
  'hop-without-credentials':
    'хосту с «host» нужен способ входа: «key», «agent: true», «password» или «interactive: true»',
  'passphrase-without-key': 'парольной фразе нужен «key», который она открывает',
  'certificate-without-key':
    'сертификату нужен «key», для которого он выдан, или «agent», у которого тот лежит',
  'certificate-and-key': '«certificate» и «key» нужны вместе: укажите оба или ни одного',
  'user-in-url':
    'пользователя в адресе быть не должно: кто мы, говорят «basic», «token», «oauth2» или «headers»',
  'query-in-url': 'нужен адрес без «?» и «#», например {{example}}; пути задаются отдельно',
  'bad-header-name': 'нужно имя заголовка HTTP: латинские буквы, цифры и «-»',
  'bad-header-value': 'значение заголовка — одна строка печатных символов ASCII; всё прочее закодируйте сами',
  'header-not-allowed': '«{{name}}» относится к самому соединению, его задаёт Vakhta',
  'header-twice': 'заголовок «{{name}}» задан дважды; для HTTP прописные и строчные буквы равны',
  'header-literal-secret':
    'в «{{name}}» стоит секрет: положите его в хранилище (vakhta secret set NAME) и сошлитесь на него: «{{name}}: secret:NAME»',
  'user-with-colon': 'в имени пользователя для basic не может быть «:»: за ним начинается пароль',
  'proxy-password-without-user': 'к паролю прокси нужен пользователь в его адресе, например {{example}}',
  'form-style-only':
    '«clientAuthentication» относится к «style: form»; при «json» секрет всегда в теле запроса',
  'one-authorization': 'ожидается один способ представиться, а здесь {{ways}}',
  'sentinel-or-cluster': 'Redis находят через Sentinel или это кластер, но не то и другое вместе',
  'redis-socket-path': 'ожидается путь к сокету, например unix:///run/redis/redis.sock?db=0',
  'redis-socket-alone': 'у Sentinel и кластера есть адреса, а не сокет; ожидается URL, например {{example}}',
  'redis-several-servers':
    'несколько адресов бывает у Sentinel и у кластера: добавьте «sentinel» или «cluster: true» либо оставьте один адрес',
  'redis-database-twice': 'номер базы указан дважды, и номера разные; оставьте один',
  'bad-redis-database': 'ожидается номер базы (0, 1, …), а здесь «{{found}}»',
  'redis-cluster-database': 'в кластере есть только база 0: уберите номер из URL',
  'lease-no-postgres': 'для аренды в PostgreSQL в профиле нужен PostgreSQL',
  'lease-no-redis': 'для аренды в Redis в профиле нужен Redis',
  'bad-tag':
    'ожидалась метка, например «платежи» или region:eu: не больше 40 букв, цифр, пробелов и знаков ". _ : / -"',
  'too-many-tags': 'у развёртывания не больше 10 меток',
  'tag-twice': 'метка указана дважды; назовите каждую один раз',
  'bad-queue': 'ожидалось имя очереди Celery без пробелов, например celery',
  'too-many-queues': 'в одном Redis наблюдается не больше 20 очередей',
  'queue-twice': 'очередь указана дважды; назовите каждую один раз',
  'queues-in-cluster':
    'очереди читаются с одного сервера: Celery не работает с кластерами. Уберите «queues» или «cluster»',
  'redis-tls-without-tls': '«tls» имеет смысл только поверх TLS: начните URL с «rediss://» или уберите «tls»',
  'bad-sentinel-primary':
    'ожидается имя, под которым Sentinel знает основной сервер, например mymaster: латинские буквы, цифры, «.», «_» и «-»',
  'hop-on-local': 'у локального хоста не бывает «hop»',
  'bad-unit': 'ожидается юнит systemd, например api.service, или шаблон юнитов, например celery@*',
  'bad-container': 'ожидается имя контейнера: буквы, цифры, «.», «_» и «-»',
  'log-path-directory': 'ожидается путь к файлу, а не к каталогу',
  'log-path-pattern': 'шаблоном может быть только последняя часть пути, например /var/log/app/*.log',
  'one-project': 'ожидается либо «project» (имя проекта), либо «directory» (каталог файла Compose)',
  'one-log-place':
    'ожидается что-то одно из «journal», «container», «compose» и «file», а указано: {{found}}',
  'one-restart-way': 'ожидается что-то одно: «compose», «unit» или «command»; найдено {{found}}',
  'restart-key-unused': '«{{key}}» бывает только вместе с «{{way}}»',
  'log-over-unknown': 'машины «{{found}}» здесь нет; известны {{known}}',
  'log-no-way-over-ssh':
    'журналу «over: ssh» нужен путь: задайте развёртыванию «ssh.hops» или читайте журнал одного из «hosts»',
  'hop-to-exporter': 'до node exporter идут от конца «ssh.hops», как и до сервисов; своего «hop» у него нет',
  'exporter-missing':
    'хосту с «over: node-exporter» нужен адрес: exporter: { url: "http://10.0.0.5:9100/metrics" }',
  'exporter-unused': '«exporter» нужен только вместе с «over: node-exporter»',
  'bad-metric-name': 'ожидалось имя метрики Prometheus, например pg_stat_database_deadlocks',
  'bad-label-name': 'ожидалось имя метки, например queue',
  'too-many-series':
    'может получиться рядов: {{series}}, а у одного источника метрик их не больше {{limit}}: оставьте меньше метрик или уменьшите «most»',
  'bad-json-pointer':
    'ожидается JSON-указатель, например /queue/depth (в ключе «~0» вместо «~» и «~1» вместо «/»)',
  'bound-without-json':
    'пороги задаются для числа из ответа: укажите в «json», где оно, например /queue/depth',
  'query-several-statements':
    'ожидается одна команда: уберите то, что стоит после «;», или сделайте из этого отдельный запрос',
  'query-does-not-read':
    'ожидается команда, которая только читает (SELECT, WITH, SHOW, TABLE или VALUES), а здесь {{found}}: запросы выполняются в транзакции только для чтения',
  'nothing-to-watch': 'наблюдать не за чем: укажите хотя бы одно из services, postgres, redis и hosts',
  'same-deployment': 'развёртывание «{{name}}» описано в этом файле дважды',
  'deployment-exists': 'развёртывание «{{name}}» уже есть; измените его или выберите другое имя',
  'no-profile': 'в этом тексте нет профиля; ожидаются «name», «environment» и то, за чем наблюдать',
  'not-a-mapping': 'ожидается профиль (ключи и значения), а здесь {{found}}',
  syntax: 'не читается как YAML: {{detail}}',
  'query-in-channel-url':
    'ожидался URL без «?» и «#», например {{example}}; адрес с токеном кладут в хранилище и ссылаются на него: secret:NAME',
  'bad-mail-address': 'ожидался один почтовый адрес, например oncall@example.com',
  'bad-time-zone': 'ожидался часовой пояс, например Europe/Moscow',
  'bad-time': 'ожидалось время, например 02:30',
  'bad-date': 'ожидалась дата, например 2026-03-29',
  'bad-moment': 'ожидался момент со смещением, например 2026-03-29T02:30:00+03:00',
  'schedule-too-long':
    'оно не успеет кончиться до следующего раза: не дольше суток, если ежедневно, недели, если еженедельно, и 28 дней, если ежемесячно',
  'schedule-no-days': 'нужен хотя бы один день недели',
  'schedule-no-times': 'нужно хотя бы одно время суток, например 02:30',
  'schedule-time-twice': 'одно и то же время указано дважды',
  'bad-directory': 'нужен полный путь к каталогу, например /var/backups/vakhta',
  'bad-recipient': 'нужен открытый ключ age: «age1» и ещё 58 букв и цифр',
  'keep-nothing-said':
    'нужно указать, сколько последних копий хранить (last), сколько дней (days), или и то и другое',
  'backups-run-no-ssh': 'нет цепочки SSH, в конце которой это можно запускать: укажите "local" или "auto"',
  'directory-not-staged':
    'формату «directory» нужно место для временных файлов: разрешите его и укажите число заданий (`staging: { jobs: 4 }`) либо выберите «custom»',
  'directory-runs-here':
    'в формате «directory» копия пишется на машине консоли, через её собственный путь к серверу: укажите «local» или «auto» либо выберите формат «custom»',
  'staging-in-store':
    'нужен другой каталог, не внутри каталога копий и не содержащий его: там место только копиям',
  'compression-level': 'уровень — от 1 до 22 для zstd и от 1 до 9 для gzip; у auto и none его нет',
  'backups-no-postgres': 'для резервных копий в профиле нужен PostgreSQL',
  'schedule-ends-first': 'конец раньше начала',
  'step-reaches-nobody': 'нужен хотя бы один канал или тот, кто на вахте',
  'policy-no-steps': 'нужен хотя бы один шаг',
  'steps-ascend': 'минут должно быть больше, чем в предыдущем шаге',
  'rota-no-people': 'нужен хотя бы один человек',
  'user-and-password': '«user» и «password» нужны вместе: задайте оба или ни одного',
  'bad-topic': 'ожидалось от 1 до 64 знаков из A–Z, a–z, 0–9, «-» и «_» или ссылка на секрет',
  'bad-chat': 'ожидался номер чата, например -1001234567890, или @name открытого канала',
  'rule-condition-not-own':
    'это условие принадлежит встроенному правилу: возьмите metrics, rate, absence или forecast',
  'rule-unknown-metric': 'метрики {{metric}} нет',
  'rule-labels-mixed': 'среди метрик с метками и без меток не найти худшую: сделайте из них два правила',
  'rule-units-differ': 'у метрик с разными единицами не может быть общего порога',
  'rule-clear-above':
    'линия сброса ({{clear, number}}) выше порога ({{threshold, number}}): оповещение закончилось бы, пока условие ещё выполняется',
  'rule-clear-below':
    'линия сброса ({{clear, number}}) ниже порога ({{threshold, number}}): оповещение закончилось бы, пока условие ещё выполняется',
  'rule-never-true': 'значений за пределом {{threshold, number}} не бывает: правило ни на что не повлияет',
  'rule-always-true': 'любое значение за пределом {{threshold, number}}: правило срабатывало бы всегда',
  'rule-severities-ascend': 'уровни идут от наименее к наиболее срочному',
  'rule-level-hides':
    'при пороге {{threshold, number}} предыдущий уровень теряет смысл: этот достигается не позже',
  'rule-unknown-deployment': 'развёртывания {{name}} нет',
  'rule-for-nothing': 'под эту область не подходит ни одно развёртывание: правило ни на что не повлияет',
  'rule-sees-nothing':
    'ни в одном из развёртываний правила ({{deployments}}) нет {{lacks}}, а без этого не бывает {{metric}}: правило ни на что не повлияет. Сначала добавьте это в профиль или выберите другую метрику или другие развёртывания',
  'rule-limit-beyond': '{{metric}} не бывает {{limit, number}}: правило ни на что не повлияет',
  'rule-never-clears':
    'значений по ту сторону {{clear, number}} не бывает: оповещение не закончилось бы никогда',
  'rule-unknown-channel': 'канала {{name}} нет; есть: {{known}}',
  'rule-no-channels': 'канала {{name}} нет, как и других: сначала добавьте канал в настройках',
  'rule-said-already':
    'правило «{{name}}» срабатывает при том же и для того же: измените его, иначе всё приходило бы дважды',
  'lack-service': 'HTTP-сервиса',
  'lack-postgres': 'PostgreSQL',
  'lack-redis': 'Redis',
  'lack-host': 'хоста под наблюдением',
  'lack-metrics-path': 'сервиса с путём к метрикам',
  'lack-exposition': 'раздела «Другие метрики»',
  'lack-queue': 'Redis с очередями Celery',
  'lack-query': 'PostgreSQL со своими запросами',
  'lack-request': 'сервиса со своими запросами',
  'lack-request-value': 'сервиса с запросом, который находит в ответе число',
  'lack-https': 'сервиса по HTTPS',
  'lack-ready-path': 'сервиса с путём готовности',
}
