// A thousand templates as an app may have them, no two alike, and full of expressions: the same bytes in every run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes `templates/`, with what they include, and `configuration.json`.
 * @param {string} folder
 * @param {number} count
 */
export function writeTemplates(folder, count) {
  const templates = join(folder, 'templates');
  mkdirSync(templates, { recursive: true });
  writeFileSync(join(templates, '_macros'), macros);
  for (let at = 0; at < count; at++) {
    const text = kinds[at % kinds.length]?.(at) ?? '';
    writeFileSync(join(templates, `${String(at).padStart(4, '0')}.conf`), text);
  }
  writeFileSync(join(folder, 'configuration.json'), JSON.stringify(configuration()));
}

const macros = `{% macro option(name, value, quoted=false) -%}
{{ name|upper|replace('-', '_') }}={% if quoted %}"{{ value }}"{% else %}{{ value }}{% endif %}
{%- endmacro %}
`;

/** @type {((at: number) => string)[]} */
const kinds = [
  (at) => `upstream shop_${at} {
{%- for port in cconf.ports %}
    server {{ cconf.hosts[loop.index0 % 3] }}:{{ port + ${at} }} weight={{ loop.index }}{% if loop.first %} max_fails=2{% elif loop.last %} backup{% endif %};
{%- endfor %}
}
{% for name, site in aconf.sites.items() if site.on and site.port > ${at % 40} %}
server {
    listen {{ site.port + 1000 }}{{ ' ssl' if site.tls else '' }};
    server_name {{ name }}.{{ cconf.domain }} {{ site.aliases|join(' ') }};
    root {{ aconf.path }}/{{ name|lower }}/{{ site.folder|default('static') }};
    {%- if site.tls is defined and site.tls %}
    ssl_certificate /etc/ssl/{{ cconf.domain|replace('.', '_') }}-{{ loop.index }}.pem;
    {%- endif %}
    location /{{ name }} { proxy_pass http://shop_${at}; proxy_read_timeout {{ site.timeout or cconf.timeout }}s; }
}
{% else %}
# nothing of ${at}
{% endfor %}`,
  (at) => `[Unit]
Description={{ aconf.title|capitalize }} ${at} of {{ cconf.domain }}
After=network.target{{ ' postgresql.service' if aconf.db.host == 'localhost' }}

[Service]
User={{ aconf.user|default('www-data') }}
WorkingDirectory={{ aconf.path }}/${at}
{% for key in aconf.env|sort %}
Environment="{{ key }}={{ aconf.env[key] }}"
{% endfor %}
{% set workers = [aconf.cores * 2 + 1, 8]|min %}
ExecStart={{ aconf.path }}/virtualenv/bin/gunicorn -w {{ workers }} -b 127.0.0.1:{{ aconf.db.port + ${at} }} --timeout {{ cconf.timeout * 2 }} {{ aconf.module|default('app') }}:app
{% if workers > 4 and not aconf.quiet %}StandardOutput=journal{% else %}StandardOutput=null{% endif %}
Restart={{ 'always' if aconf.restart else 'on-failure' }}
LimitNOFILE={{ '%d' % (65536 + ${at}) }}

[Install]
WantedBy=multi-user.target
`,
  (at) => `{% from '_macros' import option %}{% set ns = namespace(count=0) -%}
# ${at}
{% for name, value in aconf.env|dictsort %}
{{ option(name, value ~ '-${at}', quoted=loop.index is even) }}{% set ns.count = ns.count + 1 %}
{% endfor %}
{% for site in aconf.sites.values()|selectattr('on')|sort(attribute='port') %}
{{ option('site-' ~ loop.index, site.port * 2 - ${at}) }}
{{ option('folder-' ~ loop.index, aconf.path ~ '/' ~ site.folder, quoted=true) }}
{% endfor %}
TOTAL={{ ns.count }} OF {{ aconf.env|length + ${at} }}
`,
  (at) => `{
  "name": {{ (aconf.title ~ ' ${at}')|tojson }},
  "hosts": [{% for host in cconf.hosts %}{{ host|tojson }}{{ ", " if not loop.last }}{% endfor %}],
  "db": {{ {'host': aconf.db.host, 'port': aconf.db.port + ${at}, 'name': aconf.db.name}|tojson }},
  "env": {{ aconf.env|tojson(indent=2) }},
  "sites": {
  {%- for name, site in aconf.sites|dictsort %}
    {{ name|tojson }}: { "port": {{ site.port }}, "on": {{ site.on|tojson }}, "aliases": {{ site.aliases|map('upper')|list|tojson }} }{{ "," if not loop.last }}
  {%- endfor %}
  },
  "ports": {{ cconf.ports|map('string')|join('|')|tojson }}, "timeout": {{ cconf.timeout / 2 }}
}
`,
  (at) => `# Made for ${at}
DEBUG = {{ aconf.quiet }}
ALLOWED_HOSTS = {{ [cconf.domain, 'www.' + cconf.domain] + cconf.hosts }}
DATABASES = {'default': {'HOST': '{{ aconf.db.host }}', 'PORT': {{ aconf.db.port }}, 'NAME': '{{ aconf.db.name }}_${at}'}}
{% for name, site in aconf.sites.items() %}
{%- if site.on %}
SITE_{{ name|upper }} = dict(port={{ site.port }}, folder={{ site.folder|default('none')|tojson }}, tls={{ site.tls }}, aliases={{ site.aliases }})
{%- if site.aliases|length > 1 and site.port % 2 == ${at % 2} %}
SITE_{{ name|upper }}['first'] = '{{ site.aliases[0] }}'
{%- endif %}{% endif %}
{%- endfor %}
TIMEOUT = {{ cconf.timeout }}; HOSTS = {{ cconf.hosts|length }}; LAST = '{{ cconf.hosts[-1] }}'; PAIR = {{ (cconf.ports[0], ${at}) }}
`,
];

function configuration() {
  const names = ['www', 'admin', 'Api', 'static', 'search', 'pay', 'mail', 'help'];
  const sites = names.map((name, at) => [
    name,
    {
      ...{ on: at % 3 !== 2, port: 20 + at * 7, tls: at % 2 === 0, timeout: at % 2 === 0 ? 0 : 15 },
      ...{ folder: `sites/${name}`, aliases: [`${name}1`, `${name}2`].slice(at % 2) },
    },
  ]);
  return {
    common: {
      ...{ domain: 'papershop.example', timeout: 30, ports: [8000, 8001, 8002, 8003] },
      hosts: ['a.example', 'b.example', 'c.example'],
    },
    shop: {
      ...{ title: 'the shop', path: '/srv/shop/live', cores: 4, quiet: false, restart: true },
      db: { host: 'localhost', port: 5432, name: 'shop' },
      env: Object.fromEntries(names.map((name, at) => [`${name.toUpperCase()}_URL`, `http://${name}:${at}`])),
      sites: Object.fromEntries(sites),
    },
  };
}
