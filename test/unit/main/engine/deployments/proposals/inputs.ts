/** Texts as people paste them, with what is to become of each. */

export interface Input {
  readonly what: string
  readonly text: string
  readonly ssh?: string
  readonly variables?: string
  /** What the profile has, besides other things; `null`: there is none. */
  readonly profile: Record<string, unknown> | null
  /** Codes of notes that must be there, with their lines where that matters. */
  readonly notes?: readonly (string | readonly [string, number | null])[]
  /** Values of secrets by name; those without one in the text are not here. */
  readonly values?: Record<string, string>
}

const api = (rest: Record<string, unknown>) => rest

export const FASTAPI_COMPOSE = `name: shop
x-app: &app
  restart: unless-stopped
  logging: &logging
    driver: json-file
services:
  db:
    <<: *app
    image: postgres:16-alpine
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: "s3cr3t:pw"
      POSTGRES_DB: shop
    ports:
      - "127.0.0.1:5433:5432"
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U shop"]
  cache:
    <<: *app
    image: docker.io/library/redis:7-alpine
    command: redis-server --requirepass r3dis --maxmemory 256mb
    ports:
      - 6379:6379
  api:
    <<: *app
    build: ./backend
    command: ["gunicorn", "app.main:app", "-k", "uvicorn.workers.UvicornWorker", "--workers", "4", "-b", "0.0.0.0:8000"]
    environment:
      - DATABASE_URL=postgresql+asyncpg://shop:s3cr3t%3Apw@db:5432/shop
      - REDIS_URL=redis://:r3dis@cache:6379/0
      - DB_POOL_SIZE=20
      - DB_MAX_OVERFLOW=10
    depends_on:
      db:
        condition: service_healthy
    ports:
      - target: 8000
        published: "8080"
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000/health/live"]
    deploy:
      replicas: 2
  worker:
    build: ./backend
    command: celery -A app.worker worker
    environment:
      CELERY_BROKER_URL: redis://:r3dis@cache:6379/1
`

