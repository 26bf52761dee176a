import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listTree } from '../../artifact/archive/listTree.ts';
import { packArchiveFile } from '../../artifact/archive/pack.ts';
import { seriesOf } from '../../artifact/repository/repository.ts';
import { upload } from '../../artifact/repository/upload.ts';
import { type Files, newBox, uploadApp } from '../agent/support/box.ts';
import { configure, deploy, packagesAt, planned, storeAt } from '../support/boxes/agentOf.ts';
import type { Box } from '../support/boxes/box.ts';
import { type Fleet, startFleet } from '../support/boxes/fleet.ts';
import { ci, newFolder } from '../support/repository.ts';

const store = newBox();
let fleet: Fleet;
let box: Box;

beforeAll(async () => {
  const binds = { [packagesAt]: process.env.STRATA_TEST_PACKAGES ?? '', [storeAt]: store.store };
  fleet = await startFleet(1, binds, 'servers');
  box = fleet.boxes[0] as Box;
  await configure(box, 'steps: { system: true }\n');
  await keepVirtualenv();
  await box.sh(`dpkg -i ${packagesAt}/old.deb; strata-agent init; systemctl start strata-agent`);
});
afterAll(() => fleet?.stop());

const virtualenv = 'virtualenv-3.11-linux-shop.tar.gz';

/** One that sees the Django of the box, as a build would have kept it. */
async function keepVirtualenv(): Promise<void> {
  await box.sh('python3 -m venv --copies --system-site-packages --without-pip /tmp/made/virtualenv');
  const [file, root] = [path.join(newFolder(), virtualenv), box.path('/tmp/made/virtualenv')];
  const sources = [{ root, names: listTree(root) }];
  await packArchiveFile(file, { top: 'virtualenv', sources, mtime: 0, compression: 'gzip' });
  const series = seriesOf('shop', { artifact: virtualenv });
  await upload(store.repository, series, { version: '1', file, key: ci, metadata: {} });
}

const migration = (operations: string, after = '') => `from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [${after}]
    operations = [${operations}]
`;
const hits = `migrations.CreateModel('Hit', [('id', models.AutoField(primary_key=True))])`;
const note = `migrations.AddField('hit', 'note', models.CharField(max_length=20, null=True))`;
const first = `('hits', '0001_initial')`;

/** A small Django app, behind gunicorn. */
function django(version: string, more: Files = {}): Files {
  return {
    'requirements.txt': 'Django\n',
    'manage.py': `import os, sys
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`,
    'wsgi.py': `import os
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
`,
    'settings.py': `import json, pathlib
HERE = pathlib.Path(__file__).parent
CONFIG = json.loads((HERE / 'configuration.json').read_text())['common']
SECRET_KEY = 'x'
ALLOWED_HOSTS = ['*']
ROOT_URLCONF = 'urls'
INSTALLED_APPS = ['django.contrib.staticfiles', 'counter']
DATABASES = {
    name: {'ENGINE': 'django.db.backends.sqlite3', 'NAME': HERE / 'data/db' / file}
    for name, file in {'default': 'db.sqlite3', 'archive': 'archive.sqlite3'}.items()
}
STATIC_URL, STATIC_ROOT = '/static/', HERE / 'collected'
LOCALE_PATHS = [HERE / 'locale']
`,
    'urls.py': `from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext, override
from counter.models import Hit
def index(request):
    Hit.objects.create()
    with override('de'):
        return HttpResponse('${version} %s %s %d' % (settings.CONFIG['from'], gettext('hello'), Hit.objects.count()))
urlpatterns = [path('', index)]
`,
    'counter/__init__.py': '',
    // Its migrations are told by this, and not by the name of the folder.
    'counter/apps.py': `from django.apps import AppConfig
class Counter(AppConfig):
    name = 'counter'
    label = 'hits'
`,
    'counter/models.py': `from django.db import models
class Hit(models.Model):
    id = models.AutoField(primary_key=True)
`,
    'counter/migrations/__init__.py': '',
    'counter/migrations/0001_initial.py': migration(hits),
    'counter/static/counter.css': `/* ${version} */`,
    'locale/de/LC_MESSAGES/django.po':
      'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "hello"\nmsgstr "hallo"\n',
    'deploy/data/db/.gitkeep': '',
    'deploy/templates/systemd/shop.service': `[Service]
Type=notify
User=shop
WorkingDirectory=/srv/shop/live
ExecStart=/srv/shop/live/virtualenv/bin/python -m gunicorn --bind 127.0.0.1:8000 wsgi
[Install]
WantedBy=multi-user.target
`,
    'deploy/steps.yaml': steps('true'),
    ...more,
  };
}

