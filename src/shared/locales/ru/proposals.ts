/** Что получилось из вставленного текста и почему: что в нём было, что предположено и на что нужно взглянуть. */
import type { proposals as en } from '../en/proposals.ts'
import type { Translated } from '../plurals.ts'

export const proposals: Translated<typeof en> = {
  'too-long': 'Здесь больше {{limit, number}} символов: вставьте ту часть, где названы серверы и сервисы',
  'not-recognised':
    'Здесь ничего не удалось распознать: вставьте адреса (URL), «ssh user@host», строки из .env или docker-compose.yml',
  'nothing-to-watch': 'Здесь не названо ничего, за чем можно следить: ни сервиса, ни PostgreSQL, ни Redis',
  kubernetes:
    'Это манифесты Kubernetes, их Vakhta не читает: вставьте адреса, по которым сервисы доступны снаружи кластера',
  'yaml-fault': 'Это не YAML: {{detail}}',
  'no-services': 'В «services» нет ни одного сервиса: вставьте docker-compose.yml целиком',
  'is-a-profile': 'Это уже профиль Vakhta; он взят как есть',
  'several-profiles':
    'Здесь профили Vakhta, всего {{count, number}}; показан первый: через «Импорт» можно загрузить сразу все',
  'line-unknown':
    'Строка не понята: ожидался URL (https://…, postgresql://…, redis://…), «ssh user@host» или ИМЯ=значение',
  'url-unreadable': '{{from}}: адрес не читается, ожидалось scheme://user:password@host:port/…',
  'scheme-unknown': '{{from}} начинается с «{{kind}}», такая схема здесь неизвестна',
  'taken-for-url': 'Понято как {{url}}; если это путь по SSH, напишите перед ним «ssh»',
  'query-left-out': 'То, что в {{from}} стоит после «?» или «#», отброшено: сервису нужен только адрес',
  'parameters-left-out': 'Параметры из {{from}}, нужные только драйверу, отброшены: {{names}}',
  'credentials-by-hand':
    'Заголовок или логин из команды не перенесён: укажите ниже, как Vakhta представляется сервису',
  'other-store':
    '{{from}} — это {{kind}}: Vakhta следит за HTTP-сервисами, PostgreSQL и Redis, но не за этим',

  'ssh-as-ssh-does':
    'На {{host}} Vakhta входит так же, как «ssh» на этой машине: с её конфигурацией, ключами и агентом',
  'ssh-forwards': '{{options}} не нужен: через соединение Vakhta прокладывает путь сама',
  'ssh-unreadable': 'Путь по SSH не читается: ожидалось «ssh -J bastion user@host -p 22»',
  'ssh-jumps-unreadable': 'Серверы после -J не читаются: ожидалось «user@host:port» через запятую',
  'seen-from-here':
    '«localhost» понят как машина, на которой работает Vakhta; если система работает в другом месте, укажите, через какой SSH-сервер до неё добираться',
  'seen-from-there': '«localhost» — это сам {{host}}, если смотреть с него',

  'env-line': 'Эта строка — не ИМЯ=значение и пропущена',
  'env-quote': 'Здесь открыта кавычка, которая нигде не закрыта: строка пропущена',
  'beside-line': 'Строку {{line, number}} приложенного .env прочитать не удалось, она пропущена',
  'variable-missing':
    'У {{name}} нет значения: вставьте рядом и .env или впишите ниже то, что от неё зависит',
  'database-left-aside': '{{from}} похож на копию или тестовую базу и оставлен в стороне',
  'host-assumed': 'Для {{what}} не назван хост: взят localhost',
  'port-is-http': 'Порт {{port}} принят за порт самого приложения, по HTTP',

  'too-many-services': 'Сервисов названо {{count, number}}; прочитаны первые {{limit, number}}',
  'compose-elsewhere':
    '«{{key}}» ссылается на другие файлы, они не прочитаны: вставьте и их или впишите недостающее',
  'env-file-not-read':
    '{{service}} берёт переменные из {{files}}, а этот файл отсюда не прочитать: вставьте его строки рядом',
  'logs-of-containers': 'вывод {{names}} читается как журналы там, где работают контейнеры',
  'services-left-out': 'По сети следить не за чем у {{names}}',
  'port-published': '{{service}} опубликован на {{address}} той машины, где он работает',
  'port-not-published':
    'Порт {{port}} у {{service}} не опубликован, поэтому снаружи его сети он недоступен: опубликуйте его на петлевом интерфейсе («127.0.0.1:{{port}}:{{port}}») или укажите адрес ниже',
  'web-not-published':
    '{{service}} отвечает на порту {{port}} только внутри своей сети и пропущен: опубликуйте порт или добавьте адрес, по которому сервис доступен',
  'pooler-left-out': '{{service}} — пулер: Vakhta следит за самим PostgreSQL, где видны все соединения',
  'sentinel-in-compose':
    '{{service}} — это Redis Sentinel: предложен сам сервер Redis; если основной сервер меняется, укажите ниже адреса Sentinel',
  'paths-from-healthcheck': 'Собственная проверка здоровья спрашивает у {{service}} путь {{path}}',
  'node-exporter':
    '{{url}}: судя по порту, это node exporter хоста; проверка ниже покажет, так ли он отвечает',
  'paths-assumed':
    'Где {{from}} сообщает о своём состоянии, не сказано: взяты /health, /ready и /metrics, а проверка ниже покажет, какие из них есть',
  'no-ready-path':
    'У {{service}} неизвестен путь, который говорит о готовности: пока он не указан, за готовностью не следят',
  'processes-found': 'У {{service}} рабочих процессов: {{count, number}}, у каждого свой пул',
  'replicas-found': '{{service}} запущен в {{count, number}} экземплярах; по адресу отвечает один из них',

  'user-assumed': 'В {{from}} не назван пользователь: взят «vakhta»',
  'database-assumed': 'В {{from}} не названа база: взята «{{database}}», как сделал бы psql',
  'login-is-not-its-own':
    'Vakhta входила бы как {{user}}, а прав у него больше, чем нужно: лучше завести роль, которая только смотрит (CREATE ROLE vakhta LOGIN PASSWORD …; GRANT pg_monitor TO vakhta)',
  'no-password': 'В {{from}} нет пароля: если сервер его спрашивает, укажите ниже',
  'other-server': 'В профиле один PostgreSQL: для {{from}} ({{address}}) нужно отдельное развёртывание',
  'other-databases':
    'Другие базы на {{service}}: {{names}}; их соединения тоже занимают сервер, а чтобы следить за ними, нужны отдельные развёртывания',
  'inner-name':
    '«{{host}}» похоже на имя, известное только внутри сети контейнеров: если проверка его не найдёт, укажите адрес, по которому сервер доступен снаружи',
  'same-redis': '{{from}} — тот же Redis, что и {{other}}',
  'cluster-assumed': 'В {{from}} названо несколько серверов: это принято за кластер',
  'sentinel-primary':
    'В {{from}} названы адреса Sentinel, но не имя основного сервера, за которым они следят: взято «mymaster»',

  'secret-found':
    'Найден пароль; при сохранении он попадёт в хранилище под именем {{name}}, и никто его не увидит',
  'secret-missing': 'Нужен пароль, а в тексте его нет: введите его ниже, он сохранится под именем {{name}}',
  'environment-found': 'Среда названа в тексте: {{environment}}',
  'environment-by-name': 'Судя по именам, среда — {{environment}}',
  'environment-assumed': 'Среда нигде не названа: взята production, с ней обращаются осторожнее всего',
}
