/** What is wrong with a deployment profile, and what was expected. */
export const profile = {
  'unknown-key': 'unknown key "{{key}}"; known here are {{known}}',
  'unknown-key-near': 'unknown key "{{key}}"; did you mean "{{nearest}}"?',
  'no-space-after-colon': 'YAML takes this for one long key: put a space after "{{key}}:"',
  'more-issues': 'these are the first {{limit}}; what else is wrong is shown once they are mended',
  missing: 'missing; expected {{expected}}',
  'wrong-type': 'expected {{expected}}, found {{found}}',
  'not-one-of': 'expected one of {{values}}',
  'too-small': 'expected at least {{limit}}',
  'too-big': 'expected at most {{limit}}',
  'too-few': 'expected at least {{limit}} item(s)',
  'too-many': 'expected at most {{limit}} item(s)',
  'too-short': 'expected some text, found none',
  'too-long': 'expected at most {{limit}} characters',
  invalid: 'not as expected: {{detail}}',
  'bad-name': 'expected 1 to 63 of a–z, 0–9, ".", "_" and "-", starting with a letter or digit',
  'bad-secret-reference': 'expected a reference: secret:NAME, env:NAME or file:PATH, never the secret itself',
  'bad-path': 'expected a path that starts with "/"',
  'bad-url': 'expected a URL such as {{example}}',
  'password-in-url':
    'expected no password in the URL: put it into the vault (vakhta secret set NAME) and refer to it with "password: secret:NAME"',
  'bad-url-parameter': 'unknown {{name}} "{{found}}" in the URL; expected {{expected}}',
  'url-parameter-twice': '"{{name}}" stands in the URL twice; give it once',
  'missing-host':
    'expected a host in the URL, such as {{example}}; for a unix socket give its directory: "?host=/run/postgresql"',
  'hosts-and-ports': '{{ports}} ports for {{hosts}} hosts; expected one port for all, or one for each',
  'weak-sslmode': 'sslmode={{sslmode}} is too weak for {{wants}}; expected {{expected}}',
  'sslcert-and-sslkey': '"sslcert" and "sslkey" belong together: give both or none',
  'tls-said-twice': '"{{parameter}}" in the URL says the same as "{{key}}" here; give one of them',
  'unknown-url-parameter': 'unknown URL parameter "{{found}}"; known here are {{known}}',
  'missing-user': 'expected a user in the URL, such as {{example}}',
  'missing-database': 'expected a database in the URL, such as {{example}}',
  'same-name': '"{{name}}" is there twice in {{list}}; each needs a name of its own',
  'no-way-over-ssh': 'a host over "ssh" needs a way: give it a "hop", or the deployment "ssh.hops"',
  'hop-without-host': 'expected "host" (an address) or "alias" (a Host of the SSH configuration)',
  'hop-host-and-alias': 'expected either "host" or "alias", not both',
  'hop-without-user': 'a hop with a "host" needs a "user"; with an "alias" the SSH configuration gives it',
  'hop-without-credentials':
    'a hop with a "host" needs a way to log in: "key", "agent: true", "password" or "interactive: true"',
  'passphrase-without-key': 'a passphrase needs the "key" that it opens',
  'certificate-without-key': 'a certificate needs the "key" that it is for, or an "agent" that holds it',
  'certificate-and-key': '"certificate" and "key" belong together: give both or none',
  'user-in-url': 'expected no user in the URL: say who we are with "basic", "token", "oauth2" or "headers"',
  'query-in-url': 'expected a URL without "?" and "#", such as {{example}}; paths are given by themselves',
  'bad-header-name': 'expected the name of an HTTP header: letters, digits and "-"',
  'bad-header-value': 'expected one line of printable ASCII; encode anything else yourself',
  'header-not-allowed': '"{{name}}" belongs to the connection itself and is set by Vakhta',
  'header-twice': 'the header "{{name}}" is there twice; upper and lower case are the same to HTTP',
  'header-literal-secret':
    '"{{name}}" holds a secret: put it into the vault (vakhta secret set NAME) and refer to it with "{{name}}: secret:NAME"',
  'user-with-colon':
    'a user of basic authentication cannot hold ":", because what follows it is the password',
  'proxy-password-without-user': 'a password of the proxy needs a user in its URL, such as {{example}}',
  'form-style-only':
    '"clientAuthentication" belongs to "style: form"; with "json" the secret is always in the body',
  'one-authorization': 'expected one way to say who we are, found {{ways}}',
  'sentinel-or-cluster': 'a Redis is found through sentinels or is a cluster, not both',
  'redis-socket-path': 'expected the path of a socket, such as unix:///run/redis/redis.sock?db=0',
  'redis-socket-alone':
    'sentinels and clusters have addresses, not a socket; expected a URL such as {{example}}',
  'redis-several-servers':
    'several addresses are those of sentinels or of a cluster: add "sentinel" or "cluster: true", or give one address',
  'redis-database-twice': 'the database stands there twice, with different numbers; give it once',
  'bad-redis-database': 'expected the number of a database (0, 1, …), found "{{found}}"',
  'redis-cluster-database': 'a cluster has no database but 0: leave the number out of the URL',
  'bad-tag':
    'expected a tag such as payments or region:eu: at most 40 letters, digits, spaces and ". _ : / -"',
  'too-many-tags': 'a deployment has at most 10 tags',
  'tag-twice': 'a tag stands there twice; name each once',
  'bad-queue': 'expected the name of a Celery queue, without spaces, such as celery',
  'too-many-queues': 'at most 20 queues of one Redis are watched',
  'queue-twice': 'a queue stands there twice; name each once',
  'queues-in-cluster':
    'queues are read from one server: Celery does not use clusters. Leave "queues" or "cluster" out',
  'redis-tls-without-tls':
    '"tls" is only of use over TLS: begin the URL with "rediss://", or leave "tls" out',
  'bad-sentinel-primary':
    'expected the name under which the sentinels know the primary, such as mymaster: letters, digits, ".", "_" and "-"',
  'hop-on-local': 'a host that is reached locally has no "hop"',
  'bad-unit': 'expected a systemd unit such as api.service, or a pattern of units such as celery@*',
  'bad-container': 'expected the name of a container: letters, digits, ".", "_" and "-"',
  'log-path-directory': 'expected the path of a file, not of a directory',
  'log-path-pattern': 'only the last part of the path may be a pattern, such as /var/log/app/*.log',
  'one-project': 'expected either "project" (its name) or "directory" (that of the Compose file)',
  'one-log-place': 'expected one of "journal", "container", "compose" and "file", found {{found}}',
  'log-over-unknown': 'there is no machine "{{found}}" here; known are {{known}}',
  'log-no-way-over-ssh':
    'a log over "ssh" needs a way: give the deployment "ssh.hops", or read the log of one of the "hosts"',
  'hop-to-exporter':
    'a node exporter is reached from the end of "ssh.hops", as services are; it has no "hop" of its own',
  'exporter-missing':
    'a host over "node-exporter" needs to say where that is: exporter: { url: "http://10.0.0.5:9100/metrics" }',
  'exporter-unused': '"exporter" is of use with "over: node-exporter" alone',
  'bad-metric-name': 'expected the name of a Prometheus metric, such as pg_stat_database_deadlocks',
  'bad-label-name': 'expected the name of a label, such as queue',
  'too-many-series':
    'that may be {{series}} series; expected at most {{limit}} of one exposition: keep fewer metrics, or fewer of each ("most")',
  'bad-json-pointer': 'expected a JSON pointer such as /queue/depth ("~0" for "~", "~1" for "/" in a key)',
  'bound-without-json':
    'bounds are of a number in the answer: say with "json" where it stands, such as /queue/depth',
  'query-several-statements':
    'expected one statement: leave out what follows ";", or make it a query of its own',
  'query-does-not-read':
    'expected a statement that reads (SELECT, WITH, SHOW, TABLE or VALUES), found {{found}}: queries run in a read-only transaction',
  'nothing-to-watch':
    'there is nothing to watch: give at least one of services, postgres, redis, hosts and expositions',
  'same-deployment': 'a deployment named "{{name}}" stands twice in this file',
  'deployment-exists': 'a deployment named "{{name}}" exists already; edit it, or choose another name',
  'no-profile': 'there is no profile in this text; expected "name", "environment" and what to watch',
  'not-a-mapping': 'expected a profile (keys and values), found {{found}}',
  syntax: 'not readable as YAML: {{detail}}',
  'query-in-channel-url':
    'expected a URL without "?" and "#", such as {{example}}: one that holds a token goes into the vault, and is referred to with secret:NAME',
  'bad-mail-address': 'expected one mail address, such as oncall@example.com',
  'bad-time-zone': 'expected a time zone such as Europe/Berlin',
  'bad-time': 'expected a time such as 02:30',
  'bad-date': 'expected a date such as 2026-03-29',
  'bad-moment': 'expected a moment with its offset, such as 2026-03-29T02:30:00+02:00',
  'schedule-too-long':
    'it would not be over before it begins again: a day at the longest where it is daily, a week where it is weekly, 28 days where it is monthly',
  'schedule-no-days': 'expected at least one day of the week',
  'schedule-ends-first': 'it ends before it begins',
  'rota-no-people': 'expected at least one person',
  'user-and-password': '"user" and "password" belong together: give both or none',
  'bad-topic': 'expected 1 to 64 of A–Z, a–z, 0–9, "-" and "_", or a reference to a secret',
  'bad-chat': 'expected the number of a chat, such as -1001234567890, or @name of a public channel',
  'rule-condition-not-own':
    'this condition belongs to a rule of the catalogue: take metrics, rate, absence or forecast',
  'rule-unknown-metric': 'there is no metric {{metric}}',
  'rule-units-differ': 'metrics of different units cannot share a threshold',
  'rule-clear-above':
    'the clear line ({{clear, number}}) is above the threshold ({{threshold, number}}): it would be over while it is still true',
  'rule-clear-below':
    'the clear line ({{clear, number}}) is below the threshold ({{threshold, number}}): it would be over while it is still true',
  'rule-never-true': 'no value is ever beyond {{threshold, number}}: the rule would have no effect',
  'rule-always-true': 'every value is beyond {{threshold, number}}: the rule would always fire',
  'rule-severities-ascend': 'levels go from the least to the most urgent',
  'rule-level-hides': 'at {{threshold, number}} the level before has no effect: this one is reached no later',
  'rule-unknown-deployment': 'there is no deployment {{name}}',
  'rule-for-nothing': 'no deployment fits this scope: the rule would have no effect',
}
