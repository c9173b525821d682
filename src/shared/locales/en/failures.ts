/**
 * How reaching something failed: what happened, and what to do. `{{hop}}` is always there: where on the way it happened,
 * as people name it. `{{words}}` are the far side's own. Constant, so that the compiler holds whoever makes a failure to its parameters.
 */
export const failures = {
  // The way
  'host-unknown':
    'No address is known for {{host}}. Check the spelling, the name servers, and whether a VPN is needed for this name.',
  'resolver-silent':
    'The name servers gave no answer for {{host}}. Check the network of this machine, or whether a VPN is needed.',
  'tcp-refused':
    '{{host}} refused the connection on port {{port}}: nothing listens there, or a firewall rejects it. Check the port, and that the service runs.',
  'tcp-silent':
    '{{host}} did not answer on port {{port}} within {{seconds, number}} s: a firewall drops the packets, or the machine is off. Check the address, the firewall, and whether a VPN or an SSH hop is needed.',
  'tcp-unreachable':
    'There is no route to {{host}}, port {{port}}. Check the network of this machine, and whether a VPN or an SSH hop is needed.',
  'tcp-reset':
    '{{host}} reset the connection on port {{port}}. A proxy or firewall in between may allow only some addresses.',
  'tcp-failed': 'The connection to {{host}}, port {{port}}, could not be made: {{words}}.',
  'socket-file-missing':
    'There is no socket {{path}}: the server does not run, or listens elsewhere. Check its configuration.',
  'socket-file-refused': 'Nobody listens on the socket {{path}}: the server does not run any more.',
  'socket-file-denied':
    'The socket {{path}} may not be opened by the user that Vakhta runs as: {{words}}. Add that user to the group that owns it.',
  'socket-file-silent':
    'The socket {{path}} was not opened within {{seconds, number}} s: the server is overloaded or hangs.',
  'socket-file-failed': 'The socket {{path}} could not be opened: {{words}}.',
  'connection-slow':
    '{{hop}} was not connected within {{seconds, number}} s; the attempt goes on. Should it stay so, test the connection step by step in the settings.',
  'connection-failed': 'Connecting to {{hop}} failed unexpectedly: {{words}}. The log has the details.',
  'watch-ended': 'The connection to {{hop}} was closed because watching it ended.',

  // Secrets
  'secret-missing':
    'There is no secret "{{name}}" in the vault, or it is empty. Set it with: vakhta secret set {{name}}',
  'secret-environment-missing':
    'The environment of Vakhta has no variable {{name}}, or it is empty. Set it and start Vakhta again, or refer to a secret of the vault.',
  'secret-file-missing': 'There is no file {{name}}. Correct the path in the profile, or put the file there.',
  'secret-file-unreadable':
    'The file {{name}} cannot be read, or it is empty. It has to be readable by the user that Vakhta runs as.',
  'secret-locked':
    'The vault could not be opened for {{reference}}. Check the key file or passphrase that Vakhta was started with.',

  // SSH
  'key-passphrase-missing':
    'The key {{name}} is protected by a passphrase, and the profile gives none. Put the passphrase into the vault and refer to it as "passphrase: secret:NAME".',
  'key-passphrase-wrong':
    'The passphrase does not open the key {{name}}. Correct the secret that "passphrase" refers to, then try again.',
  'key-unsupported':
    'The key {{name}} cannot be used: {{words}}. An Ed25519, ECDSA or RSA private key in OpenSSH or PEM form is expected.',
  'key-is-public': '{{name}} is a public key. The private one is needed: usually the file without ".pub".',
  'host-key-unknown':
    'The SSH key of {{host}} is not known yet: {{keyType}} {{fingerprint}}. Compare it with what the administrator of the host says, then accept it in Settings or with: vakhta hosts accept {{host}} {{fingerprint}}',
  'host-key-changed':
    'The SSH key of {{host}} has changed: {{fingerprint}} came instead of {{known}} (known from {{where}}). Somebody may stand between you and the host. Only if its administrator confirms the new key: replace the old one in {{where}}, or accept the new one in Vakhta.',
  'host-key-revoked':
    'The SSH key of {{host}}, {{fingerprint}}, is marked as revoked in {{where}}. It must not be trusted: ask the administrator of the host for a new one.',
  'ssh-closed-early':
    '{{host}} closed the connection on port {{port}} before any SSH greeting: it refuses this address (fail2ban, hosts.deny), has too many logins under way, or is no SSH server.',
  'ssh-handshake-failed':
    'No SSH session with {{host}}, port {{port}}, came about: {{words}}. Check that an SSH server of today listens there.',
  'ssh-handshake-silent':
    '{{host}}, port {{port}}, accepted the connection but did not finish the SSH handshake within {{seconds, number}} s. The host may be overloaded, or something else listens there.',
  'ssh-key-refused':
    '{{host}} does not let {{user}} in with the key {{key}} (it takes: {{methods}}). Check the user, and that the public key is in its authorized_keys. It is not tried again until you ask for it.',
  'ssh-second-factor':
    '{{host}} took the key of {{user}} but asks for a second factor ({{methods}}), which an unattended watch cannot give. Use an account that needs the key alone.',
  'ssh-too-many-attempts':
    '{{host}} ended the login of {{user}}: {{words}}. It is not tried again until you ask for it, so that the account is not locked.',
  'ssh-closed-at-login': '{{host}} closed the connection while {{user}} was logging in: {{words}}.',
  'ssh-connection-lost': 'The SSH connection to {{hop}} was lost: {{words}}. It is being restored.',
  'ssh-silent':
    'The SSH connection to {{hop}} was silent for {{seconds, number}} s and was given up. It is being restored.',
  'ssh-session-refused':
    '{{hop}} cannot be given a session on the SSH connection: {{words}}. Check MaxSessions and whether the account may run commands.',
  'forward-prohibited':
    '{{hop}} does not forward to {{host}}:{{port}}. Its sshd needs "AllowTcpForwarding yes" (or "local") and a "PermitOpen" that includes this port.',
  'forward-refused':
    '{{host}} refused the connection from {{through}} on port {{port}}: nothing listens there, or a firewall rejects it. The address counts as seen from that hop.',
  'forward-silent':
    '{{host}}:{{port}} did not answer to {{through}} within {{seconds, number}} s: a firewall between them drops the packets, or the machine is off. The address counts as seen from that hop.',
  'forward-host-unknown':
    '{{through}} knows no address for {{host}}. The name is looked up there, not here: check the spelling and the name servers of that hop.',
  'forward-unreachable': '{{through}} cannot reach {{host}}:{{port}}: {{words}}.',
  'forward-socket-failed':
    '{{hop}} could not open the socket {{path}} at the far side: {{words}}. The path counts as seen from that hop, and its sshd needs "AllowStreamLocalForwarding yes" (or "local").',
  'forward-failed': '{{hop}} could not open a forwarding to {{host}}:{{port}}: {{words}}.',
  'command-slow': '"{{command}}" did not end on {{hop}} within {{seconds, number}} s and was stopped.',
  'command-failed': '"{{command}}" could not be run on {{hop}}: {{words}}.',

  // TLS
  'tls-expired':
    'The certificate of {{host}} has expired on {{end}}. Renew it; until then nothing that checks certificates can connect.',
  'tls-not-yet-valid':
    'The certificate of {{host}} is not valid yet. Check the clocks of this machine and of the one that issued it.',
  'tls-self-signed':
    'The certificate of {{host}} is signed by itself, so nobody vouches for it. Use one of an authority that this machine trusts, or add it to the trusted ones.',
  'tls-untrusted':
    'The certificate of {{host}} was issued by {{issuer}}, which this machine does not trust, or an intermediate certificate is missing. Install the authority, or let the server send the whole chain.',
  'tls-revoked': 'The certificate of {{host}} was revoked. It has to be replaced.',
  'tls-wrong-name':
    'The certificate is not for {{host}} but for {{names}}. Use the name that it bears, or have one issued for this name.',
  'tls-not-spoken':
    '{{host}} does not speak TLS on this port. Check the port, or whether the URL should be without TLS.',
  'tls-closed':
    '{{host}} closed the connection during the TLS handshake. It may ask for a client certificate, or serve other names only.',
  'tls-silent': '{{host}} did not finish the TLS handshake within {{seconds, number}} s.',
  'tls-failed': 'No TLS session with {{host}} came about: {{words}}.',

  // PostgreSQL
  'postgres-without-tls':
    'PostgreSQL on {{host}}:{{port}} offers no TLS, and sslmode={{sslmode}} demands it. Turn on "ssl" on the server, or lower sslmode if the way there is protected otherwise.',
  'postgres-not-spoken': 'What listens on {{host}}:{{port}} does not speak PostgreSQL. Check the port.',
  'postgres-silent':
    'PostgreSQL on {{host}}:{{port}} took the connection but said nothing for {{seconds, number}} s. The server may hang or be overloaded.',
  'postgres-password-wrong':
    'PostgreSQL refused the password of "{{user}}" (or there is no such role). Correct the secret, then try again: it is not tried by itself, so that nobody is locked out.',
  'postgres-password-needed':
    'PostgreSQL asks for a password of "{{user}}", and the profile gives none. Add "password: secret:NAME" to it.',
  'postgres-role-missing':
    'There is no role "{{user}}" on this server. Create it: CREATE ROLE "{{user}}" LOGIN IN ROLE pg_monitor',
  'postgres-not-admitted':
    'PostgreSQL does not admit "{{user}}" to "{{database}}" from this address: {{words}}. A matching line in pg_hba.conf is needed, then a reload.',
  'postgres-database-missing':
    'There is no database "{{database}}" on {{host}}:{{port}}. Correct the URL in the profile.',
  'postgres-connect-denied':
    '"{{user}}" may not connect to "{{database}}". Grant it: GRANT CONNECT ON DATABASE "{{database}}" TO "{{user}}"',
  'postgres-too-many-clients':
    'PostgreSQL has no connection left: {{words}}. Look for idle connections of the application, or raise max_connections.',
  'postgres-starting': 'PostgreSQL is starting up or recovering, and takes no connections yet: {{words}}.',
  'postgres-shutting-down':
    'PostgreSQL ended the connection because it shuts down, or an administrator asked for it.',
  'postgres-crashed':
    'A server process of PostgreSQL crashed, and it restarts itself. Its log says which and why.',
  'postgres-closed-at-login': 'PostgreSQL closed the connection during the login of "{{user}}": {{words}}.',
  'postgres-refused-login': 'PostgreSQL refused the login of "{{user}}" (SQLSTATE {{sqlstate}}): {{words}}.',
  'postgres-connection-lost': 'The connection to {{hop}} was lost: {{words}}. It is being restored.',
  'postgres-session-busy':
    'The session to {{hop}} was busy with an earlier statement for {{seconds, number}} s. It is tried again at the next look.',
  'postgres-answer-missing':
    '{{hop}} gave no answer within {{seconds, number}} s, not even that it stopped the statement. The connection was dropped and is being restored.',
  'postgres-statement-timeout':
    'The statement took longer than {{seconds, number}} s and was stopped by PostgreSQL.',
  'postgres-lock-timeout':
    'The statement waited too long for a lock and was given up: something holds the table that it reads.',
  'postgres-permission-denied':
    'The role may not read what is needed: {{words}}. Make it a member of pg_monitor.',
  'postgres-statement-failed': 'PostgreSQL refused a statement (SQLSTATE {{sqlstate}}): {{words}}.',
  'postgres-monitor-missing':
    '"{{user}}" sees only its own sessions. Let it see the others, as a superuser: GRANT pg_monitor TO "{{user}}"',

  // Redis
  'redis-password-wrong':
    'Redis refused the user or password. Correct the secret, then try again: it is not tried by itself.',
  'redis-password-needed':
    'Redis asks for a password, and the profile gives none. Add "password: secret:NAME" to it.',
  'redis-password-not-expected':
    'The profile gives a password, but this Redis asks for none. Remove it from the profile, or set "requirepass" on the server.',
  'redis-command-denied':
    'The Redis user may not run {{command}}: {{words}}. Allow it: ACL SETUSER NAME +ping +info +slowlog',
  'redis-database-missing': 'Redis has no database {{database}}: {{words}}. Correct the number in the URL.',
  'redis-loading': 'Redis is loading its data from disk and answers no commands yet.',
  'redis-busy': 'Redis is busy with a script and answers nothing else: {{words}}.',
  'redis-primary-down': 'This Redis is a replica that lost its primary and serves no stale data: {{words}}.',
  'redis-too-many-clients':
    'Redis has no connection left: raise maxclients, or look for clients that leak connections.',
  'redis-silent':
    '{{host}}:{{port}} took the connection but did not answer as Redis within {{seconds, number}} s. Check the port and whether it needs "rediss://", or the server hangs.',
  'redis-answer-missing':
    'Redis did not answer {{command}} within {{seconds, number}} s: a slow command or script holds it. The connection was dropped and is being restored.',
  'redis-connection-lost': 'The connection to {{hop}} was lost: {{words}}. It is being restored.',
  'redis-command-failed': 'Redis refused {{command}}: {{words}}.',

  // HTTP
  'http-token-invalid':
    'The token from {{reference}} holds characters that no HTTP header may: a line break in the middle, or something that is not ASCII.',
  'http-silent':
    '{{host}}:{{port}} did not answer {{path}} within {{seconds, number}} s, though the connection stands.',
  'http-cut': '{{host}}:{{port}} broke off the connection before {{path}} was answered: {{words}}.',
  'http-not-spoken':
    'What listens on {{host}}:{{port}} does not answer as HTTP does: {{words}}. Check the port, and whether it needs "https://".',
  'http-not-admitted':
    '{{host}} answered {{path}} with {{status}}: it wants other credentials. Check the "token" of the service in the profile.',
  'http-unhealthy': '{{host}} answered {{path}} with {{status}}.',
} as const
