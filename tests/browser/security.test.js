// Who may use the page, and what never leaves the console.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {addIntegration, closeBrowser, go, kGood, kNoTicketEditing, kSecrets,
  newPage, open, startConsole, startSimulator, until} from './support.js';

after(closeBrowser);

const ask = (url, {method = 'GET', headers = {}, body} = {}) => new Promise((resolve, reject) => {
  const request = http.request(url, {method, headers}, (response) => {
    response.resume();
    response.on('end', () => resolve(response.statusCode));
  });
  request.on('error', reject);
  request.end(body);
});

test('a link opens one browser, and its key is gone from the address', async (t) => {
  const console_ = await startConsole(t);
  const link = await console_.link();
  const first = await newPage(t);
  await first.goto(link);
  await first.getByRole('heading', {name: 'Integrations', exact: true}).waitFor();
  assert.ok(!first.url().includes('key='));
  const second = await newPage(t);
  await second.goto(link);
  await second.getByRole('heading', {name: 'This browser is not signed in'}).waitFor();
  await second.goto(await console_.link());
  await second.getByRole('heading', {name: 'Integrations', exact: true}).waitFor();
});

test('a reload and a second tab are signed in, and a used link does not sign them out', async (t) => {
  const console_ = await startConsole(t);
  const link = await console_.link();
  const page = await newPage(t);
  await page.goto(link);
  await page.getByRole('heading', {name: 'Integrations', exact: true}).waitFor();
  await page.reload();
  await page.getByRole('heading', {name: 'Integrations', exact: true}).waitFor();
  const second = await page.context().newPage();
  await second.goto(link);
  await second.getByRole('heading', {name: 'Integrations', exact: true}).waitFor();
  await go(second, '/plugins', 'Plugins');
});

test('the cookie alone, which servers on every port of this machine get, opens nothing', async (t) => {
  const console_ = await startConsole(t);
  const page = await open(t, console_);
  const base = new URL(page.url()).origin;
  let stolen = '';
  const thief = http.createServer((request, response) => {
    stolen ||= request.headers.cookie ?? '';
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>thief</title>');
  });
  await new Promise((resolve) => thief.listen(0, '127.0.0.1', resolve));
  t.after(() => thief.close());
  const other = await page.context().newPage();
  await other.goto(`http://127.0.0.1:${thief.address().port}/`);
  assert.match(stolen, /msp_console_/, 'the browser sent it');
  assert.deepEqual(await other.evaluate(() => [{...localStorage}, {...sessionStorage}]), [{}, {}], 'and kept the token');
  for (const path of ['plugins', 'plugins/autotask', 'integrations', 'checks', 'session']) {
    const status = await ask(`${base}/api/v1/${path}`, {headers: {cookie: stolen}});
    assert.ok([401, 405].includes(status), `${path}: ${status}`);
  }
  assert.equal(await ask(`${base}/api/v1/plugins/autotask/disable`, {method: 'POST', headers: {cookie: stolen}}), 403);
  const token = await page.evaluate(() => localStorage.getItem('token'));
  assert.equal(await ask(`${base}/api/v1/plugins`, {headers: {'x-msp-csrf': token}}), 401, 'nor does the token alone');
  assert.equal(await ask(`${base}/api/v1/plugins`, {headers: {cookie: stolen, 'x-msp-csrf': token}}), 200);
});

