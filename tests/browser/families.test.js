// Platforms that sign in in other ways, through the page: what the plugins under test show where a person sees it.
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {after, test} from 'node:test';
import {closeBrowser, go, open, startConsole, startPlatform, violations} from './support.js';

after(closeBrowser);

const heading = (page, name) => page.getByRole('heading', {level: 1, name}).waitFor();
const card = (page, name) => page.getByRole('listitem').filter({has: page.getByRole('heading', {name})});
// The names in the table of permissions, without what stands beside them.
const rights = async (page) => (await page.getByRole('rowheader').allTextContents())
    .filter((text) => text.includes(' – ')).map((text) => text.replace('required', ''));

test('a right is asked for once a choice needs it, and whoever enables the plugin reads so', async (t) => {
  const simulator = await startPlatform(t, 'service.example.com',
      () => ({body: {account: '4711', user: 'console', rights: 'tickets.read'}}));
  const page = await open(t, await startConsole(t, {simulator, plugins: ['rights_by_choice'], enabled: []}));
  await go(page, '/plugins', 'Plugins');
  await card(page, 'Example Service').getByRole('button', {name: 'Enable'}).click();
  const dialog = page.getByRole('dialog', {name: 'Enable Example Service?'});
  await dialog.getByText('(only when "Tickets" is "Open one for each alert")').waitFor();
  await dialog.getByText('(only when "Compare what is billed" is chosen)').waitFor();
  await dialog.getByRole('button', {name: 'Enable'}).click();
  await card(page, 'Example Service').getByText('Enabled', {exact: true}).waitFor();

  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('API token').fill('tok-1234567890');
  await page.getByRole('radio', {name: 'Open one for each alert'}).check();
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The permissions are not sufficient');
  assert.deepEqual(await rights(page), ['Tickets – write', 'Tickets – read']);
  await page.getByRole('link', {name: 'Change the settings'}).click();
  await heading(page, 'Integration settings');
  await page.getByRole('radio', {name: 'Only show them'}).check();
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The integration is saved');
  assert.deepEqual(await rights(page), ['Tickets – read']);
  assert.deepEqual(page.problems, []);
});

test('a key of several lines is pasted whole and stays hidden', async (t) => {
  const bytes = Buffer.from('the bytes of a key that is long enough for more than one line of base64 in its file');
  const lines = bytes.toString('base64').match(/.{1,64}/g);
  const pem = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----'].join('\r\n');
  const isSigned = (body) => {
    const [header, claims, signature] = new URLSearchParams(body).get('assertion').split('.');
    return createHmac('sha256', bytes).update(`${header}.${claims}`).digest('base64url') === signature;
  };
  const simulator = await startPlatform(t, 'vault.example.com', ({body}) => isSigned(body)
      ? {body: {access_token: 'token-1234567890', expires_in: 600, scope: 'entries.read', vault: 'v-1'}}
      : {status: 400, body: {error: 'invalid_grant'}});
  const page = await open(t, await startConsole(t, {simulator, plugins: ['multiline_key']}));
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('Key ID').fill('k-7');
  const key = page.getByRole('textbox', {name: 'Key', exact: true});
  await key.fill(pem);
  assert.equal((await key.inputValue()).split('\n').length, 4, 'no line is lost on the page');
  assert.ok(await key.evaluate((element) => element.matches('textarea.masked')));
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The integration is saved');
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await heading(page, 'Integration with Example Vault');
  assert.ok(!(await page.content()).includes(lines[0].slice(0, 16)));
  assert.deepEqual(page.problems, []);
});

test('a plugin that needs what this console lacks says so and cannot be enabled', async (t) => {
  const page = await open(t, await startConsole(t, {plugins: ['missing_feature'], enabled: []}));
  await go(page, '/plugins', 'Plugins');
  const plugin = card(page, 'missing_feature.so');
  await plugin.getByText('The plugin needs msp.of_tomorrow/1, which this console does not have.').waitFor();
  assert.equal(await plugin.getByRole('button').count(), 0);
});

test('the form and the plugin\u2019s sentences are in the browser\u2019s language, and what is sent stays', async (t) => {
  const simulator = await startPlatform(t, 'lexicon.example.com', () => ({status: 401, body: {}}));
  const console_ = await startConsole(t, {simulator, plugins: ['languages']});
  const arabic = await open(t, console_, {locale: 'ar-EG'});
  await go(arabic, '/integrations/add', 'Integration settings');
  const label = arabic.locator('bdi[lang=ar][dir=rtl]').getByText('\u0645\u0641\u062a\u0627\u062d API', {exact: true});
  await label.waitFor();
  assert.equal(await arabic.evaluate(() => document.documentElement.dir), '', 'the page itself stays as it is');
  assert.equal(await arabic.locator('span[lang=ar]').evaluate((help) => getComputedStyle(help).direction), 'rtl');
  assert.deepEqual(await violations(arabic), []);

  const page = await open(t, console_, {locale: 'de-AT'});
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByRole('radio', {name: 'Gro\u00df'}).check();
  await page.getByLabel('API-Schl\u00fcssel', {exact: true}).fill('wrong-key-1234');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByText('Example Lexicon nimmt diesen Schl\u00fcssel nicht an.').first().waitFor();
  const id = page.url().match(/checks\/([0-9a-f]+)/)[1];
  const check = await page.evaluate((which) => import('/api.js').then(({get}) => get(`checks/${which}`)), id);
  assert.deepEqual(check.settings, {edition: 'large'});
  assert.deepEqual([...arabic.problems, ...page.problems], []);
});