export const INPUTS: readonly Input[] = [
  // URLs
  {
    what: 'a site',
    text: 'https://shop.example.com',
    profile: {
      name: 'shop',
      environment: 'production',
      services: [{ name: 'shop', url: 'https://shop.example.com', live: '/health', ready: '/ready' }],
    },
    notes: ['paths-assumed', 'environment-assumed'],
  },
  {
    what: 'a health endpoint',
    text: 'https://api.shop.example.com/health/live',
    profile: {
      services: [api({ url: 'https://api.shop.example.com', live: '/health/live', ready: '/health/ready' })],
    },
  },
  {
    what: 'an endpoint of a staging, with a query',
    text: 'https://shop.staging.example.com/healthz?full=1',
    profile: {
      environment: 'staging',
      services: [api({ url: 'https://shop.staging.example.com', live: '/healthz', ready: null })],
    },
    notes: ['query-left-out', 'environment-by-name'],
  },
  {
    what: 'a service below a path',
    text: 'https://example.com/api/v1/',
    profile: { services: [api({ url: 'https://example.com/api/v1' })] },
  },
  {
    what: 'the documentation of a service',
    text: 'http://10.0.0.5:8002/docs',
    profile: { services: [api({ name: 'api', url: 'http://10.0.0.5:8002' })] },
  },
  {
    what: 'a site with a login',
    text: 'https://ops:p%40ss@status.example.com/',
    profile: {
      services: [
        api({ url: 'https://status.example.com', basic: { user: 'ops', password: 'secret:status-status' } }),
      ],
    },
    values: { 'status-status': 'p@ss' },
  },
  {
    what: 'a database with its password',
    text: 'postgresql://app:hunter2@db.shop.example.com:5433/shop?sslmode=verify-full',
    profile: {
      name: 'shop',
      postgres: {
        url: 'postgresql://app@db.shop.example.com:5433/shop?sslmode=verify-full',
        password: 'secret:shop-postgres',
      },
    },
    values: { 'shop-postgres': 'hunter2' },
    notes: ['login-is-not-its-own', ['secret-found', null]],
  },
  {
    what: 'a database whose password nobody escaped',
    text: 'postgres://app:a/b#c@d@db.example.com/shop',
    profile: { postgres: { url: 'postgresql://app@db.example.com/shop' } },
    values: { 'shop-postgres': 'a/b#c@d' },
  },
  {
    what: 'a URL of SQLAlchemy and asyncpg',
    text: 'postgresql+asyncpg://app:pw@db.example.com/shop?ssl=require&prepared_statement_cache_size=0',
    profile: { postgres: { url: 'postgresql://app@db.example.com/shop?sslmode=require' } },
    notes: ['parameters-left-out'],
  },
  {
    what: 'a URL of JDBC',
    text: 'jdbc:postgresql://db.example.com:5432/shop?user=app&password=pw',
    profile: { postgres: { url: 'postgresql://app@db.example.com:5432/shop' } },
    values: { 'shop-postgres': 'pw' },
  },
  {
    what: 'a database with several servers',
    text: 'postgresql://app@db1.example.com,db2.example.com:5433/shop?target_session_attrs=read-write',
    profile: {
      postgres: {
        url: 'postgresql://app@db1.example.com,db2.example.com:5433/shop?target_session_attrs=read-write',
      },
    },
    notes: ['no-password'],
  },
  {
    what: 'a database without a user',
    text: 'postgresql://db.example.com/shop',
    profile: { postgres: { url: 'postgresql://vakhta@db.example.com/shop' } },
    notes: ['user-assumed'],
  },
  {
    what: 'a database at a unix socket',
    text: 'postgresql://app@/shop?host=/run/postgresql',
    profile: { postgres: { url: 'postgresql://app@/shop?host=/run/postgresql' } },
  },
  {
    what: 'keywords of libpq',
    text: "host=db.example.com port=5433 dbname=shop user=app password='it''s' sslmode=require",
    profile: { postgres: { url: 'postgresql://app@db.example.com:5433/shop?sslmode=require' } },
  },
  {
    what: 'a command of psql',
    text: '$ PGPASSWORD=hunter2 psql -h db.example.com -p 5433 -U app shop',
    profile: { postgres: { url: 'postgresql://app@db.example.com:5433/shop' } },
    values: { 'shop-postgres': 'hunter2' },
  },
  {
    what: 'a Redis with its password',
    text: 'redis://:hunter2@cache.example.com:6380/2',
    profile: {
      redis: [
        { name: 'redis', url: 'redis://cache.example.com:6380/2', password: 'secret:deployment-redis' },
      ],
    },
    values: { 'deployment-redis': 'hunter2' },
  },
  {
    what: 'a Redis over TLS that nobody checks',
    text: 'rediss://default:pw@cache.example.com:6380/0?ssl_cert_reqs=none',
    profile: { redis: [{ url: 'rediss://cache.example.com:6380/0', tls: { check: 'none' } }] },
  },
  {
    what: 'sentinels as Celery names them',
    text: 'sentinel://:pw@s1.example.com:26379/0;sentinel://s2.example.com:26379;sentinel://s3.example.com:26379',
    profile: {
      redis: [
        {
          url: 'redis://s1.example.com:26379,s2.example.com:26379,s3.example.com:26379/0',
          sentinel: { primary: 'mymaster' },
        },
      ],
    },
    notes: ['sentinel-primary'],
  },
  {
    what: 'a command of redis-cli',
    text: 'redis-cli -h cache.example.com -p 6380 -a hunter2 -n 3 --tls',
    profile: { redis: [{ url: 'rediss://cache.example.com:6380/3' }] },
    values: { 'deployment-redis': 'hunter2' },
  },
  {
    what: 'a command of curl, whose header is not taken over',
    text: `curl -fsS -H 'Authorization: Bearer eyJhbGciOi' https://shop.example.com/ready`,
    profile: { services: [api({ url: 'https://shop.example.com', ready: '/ready', live: '/health' })] },
    notes: ['credentials-by-hand'],
  },
  {
    what: 'several URLs, a line for each',
    text: `# production
- https://shop.example.com
postgresql://app:pw@db.internal:5432/shop
redis://cache.internal:6379/0
`,
    profile: {
      name: 'shop',
      services: [api({ url: 'https://shop.example.com' })],
      postgres: { url: 'postgresql://app@db.internal:5432/shop' },
      redis: [{ url: 'redis://cache.internal:6379/0' }],
    },
  },
  {
    what: 'a host alone',
    text: 'shop.example.com',
    profile: { services: [api({ url: 'https://shop.example.com' })] },
    notes: ['taken-for-url'],
  },
  {
    what: 'a host with the port of PostgreSQL',
    text: 'db.example.com:5432',
    profile: { postgres: { url: 'postgresql://vakhta@db.example.com:5432/vakhta' } },
    notes: ['user-assumed', 'database-assumed'],
  },
  {
    what: 'a database of another kind',
    text: 'mysql://root:hunter2@db.example.com/shop',
    profile: null,
    notes: ['other-store'],
  },

  {
    what: 'a node exporter',
    text: 'http://db1.example.com:9100/metrics\nhttp://prom:pw@10.0.0.7:9100/',
    profile: {
      name: 'deployment',
      environment: 'production',
      hosts: [
        { name: 'db1', over: 'node-exporter', exporter: { url: 'http://db1.example.com:9100/metrics' } },
        {
          name: 'host',
          over: 'node-exporter',
          exporter: {
            url: 'http://10.0.0.7:9100/metrics',
            basic: { user: 'prom', password: 'secret:deployment-host-exporter' },
          },
        },
      ],
    },
    values: { 'deployment-host-exporter': 'pw' },
    notes: ['node-exporter', 'node-exporter', 'environment-assumed', 'secret-found'],
  },

  // SSH
  {
    what: 'a login',
    text: 'deploy@shop-prod.example.com',
    profile: {
      name: 'shop-prod',
      environment: 'production',
      ssh: { hops: [{ alias: 'shop-prod.example.com', user: 'deploy' }] },
      hosts: [{ name: 'shop-prod', over: 'ssh' }],
    },
    notes: ['ssh-as-ssh-does'],
  },
  {
    what: 'a command of ssh with jumps, a port and a key after the host',
    text: 'ssh -A -J bastion,ops@inner:2200 deploy@10.0.0.9 -p 2222 -i ~/.ssh/deploy -L 5432:localhost:5432',
    profile: {
      ssh: {
        hops: [
          { alias: 'bastion' },
          { alias: 'inner', port: 2200, user: 'ops' },
          { alias: '10.0.0.9', port: 2222, user: 'deploy', key: 'file:~/.ssh/deploy' },
        ],
      },
    },
    notes: ['ssh-forwards'],
  },
  {
    what: 'options of ssh in words',
    text: 'ssh -o Port=2222 -oUser=deploy -o "ProxyJump bastion" -F ./ssh_config web1',
    profile: {
      ssh: {
        hops: [{ alias: 'bastion' }, { alias: 'web1', port: 2222, user: 'deploy' }],
        config: './ssh_config',
      },
    },
  },
  {
    what: 'an alias',
    text: 'shop-staging\n',
    profile: { environment: 'staging', ssh: { hops: [{ alias: 'shop-staging' }] } },
  },
  {
    what: 'a way over SSH and what is at its end',
    text: 'ssh deploy@bastion.example.com\npostgresql://app:pw@localhost:5432/shop\nhttp://localhost:8000/health',
    profile: {
      name: 'shop',
      ssh: { hops: [{ alias: 'bastion.example.com' }] },
      postgres: { url: 'postgresql://app@localhost:5432/shop' },
    },
    notes: ['seen-from-there'],
  },
  {
    what: 'a command of ssh without a host',
    text: 'ssh -p 22',
    profile: null,
    notes: [['ssh-unreadable', 1]],
  },

  // .env
  {
    what: 'the .env of an application',
    text: `# settings
export ENVIRONMENT="staging"
APP_NAME='Shop API'
DATABASE_URL=postgresql+asyncpg://\${DB_USER:-app}:\${DB_PW}@db.internal:5432/shop?sslmode=require # main
DB_PW=later
REDIS_URL="redis://:r3dis@cache.internal:6379/0"
CELERY_BROKER_URL=redis://:r3dis@cache.internal:6379/1
API_URL=https://api.staging.example.com/
SENTRY_DSN=https://abc@sentry.example.com/1
DB_POOL_SIZE=20
DB_MAX_OVERFLOW=10
WEB_CONCURRENCY=4
`,
    profile: {
      name: 'shop-api',
      environment: 'staging',
      services: [
        {
          name: 'api',
          url: 'https://api.staging.example.com',
          processes: 4,
          pool: { size: 20, overflow: 10 },
        },
      ],
      postgres: {
        url: 'postgresql://app@db.internal:5432/shop?sslmode=require',
        application: { role: 'app' },
      },
      redis: [{ name: 'redis', url: 'redis://cache.internal:6379/0', password: 'secret:shop-api-redis' }],
    },
    notes: [['variable-missing', 4], 'same-redis', 'environment-found'],
    values: { 'shop-api-redis': 'r3dis' },
  },
  {
    what: 'a .env in parts',
    text: 'POSTGRES_SERVER=db.example.com\nPOSTGRES_PORT=5433\nPOSTGRES_USER=app\nPOSTGRES_PASSWORD="p#w $x"\nPOSTGRES_DB=shop\nREDIS_HOST=cache.example.com\nREDIS_PASSWORD=\nPORT=8000\n',
    profile: {
      postgres: { url: 'postgresql://app@db.example.com:5433/shop' },
      redis: [{ url: 'redis://cache.example.com:6379/0' }],
      services: [api({ url: 'http://localhost:8000' })],
    },
    values: { 'shop-postgres': 'p#w $x' },
    notes: ['port-is-http', 'seen-from-here'],
  },
  {
    what: 'variables of libpq',
    text: 'PGHOST=db.example.com\nPGUSER=app\nPGDATABASE=shop\nPGPASSWORD=pw\nPGSSLMODE=require\n',
    profile: { postgres: { url: 'postgresql://app@db.example.com/shop?sslmode=require' } },
  },
  {
    what: 'a .env of Django and of a container network',
    text: 'SQL_HOST=db\nSQL_USER=app\nSQL_PASSWORD=pw\nSQL_DATABASE=shop\nREDIS_URL=redis://redis:6379\n',
    profile: { postgres: { url: 'postgresql://app@db/shop' }, redis: [{ url: 'redis://redis:6379/0' }] },
    notes: ['inner-name'],
  },
  {
    what: 'a .env for MySQL',
    text: 'DB_CONNECTION=mysql\nDB_HOST=db.example.com\nDB_USERNAME=root\nDB_PASSWORD=hunter2\n',
    profile: null,
    notes: [['other-store', 1], 'nothing-to-watch'],
  },
  {
    what: 'a .env with a test database and a replica',
    text: 'TEST_DATABASE_URL=postgresql://t:pw@db.example.com/t\nDATABASE_REPLICA_URL=postgresql://r:pw@r.example.com/shop\nDATABASE_URL=postgresql://app:pw@db.example.com/shop\n',
    profile: { postgres: { url: 'postgresql://app@db.example.com/shop' } },
    notes: [
      ['database-left-aside', 1],
      ['database-left-aside', 2],
    ],
  },
  {
    what: 'a .env with faults in it',
    text: 'REDIS_URL=redis://cache.example.com\nthis is no assignment hunter2\nBROKEN="never closed\n',
    profile: { redis: [{ url: 'redis://cache.example.com:6379/0' }] },
    notes: [
      ['env-line', 2],
      ['env-quote', 3],
    ],
  },
  {
    what: 'a .env with a key over several lines, and Windows line ends',
    text: 'KEY="-----BEGIN PRIVATE KEY-----\r\nabc\r\n-----END PRIVATE KEY-----"\r\nREDIS_URL=redis://cache.example.com\r\n',
    profile: { redis: [{ url: 'redis://cache.example.com:6379/0' }] },
  },
  {
    what: 'a password that is a placeholder',
    text: 'DATABASE_URL=postgresql://app:<password>@db.example.com/shop',
    profile: { postgres: { password: 'secret:shop-postgres' } },
    values: {},
    notes: ['secret-missing'],
  },

  // Compose
  {
    what: 'a Compose file with anchors, both forms of everything, and a health check',
    text: FASTAPI_COMPOSE,
    profile: {
      name: 'shop',
      environment: 'production',
      services: [
        {
          name: 'api',
          url: 'http://localhost:8080',
          live: '/health/live',
          ready: '/health/ready',
          processes: 4,
          instances: 2,
          pool: { size: 20, overflow: 10 },
        },
      ],
      postgres: {
        url: 'postgresql://shop@localhost:5433/shop',
        password: 'secret:shop-postgres',
        application: { role: 'shop' },
      },
      redis: [{ name: 'cache', url: 'redis://localhost:6379/0', password: 'secret:shop-redis-cache' }],
      hosts: [],
    },
    values: { 'shop-postgres': 's3cr3t:pw', 'shop-redis-cache': 'r3dis' },
    notes: [
      'seen-from-here',
      'processes-found',
      'replicas-found',
      'services-left-out',
      ['port-published', 7],
    ],
  },
  {
    what: 'the same, on a server',
    text: FASTAPI_COMPOSE,
    ssh: 'ssh deploy@prod.example.com',
    profile: {
      ssh: { hops: [{ alias: 'prod.example.com', user: 'deploy' }] },
      postgres: { url: 'postgresql://shop@localhost:5433/shop' },
      hosts: [{ name: 'prod', over: 'ssh' }],
    },
    notes: ['seen-from-there'],
  },
  {
    what: 'a Compose file whose variables stand beside it',
    text: `services:
  postgres:
    image: postgis/postgis:15-3.4
    environment:
      - POSTGRES_USER
      - POSTGRES_PASSWORD=\${POSTGRES_PASSWORD:?set it}
      - POSTGRES_DB=\${DB_NAME:-shop}
    ports: ["\${DB_PORT:-5432}:5432"]
  web:
    image: registry.example.com/shop/web:1.2
    env_file: .env
    ports: ["80:8000"]
`,
    variables:
      'POSTGRES_USER=app\nPOSTGRES_PASSWORD=pw\nDB_PORT=6543\nDATABASE_URL=postgresql://app:pw@postgres/shop',
    profile: {
      postgres: { url: 'postgresql://app@localhost:6543/shop', application: { role: 'app' } },
      services: [{ name: 'web', url: 'http://localhost' }],
    },
    values: { 'shop-postgres': 'pw' },
  },
  {
    what: 'the same without them',
    text: `services:
  postgres:
    image: postgres
    environment:
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD}
    ports: [5432:5432]
  web:
    image: shop/web
    env_file:
      - path: ./web.env
        required: false
    ports: ["80:8000"]
`,
    profile: {
      postgres: {
        url: 'postgresql://postgres@localhost:5432/postgres',
        password: 'secret:deployment-postgres',
      },
    },
    values: {},
    notes: [['variable-missing', 5], ['env-file-not-read', 9], 'secret-missing'],
  },
  {
    what: 'servers that are not published',
    text: `services:
  db: { image: "postgres:16", environment: { POSTGRES_PASSWORD: pw } }
  cache: { image: "valkey/valkey:8" }
  api:
    build: .
    expose: ["8000"]
    healthcheck: { test: wget -qO- http://127.0.0.1:8000/ready || exit 1 }
`,
    profile: {
      postgres: { url: 'postgresql://postgres@db:5432/postgres' },
      redis: [{ name: 'cache', url: 'redis://cache:6379/0' }],
      services: [],
    },
    notes: [
      ['port-not-published', 2],
      ['port-not-published', 3],
      ['web-not-published', 4],
    ],
  },
  {
    what: 'a pooler before the database, a proxy before the services, and others',
    text: `services:
  postgres:
    image: bitnami/postgresql:16
    environment: { POSTGRESQL_USERNAME: app, POSTGRESQL_PASSWORD: pw, POSTGRESQL_DATABASE: shop }
    ports: ["5432:5432"]
  pgbouncer:
    image: edoburu/pgbouncer
    environment: { DB_HOST: postgres }
    ports: ["6432:5432"]
  nginx: { image: "nginx:1.27", ports: ["80:80", "443:443"] }
  minio: { image: minio/minio, command: server /data, ports: ["9000:9000", "9001:9001"] }
  rabbit: { image: "rabbitmq:3-management", ports: ["5672:5672"] }
  pgadmin: { image: dpage/pgadmin4, ports: ["5050:80"] }
  api: { build: ., network_mode: host, command: uvicorn app:app --host 0.0.0.0 --port 8001 --workers=3,
         environment: { DATABASE_URL: "postgresql://app:pw@pgbouncer:5432/shop" } }
`,
    profile: {
      services: [
        { name: 'nginx', url: 'http://localhost', live: '/', ready: null, metrics: null },
        { name: 'minio', url: 'http://localhost:9000', live: '/minio/health/live' },
        { name: 'api', url: 'http://localhost:8001', processes: 3 },
      ],
      postgres: { url: 'postgresql://app@localhost:5432/shop' },
    },
    notes: ['pooler-left-out', 'other-store', 'services-left-out'],
  },
  {
    what: 'several databases and a managed Redis',
    text: `services:
  auth-db: { image: "postgres:15", environment: { POSTGRES_DB: auth, POSTGRES_PASSWORD: a }, ports: ["5432:5432"] }
  files-db: { image: "postgres:15", environment: { POSTGRES_DB: files, POSTGRES_PASSWORD: b }, ports: ["5434:5432"] }
  auth:
    build: ./auth
    ports: ["8001:8000"]
    environment:
      DATABASE_URL: postgresql://postgres:a@auth-db/auth
      REDIS_URL: rediss://:pw@redis.cloud.example.com:6380/0
`,
    profile: {
      postgres: { url: 'postgresql://postgres@localhost:5432/auth' },
      redis: [{ url: 'rediss://redis.cloud.example.com:6380/0' }],
    },
    notes: [['other-server', 3]],
  },
  {
    what: 'a Compose file of before there were services',
    text: 'db:\n  image: postgres:9.6\n  ports: ["5432:5432"]\nweb:\n  build: .\n  ports:\n    - "8000:8000"\n',
    profile: { services: [{ name: 'web', url: 'http://localhost:8000' }] },
  },
  {
    what: 'a Redis whose password its shell puts in',
    text: `services:
  redis:
    image: redis:7
    environment: { REDIS_PASSWORD: pw }
    command: sh -c 'redis-server --requirepass "$$REDIS_PASSWORD" --appendonly yes'
    ports: ["192.168.1.5:6379:6379"]
`,
    profile: { redis: [{ name: 'redis', url: 'redis://192.168.1.5:6379/0' }] },
    values: { 'deployment-redis': 'pw' },
  },
  {
    what: 'secrets in files',
    text: `services:
  db:
    image: postgres:17
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD_FILE: /run/secrets/db
    ports: [5432:5432]
`,
    profile: { postgres: { url: 'postgresql://app@localhost:5432/app', password: 'secret:app-postgres' } },
    values: {},
    notes: ['secret-missing'],
  },

  // A profile, and rubbish
  {
    what: 'a profile',
    text: 'name: shop\nenvironment: staging\nservices:\n  - name: api\n    url: https://shop.example.com\n',
    profile: { name: 'shop', environment: 'staging' },
    notes: ['is-a-profile'],
  },
  {
    what: 'manifests of Kubernetes',
    text: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\n',
    profile: null,
    notes: ['kubernetes'],
  },
  {
    what: 'YAML with a fault',
    text: 'services:\n  db:\n    image: postgres\n   ports: [\n',
    profile: null,
    notes: ['yaml-fault'],
  },
  { what: 'services that are none', text: 'services: 5\n', profile: null, notes: ['no-services'] },
  { what: 'nothing', text: '', profile: null, notes: ['not-recognised'] },
  { what: 'blanks', text: ' \n\t\n', profile: null, notes: ['not-recognised'] },
  {
    what: 'a sentence',
    text: 'please add our shop, the password is hunter2',
    profile: null,
    notes: [['line-unknown', 1]],
  },
  { what: 'half a URL', text: 'postgresql://', profile: null, notes: ['line-unknown'] },
  {
    what: 'a URL with a port that is none',
    text: 'postgresql://app@db:99999/x',
    profile: null,
    notes: ['url-unreadable'],
  },
  { what: 'another scheme', text: 'ftp://files.example.com', profile: null, notes: ['scheme-unknown'] },
  { what: 'bytes', text: '\u0000\u0001\u0002PNG', profile: null, notes: ['line-unknown'] },
  { what: 'JSON of something else', text: '{"a": [1, 2, 3]}', profile: null },
]