const steps = (migrate: string, more = '') => `django:
  migrate: ${migrate}
${more}  logs: { app.log: { mode: '0600' }, /var/log/shop/shop.log: {} }
health: { http: 'http://127.0.0.1:8000/', body: central, minHealthy: 0s, timeout: 20s }
`;

async function put(version: string, more: Files = {}): Promise<void> {
  await uploadApp(store, version, django(version, more), { metadata: { virtualenv } });
}

const answer = () => box.sh('curl -sf http://127.0.0.1:8000/');
const migrations = (database = 'default') =>
  box.sh(`cd /srv/shop/live; virtualenv/bin/python manage.py showmigrations --plan --database=${database}`);

describe('a Django app', () => {
  it('is deployed by its own manage.py: migrated, with its static files, messages and log files', async () => {
    await put('1');
    const plan = await planned(box, { version: '1' });
    expect(plan).toMatchObject({
      migrations: ['hits.0001_initial', 'those of packages, if any are pending'],
      obstacles: [],
    });
    expect(plan.notes).toEqual(
      expect.arrayContaining([
        'django: the log file /srv/shop/logs/app.log is made',
        'django: the log file /var/log/shop/shop.log is made',
        'django: migrations are run before the switch, and stay done where the deployment goes back',
      ]),
    );
    const { lines, ...deployment } = await deploy(box, { version: '1', plan: plan.digest });
    expect(deployment, lines.join('\n')).toMatchObject({ result: 'done' });
    expect(lines.join('\n')).toMatch(/django: .*Applying hits\.0001_initial\.\.\. OK/);
    expect(await answer()).toMatch(/^1 central hallo \d+$/);
    expect(fs.readFileSync(box.path('/srv/shop/versions/1/collected/counter.css'), 'utf8')).toBe('/* 1 */');
    const owned = '/srv/shop/logs/app.log /var/log/shop/shop.log /srv/shop/data/db/db.sqlite3';
    expect(await box.sh(`stat -c '%U %a' ${owned} /srv/shop/live/collected`)).toBe(
      'shop 600\nshop 640\nshop 644\nshop 755\n',
    );
  });

  it('fails with a migration that fails: nothing is switched', async () => {
    const broken = migration(`migrations.RunSQL('select * from nowhere')`, first);
    await put('2', { 'counter/migrations/0002_broken.py': broken });
    const { lines, told, ...deployment } = await deploy(box, { version: '2' });
    expect(deployment).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining('manage.py migrate --noinput --no-color failed with exit code 1'),
    });
    expect(lines.join('\n')).toContain('no such table: nowhere');
    expect(told).toContain('django: the migration hits.0002_broken is not undone, as far as done');
    expect(await answer()).toMatch(/^1 central/);
    expect(fs.existsSync(box.path('/srv/shop/versions/2'))).toBe(false);
  });

  it('runs migrations only as planned where it asks for that, and says at a rollback that they stay', async () => {
    const more = {
      'counter/migrations/0002_note.py': migration(note, first),
      'deploy/steps.yaml': steps('planned', '  databases: [default, archive]\n'),
    };
    await put('3', more);
    expect(await deploy(box, { version: '3' })).toMatchObject({
      result: 'failed',
      reason:
        'django: the migrations hits.0002_note, hits.0001_initial (archive), hits.0002_note (archive) are pending, and run only in a deployment of a plan that listed them',
    });
    expect(await migrations()).not.toContain('0002');
    const { digest, migrations: listed } = await planned(box, { version: '3' });
    expect(listed).toEqual([
      ...['hits.0002_note', 'hits.0001_initial (archive)', 'hits.0002_note (archive)'],
      'those of packages (archive), if any are pending',
    ]);
    expect(await deploy(box, { version: '3', plan: digest })).toMatchObject({ result: 'done' });
    expect(await answer()).toMatch(/^3 central/);
    for (const database of ['default', 'archive'])
      expect(await migrations(database)).toContain('[X]  hits.0002_note');
    const gone = 'django: the migration hits.0002_note is not in this version; what it did is not undone';
    expect(await planned(box, { rollback: true })).toMatchObject({ migrations: [], notes: [gone] });
    const back = await deploy(box, { rollback: true });
    expect(back).toMatchObject({ result: 'done', version: '1' });
    expect(back.told).toContain(`django: ${gone}`);
    expect(await answer()).toMatch(/^1 central/);
  });

  it('is refused where its log file is a link, which the agent must not follow', async () => {
    await box.sh('ln -sf /etc/passwd /srv/shop/logs/app.log');
    expect(await deploy(box, { version: '1', force: true })).toMatchObject({
      result: 'failed',
      reason: "django: the log file /srv/shop/logs/app.log cannot be written as the app's user: it is a link",
    });
    expect(await box.sh('stat -c %a /etc/passwd')).toBe('644\n');
  });
});
