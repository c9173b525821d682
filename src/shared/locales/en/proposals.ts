/** What was made of a pasted text, and why: what stood there, what was assumed, and what somebody has to see to. */
export const proposals = {
  'too-long':
    'This is longer than {{limit, number}} characters: paste the part that names servers and services',
  'not-recognised':
    'Nothing in this was recognised: paste URLs, “ssh user@host”, the lines of a .env, or a docker-compose.yml',
  'nothing-to-watch': 'This names nothing that could be watched: no service, no PostgreSQL, no Redis',
  kubernetes:
    'These are manifests of Kubernetes, which are not read: paste the addresses that the services have outside of the cluster',
  'yaml-fault': 'This is no valid YAML: {{detail}}',
  'no-services': '“services” names no service: paste the whole docker-compose.yml',
  'is-a-profile': 'This is a profile of Vakhta already; it is taken as it stands',
  'several-profiles':
    'These are {{count, number}} profiles of Vakhta; the first is shown here: with “Import” all are brought in at once',
  'line-unknown':
    'This line was not understood: a URL (https://…, postgresql://…, redis://…), “ssh user@host” or NAME=value was expected',
  'url-unreadable': '{{from}} is no URL that can be read: scheme://user:password@host:port/… was expected',
  'scheme-unknown': '{{from}} begins with “{{kind}}”, which is not known here',
  'taken-for-url': 'Taken for {{url}}; for a way over SSH write “ssh” before it',
  'query-left-out': 'What follows “?” or “#” in {{from}} was left out: a service is its address alone',
  'parameters-left-out': 'Parameters of {{from}} that are the driver’s own were left out: {{names}}',
  'credentials-by-hand':
    'A header or a login of the command was not taken over: say below how Vakhta shows who it is',
  'other-store': '{{from}} is {{kind}}: Vakhta watches HTTP services, PostgreSQL and Redis, and not this',

  'ssh-as-ssh-does':
    '{{host}} is entered as “ssh” on this machine does it: with its configuration, keys and agent',
  'ssh-forwards': '{{options}} is not needed: Vakhta makes its own way through the connection',
  'ssh-unreadable': 'This is no way over SSH that can be read: “ssh -J bastion user@host -p 22” was expected',
  'ssh-jumps-unreadable':
    'The jumps after -J cannot be read: “user@host:port”, with commas between them, was expected',
  'seen-from-here':
    '“localhost” is taken for the machine that Vakhta runs on; if the deployment runs elsewhere, say over which SSH server it is reached',
  'seen-from-there': '“localhost” is {{host}} itself, seen from there',

  'env-line': 'This line is no NAME=value and was left out',
  'env-quote': 'A quotation mark is opened here and never closed: the line was left out',
  'beside-line': 'Line {{line, number}} of the .env beside it could not be read and was left out',
  'variable-missing':
    '{{name}} has no value: paste the .env beside it, too, or fill in below what depends on it',
  'database-left-aside': '{{from}} looks like a copy or a test’s, and was left aside',
  'host-assumed': 'No host is named for {{what}}: localhost was assumed',
  'port-is-http': 'Port {{port}} is taken for the application’s own, over HTTP',

  'too-many-services': '{{count, number}} services are named; the first {{limit, number}} were read',
  'compose-elsewhere':
    '“{{key}}” refers to other files, which were not read: paste them, too, or fill in what is missing',
  'env-file-not-read':
    '{{service}} takes variables from {{files}}, which cannot be read from here: paste that file’s lines beside it',
  'logs-of-containers': 'The output of {{names}} can be read as logs, where the containers run',
  'services-left-out': 'Nothing to watch over the network was found of {{names}}',
  'port-published': '{{service}} is published at {{address}} of the machine that runs it',
  'port-not-published':
    'Port {{port}} of {{service}} is not published, so it is reached by nobody outside of its network: publish it on the loopback (“127.0.0.1:{{port}}:{{port}}”), or give an address below',
  'web-not-published':
    '{{service}} answers on port {{port}} of its own network alone and was left out: publish that port, or add the address under which it is reached',
  'pooler-left-out': '{{service}} is a pooler: PostgreSQL itself is watched, where every connection is seen',
  'sentinel-in-compose':
    '{{service}} is a Redis Sentinel: the Redis server itself is proposed; for a primary that moves give the sentinels below',
  'paths-from-healthcheck': 'Its own health check asks {{service}} for {{path}}',
  'node-exporter':
    '{{url}} is taken for the node exporter of a host, by its port; the test below shows whether it answers as one',
  'paths-assumed':
    'Where {{from}} says how it is was not told: /health, /ready and /metrics are assumed, and the test below shows which there are',
  'no-ready-path':
    'Of {{service}} no path is known that says whether it is ready: that is not watched until one is given',
  'processes-found': '{{service}} runs {{count, number}} worker processes, each with a pool of its own',
  'replicas-found': '{{service}} runs {{count, number}} times; one of them answers at its address',

  'user-assumed': '{{from}} names no user: “vakhta” was assumed',
  'database-assumed': '{{from}} names no database: “{{database}}” was assumed, as psql would',
  'login-is-not-its-own':
    'Vakhta would log in as {{user}}, whose rights are more than it needs: a role that only looks is better (CREATE ROLE vakhta LOGIN PASSWORD …; GRANT pg_monitor TO vakhta)',
  'no-password': '{{from}} names no password: if the server asks for one, give it below',
  'other-server': 'A profile has one PostgreSQL: {{from}} ({{address}}) needs a deployment of its own',
  'other-databases':
    'Other databases on {{service}}: {{names}}; connections to them count there, and each needs a deployment of its own to be watched',
  'inner-name':
    '“{{host}}” looks like a name that is known within a network of containers alone: if the test does not find it, give the address that the server has outside',
  'same-redis': '{{from}} is the same Redis as {{other}}',
  'cluster-assumed': '{{from}} names several servers: a cluster was assumed',
  'sentinel-primary':
    '{{from}} names sentinels, but not the primary that they watch over: “mymaster” was assumed',

  'secret-found':
    'A password was found; it goes into the vault as {{name}} when you save, and is shown to nobody',
  'secret-missing':
    'A password is needed that does not stand in the text: type it below, it is kept as {{name}}',
  'environment-found': 'The text says that this is {{environment}}',
  'environment-by-name': 'By its names this is {{environment}}',
  'environment-assumed':
    'Nothing says which environment this is: production was assumed, where most care is taken',
} as const