test('through a tunnel the page works by the tunnel\'s own port', async (t) => {
  const console_ = await startConsole(t);
  const link = new URL(await console_.link());
  const tunnel = net.createServer((client) => {
    const to = net.connect(Number(link.port), '127.0.0.1');
    for (const socket of [client, to]) socket.on('error', () => {});
    client.pipe(to).pipe(client);
  });
  await new Promise((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
  t.after(() => tunnel.close());
  const page = await newPage(t);
  await page.goto(`http://localhost:${tunnel.address().port}/${link.hash}`);
  await page.getByRole('heading', {name: 'Integrations', exact: true}).waitFor();
  await go(page, '/plugins', 'Plugins');
  await page.getByRole('button', {name: 'Disable'}).waitFor();
  await page.close();
});

test('every address of this machine that it can listen on opens its page', async (t) => {
  const console_ = await startConsole(t);
  for (const [listen, host] of [['127.0.0.2:0', '127.0.0.2'], ['localhost:0', '127.0.0.1'], ['[::1]:0', '[::1]']]) {
    const serving = await console_.serve('--listen', listen);
    const link = new URL(await serving.link());
    assert.equal(link.hostname, host);
    const page = await newPage(t);
    await page.goto(link.href);
    await page.getByRole('heading', {name: 'Integrations', exact: true}).waitFor();
  }
});

test('no secret is in the DOM, the storage, the history or any answer', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kNoTicketEditing, 'The permissions are not sufficient');
  await go(page, '/integrations', 'Integrations');
  await addIntegration(page, kGood, 'The integration is saved');
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByText('History of checks').first().waitFor();
  await page.getByRole('link', {name: 'Edit', exact: true}).click();
  await page.getByRole('heading', {level: 1, name: 'Edit integration'}).waitFor();

  const kept = await page.evaluate(async () => JSON.stringify({
    dom: document.documentElement.outerHTML, inputs: [...document.querySelectorAll('input')].map((input) => input.value),
    local: {...localStorage}, session: {...sessionStorage}, history: [location.href, history.state],
    databases: await indexedDB.databases(), caches: await caches.keys(), cookies: document.cookie,
  }));
  const bodies = [];
  for (const answer of page.answers) bodies.push(JSON.stringify(await answer.allHeaders()), await answer.text().catch(() => ''));
  assert.ok(bodies.length > 20);
  for (const secret of kSecrets) {
    assert.ok(!kept.includes(secret));
    for (const body of bodies) assert.ok(!body.includes(secret));
  }
  assert.equal(await page.evaluate(() => document.cookie), '', 'the session is out of reach for scripts');
});

test('a name that was rebound to this machine is refused', async (t) => {
  const console_ = await startConsole(t);
  const {port} = new URL(await console_.link());
  for (const host of ['evil.example', `evil.example:${port}`, `127.0.0.1.evil.example:${port}`, '0.0.0.0', `128.0.0.1:${port}`]) {
    assert.equal(await ask(`http://127.0.0.1:${port}/`, {headers: {host}}), 421, host);
    assert.equal(await ask(`http://127.0.0.1:${port}/api/v1/plugins`, {headers: {host}}), 421, host);
  }
});

