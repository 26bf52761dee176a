/** Templates of the kinds that apps deploy; they are rendered with the configuration of the snippets. */
export const deployTemplates: readonly string[] = [
  `upstream shop {
{%- for port in cconf.ports %}
    server 127.0.0.1:{{ port }}{% if loop.first %} weight=2{% endif %};
{%- endfor %}
}

server {
    listen {{ cconf.ports[0] }};
    server_name {{ cconf.domain }} www.{{ cconf.domain }};
    {% if cconf.tls -%}
    listen {{ cconf.ports[1] }} ssl;
    ssl_certificate /etc/ssl/{{ cconf.domain|replace('.', '_') }}.pem;
    {%- endif %}
    root {{ aconf.path }}/static;
    location / { proxy_pass http://shop; proxy_set_header Host $host; }
    {# old location #}
    {% for name, value in aconf.env.items() -%}
    add_header X-{{ name|title }} "{{ value }}";
    {% endfor %}
}
`,
  `<VirtualHost *:{{ conf.common.ports|first }}>
  ServerName {{ cconf.domain }}
  DocumentRoot {{ aconf.path }}
  WSGIScriptAlias / {{ aconf.path }}/{{ aconf.get('wsgi', 'app.wsgi') }}
  LogFormat "%h %l %u %t \\"%r\\" %>s %b" combined
  {% for user in aconf.users if user.on %}
  Require user {{ user.name|lower }}
  {% else %}
  Require all granted
  {% endfor %}
</VirtualHost>
`,
  `[Unit]
Description={{ aconf.text|capitalize }}
After=network.target{{ ' postgresql.service' if aconf.db.host == 'localhost' }}

[Service]
User={{ aconf.user|default('www-data') }}
WorkingDirectory={{ aconf.path }}
{% for key in aconf.env|sort %}
Environment="{{ key }}={{ aconf.env[key] }}"
{% endfor %}
ExecStart={{ aconf.path }}/virtualenv/bin/gunicorn -w {{ [aconf.one * 2 + 1, 8]|min }} -b 127.0.0.1:{{ aconf.db.port + 1 }} app:app
Restart=always
LimitNOFILE={{ '%d' % 65536 }}

[Install]
WantedBy=multi-user.target
`,
  `{% macro program(name, command, n=1) -%}
[program:{{ name }}]
command={{ command }}
numprocs={{ n }}
{% if n > 1 %}process_name=%(program_name)s_%(process_num)02d
{% endif -%}
environment={% for k, v in aconf.env|dictsort %}{{ k }}="{{ v }}"{% if not loop.last %},{% endif %}{% endfor %}
{%- endmacro %}
{{ program('web', aconf.path ~ '/bin/web') }}

{{ program('worker', aconf.path ~ '/bin/work', n=aconf.list|max) }}
`,
  `# Made by the deploy: do not edit
DEBUG = {{ aconf.no }}
SECRET = {{ aconf.name|tojson }}
ALLOWED_HOSTS = {{ [cconf.domain, 'www.' + cconf.domain] }}
DATABASES = {
    'default': {
        'HOST': '{{ aconf.db.host }}',
        'PORT': {{ aconf.db.port }},
        'OPTIONS': {{ aconf.map }},
    }
}
TIMEOUT = {{ aconf.float }}
LIMIT = {{ aconf.whole }}
NOTHING = {{ aconf.nothing }}
USERS = {{ aconf.users }}
BIG = {{ aconf.big }}
`,
  `{% set sections = {'server': aconf.db, 'env': aconf.env} -%}
{% for section, values in sections.items() %}
[{{ section }}]
{%- for key, value in values.items() %}
{{ key.ljust(8) }}= {{ value }}
{%- endfor %}
{% endfor %}
`,
  `{{ {'name': 'shop', 'ports': cconf.ports, 'db': aconf.db, 'on': aconf.yes, 'ratio': aconf.float}|tojson(indent=2) }}
`,
  `{
  "name": {{ aconf.name|tojson }},
  "hosts": [{% for u in aconf.users %}{{ u.name|tojson }}{{ ", " if not loop.last }}{% endfor %}],
  "ratio": {{ aconf.whole }}
}
`,
  `#!/bin/sh
set -eu
{%- set ns = namespace(count=0) %}
{% for name, value in aconf.env.items() -%}
export {{ name }}='{{ value|replace("'", "'\\\\''") }}'
{%- set ns.count = ns.count + 1 %}
{% endfor -%}
# {{ ns.count }} variables
{% raw %}echo "\${#array[@]} {{ not a template }}"{% endraw %}
exec {{ aconf.path }}/bin/run --workers={{ aconf.list|length }} {% if aconf.yes and not aconf.no %}--tls{% endif %} "$@"
`,
  `{% filter indent(4) -%}
a: {{ aconf.one }}
b: {{ aconf.list|join(' ') }}
{%- endfilter %}
{% with db = aconf.db %}postgres://{{ db.host }}:{{ db.port }}/{{ 'shop'|urlencode }}{% endwith %}
{% for group in aconf.users|groupby('age') %}{{ group.grouper }}: {{ group.list|map(attribute='name')|join(', ') }}
{% endfor %}`,
];
