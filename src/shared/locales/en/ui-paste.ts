/** Adding a deployment from what people have: a text to paste, and what was made of it. */
export const uiPaste = {
  'paste.title': 'Paste what you have',
  'paste.explains':
    'URLs, “ssh user@host”, the lines of a .env or a docker-compose.yml: what is in it fills in the form below. Nothing is reached before you test it, and passwords are kept apart.',
  'paste.label': 'URLs, an SSH host, a .env or a docker-compose.yml',
  'paste.choose': 'Choose a file',
  'paste.too-large':
    'The file is larger than {{limit, number}} bytes: paste the part that names servers and services.',
  'paste.ssh': 'Where it runs',
  'paste.ssh-hint':
    'As after “ssh”: deploy@shop.example.com. Left empty: on this machine, or reached directly',
  'paste.variables': 'The .env beside it',
  'paste.variables-hint': 'Values for the variables that the file refers to',
  'paste.do': 'Fill in the form',
  'paste.again': 'Fill in the form anew',
  'paste.notes': 'What was made of it',
  'paste.found-kinds': 'Recognised: {{kinds}}.',
  'paste.kind-urls': 'addresses',
  'paste.kind-ssh': 'a way over SSH',
  'paste.kind-env': 'variables',
  'paste.kind-compose': 'a Compose file',
  'paste.kind-profile': 'a profile',
  'paste.tone-look': 'See to it',
  'paste.tone-assumed': 'Assumed',
  'paste.tone-found': 'Found',
  'paste.found_one': '{{count, number}} thing that stood in the text',
  'paste.found_other': '{{count, number}} things that stood in the text',
  'paste.left-out': 'Left out, because it is not as a profile expects',
  'paste.next': 'The form below is filled in: look at it, test the connection, and add it.',
  'form.secret-pasted': 'Stood in what was pasted; goes into the vault when you save',
} as const