test('the page of another site can neither read, change, embed nor open anything', async (t) => {
  const console_ = await startConsole(t);
  const page = await open(t, console_);
  const base = new URL(page.url()).origin;
  const evil = http.createServer((request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>evil</title>'));
  await new Promise((resolve) => evil.listen(0, '127.0.0.1', resolve));
  t.after(() => evil.close());
  // The same browser, so the session's cookie is there; same site even, since a port makes no other site.
  const other = await page.context().newPage();
  await other.goto(`http://127.0.0.1:${evil.address().port}/`);
  const results = await other.evaluate(async (target) => {
    const attempt = (path, options) => fetch(target + path, {credentials: 'include', ...options})
        .then((response) => response.status, () => 'refused');
    const loads = (tag, attribute, path) => new Promise((resolve) => {
      const element = document.createElement(tag);
      element.onload = () => resolve(tag === 'iframe' ? 'frame' : 'loaded');
      element.onerror = () => resolve('refused');
      element[attribute] = target + path;
      document.body.append(element);
    });
    return {
      read: await attempt('/api/v1/plugins'), blind: await attempt('/api/v1/plugins/autotask/disable', {method: 'POST', mode: 'no-cors'}),
      change: await attempt('/api/v1/plugins/autotask/disable',
          {method: 'POST', headers: {'Content-Type': 'application/json', 'X-MSP-CSRF': 'x'}, body: '{}'}),
      script: await loads('script', 'src', '/app.js'), image: await loads('img', 'src', '/icon.svg'),
    };
  }, base);
  assert.deepEqual(results, {read: 'refused', blind: 'refused', change: 'refused', script: 'refused', image: 'refused'});
  assert.match((await console_.cli('plugin', 'list')).stdout, /autotask.*enabled/, 'nothing was changed');
  for (const headers of [{origin: 'http://evil.example'}, {'sec-fetch-site': 'cross-site'}, {origin: 'null'}]) {
    assert.equal(await ask(`${base}/api/v1/plugins`, {headers}), 403);
  }
});

test('listening to other machines demands TLS and says why', async (t) => {
  const console_ = await startConsole(t);
  const {code, stderr} = await console_.cli('serve', '--listen', '0.0.0.0:0');
  assert.equal(code, 2);
  assert.match(stderr.replace(/\s+/g, ' '), /other machines could read along: passwords .* --tls-cert/);
  const wrong = await console_.cli('serve', '--listen', 'nonsense');
  assert.equal(wrong.code, 2);
  const named = await console_.cli('serve', '--listen', 'console.example:0');
  assert.equal(named.code, 2);
  assert.match(named.stderr.replace(/\s+/g, ' '), /is no address to listen on\. .*Write an IP address of this machine, or localhost/);
});

test('the page sends no secret of a field that is hidden, and keeps none that is saved', async (t) => {
  const simulator = await startSimulator(t, undefined, 'kaseya_vsa');
  const page = await open(t, await startConsole(t, {simulator, plugins: ['kaseya_vsa']}));
  const sent = [];
  page.on('request', (request) => { if (request.method() === 'POST') sent.push(request.postData() ?? ''); });
  const token = '0f1e2d3c-0000-4000-8000-000000000001';
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('VSA server').fill('https://vsa.example.com');
  await page.getByLabel('User name').fill('console');
  await page.locator('[name=pat]').fill(token);
  await page.getByRole('radio', {name: 'Password'}).check();
  await page.locator('[name=password]').fill('Throw$away,1');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {level: 1, name: /^Saved/}).waitFor();
  assert.ok(sent.some((body) => body.includes('Throw$away,1')));
  assert.ok(sent.every((body) => !body.includes(token)), 'the token that was typed first is hidden, and stays here');
  const check = /checks\/([0-9a-f]+)/.exec(page.url())[1];
  assert.equal(await page.evaluate((id) => import('/drafts.js').then(({hasSecrets}) => hasSecrets(id)), check),
      false, 'what is saved is forgotten');
});

test('the system opens the page when it is asked to, and no key stands on a command line', async (t) => {
  const console_ = await startConsole(t);
  await console_.stop();
  const bin = join(console_.directory, 'bin');
  await mkdir(bin);
  const [asked, opened] = ['asked', 'opened'].map((name) => join(console_.directory, name));
  await writeFile(join(bin, 'xdg-open'),
      `#!/bin/sh\ncp "$1" '${opened}'\necho "$@" > '${asked}.part'\nmv '${asked}.part' '${asked}'\n`, {mode: 0o755});
  const serve = (searched) => {
    const child = spawn(process.env.MSP_CONSOLE_PROGRAM, ['serve', '--listen', '127.0.0.1:0', '--open', '--plugin-dir',
      console_.pluginDirectory, '--data-dir', join(console_.directory, 'data')], {env: {...process.env, PATH: searched}});
    t.after(() => child.kill('SIGTERM'));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const told = {out: '', err: ''};
    child.stdout.on('data', (text) => { told.out += text; });
    child.stderr.on('data', (text) => { told.err += text; });
    return {child, ended, told};
  };
  const served = serve(`${bin}:${process.env.PATH}`);
  await until(() => existsSync(asked) && served.told.out.includes('Ctrl-C'));
  const file = (await readFile(asked, 'utf8')).trim();
  assert.equal(file, join(console_.directory, 'data', 'open.html'));
  const [link] = /http:\S+#key=[0-9a-f]+/.exec(served.told.out);
  assert.ok((await readFile(opened, 'utf8')).includes(`url=${link}"`));
  assert.equal(served.told.err, '');
  served.child.kill('SIGTERM');
  assert.equal(await served.ended, 0);
  assert.ok(!existsSync(file), 'the file goes with the console');

  const alone = serve(console_.directory);
  await until(() => alone.told.err.includes('This system has nothing that opens a browser.'));
  alone.child.kill('SIGTERM');
  assert.equal(await alone.ended, 0);
});
