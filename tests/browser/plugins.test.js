// What is dropped into the plugin directory, good or bad, and the decision to trust it.
import assert from 'node:assert/strict';
import {generateKeyPairSync, sign} from 'node:crypto';
import {copyFile, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, test} from 'node:test';
import {addIntegration, answerOf, closeBrowser, go, kCode, kGood, open, startConsole, startSimulator, stopClock} from './support.js';

after(closeBrowser);

const card = (page, name) => page.getByRole('listitem').filter({has: page.getByRole('heading', {name})});

test('how many plugins were changed stands in the navigation, wherever one is', async (t) => {
  const page = await open(t, await startConsole(t));
  const {plugins: [plugin]} = JSON.parse(await answerOf(page, 'plugins'));
  await page.route('**/api/v1/plugins', (route) => route.fulfill({json: {plugins: [{...plugin, state: 'modified'}]}}));
  await go(page, '/integrations/4711', /./);
  await go(page, '/integrations', 'Integrations');
  await page.getByRole('navigation').getByRole('link', {name: /^Plugins\s*1 changed$/}).waitFor();
});

test('a dropped file appears by itself, shows what it asks for, and is enabled', async (t) => {
  const console_ = await startConsole(t, {plugins: []});
  const page = await open(t, console_);
  await page.getByRole('link', {name: 'Go to the plugins'}).click();
  await page.getByRole('heading', {name: 'No plugin yet'}).waitFor();
  await console_.drop('autotask');
  await card(page, 'Autotask').getByText('Available').waitFor();
  assert.equal(await page.getByRole('status').textContent(), 'New: Autotask');

  await card(page, 'Autotask').getByRole('button', {name: 'Enable'}).click();
  const dialog = page.getByRole('dialog', {name: 'Enable Autotask?'});
  const text = await dialog.textContent();
  for (const part of ['MSP plugins project', '1.0.0', 'webservices*.autotask.net', 'Tickets – update', 'required']) {
    assert.ok(text.includes(part), part);
  }
  assert.match(text, /[0-9a-f]{64}/);
  await dialog.getByRole('button', {name: 'Cancel'}).click();
  await card(page, 'Autotask').getByText('Available').waitFor();
  await card(page, 'Autotask').getByRole('button', {name: 'Enable'}).click();
  await dialog.getByRole('button', {name: 'Enable'}).click();
  await card(page, 'Autotask').getByText('Enabled', {exact: true}).waitFor();
  assert.match((await console_.cli('plugin', 'list')).stdout, /autotask.*enabled/);

  await card(page, 'Autotask').getByRole('button', {name: 'Disable'}).click();
  await card(page, 'Autotask').getByText('Disabled').waitFor();
  assert.deepEqual(page.problems, []);
});

test('every bad file is a card with a reason and a remedy', async (t) => {
  const console_ = await startConsole(t);
  await writeFile(path.join(console_.pluginDirectory, 'text.so'), 'hello', {mode: 0o600});
  await writeFile(path.join(console_.pluginDirectory, 'empty.so'), '', {mode: 0o600});
  await symlink('/nowhere', path.join(console_.pluginDirectory, 'link.so'));
  await console_.drop('autotask', 'copy');
  const page = await open(t, console_);
  await go(page, '/plugins', 'Plugins');
  for (const name of ['text.so', 'empty.so', 'link.so']) {
    const notice = card(page, name).locator('.notice p');
    await notice.first().waitFor();
    for (const index of [0, 1]) assert.match(await notice.nth(index).textContent(), /^.{15,}\.$/, `${name} has reason and remedy`);
    assert.equal(await card(page, name).getByRole('button').count(), 0, 'there is nothing to enable');
  }
});

test('where a plugin runs is shown, and changed by a decision', async (t) => {
  const console_ = await startConsole(t);
  const page = await open(t, console_);
  await go(page, '/plugins', 'Plugins');
  await card(page, 'Autotask').getByText('in a process of its own', {exact: true}).waitFor();
  await card(page, 'Autotask').getByRole('button', {name: 'Run in the console’s process'}).click();
  const dialog = page.getByRole('dialog', {name: 'Run Autotask in the console’s own process?'});
  await dialog.getByRole('button', {name: 'Cancel'}).click();
  assert.match((await console_.cli('plugin', 'show', 'autotask')).stdout, /Runs +in a process of its own/);
  await card(page, 'Autotask').getByRole('button', {name: 'Run in the console’s process'}).click();
  await dialog.getByRole('button', {name: 'Run it there'}).click();
  await card(page, 'Autotask').getByText('in the console’s own process', {exact: true}).waitFor();
  assert.match((await console_.cli('plugin', 'show', 'autotask')).stdout, /Runs +in the console's own process/);
  await card(page, 'Autotask').getByRole('button', {name: 'Run in a process of its own'}).click();
  await card(page, 'Autotask').getByText('in a process of its own', {exact: true}).waitFor();
  assert.deepEqual(page.problems, []);
});

test('a plugin in quarantine says why, and is released', {skip: !process.env.MSP_HOSTILE_PLUGIN}, async (t) => {
  const console_ = await startConsole(t, {enabled: []});
  await copyFile(process.env.MSP_HOSTILE_PLUGIN, path.join(console_.pluginDirectory, 'hostile.so'));
  await console_.cli('plugin', 'enable', 'hostile', '--yes');
  const page = await open(t, console_);
  await go(page, '/plugins', 'Plugins');
  await card(page, 'Hostile').getByText('Enabled', {exact: true}).waitFor();
  for (const where of ['validate', 'permissions', 'authenticate']) {
    await console_.cli('integration', 'add', '--platform', 'hostile', '--no-input', '--no-save',
        '--set', 'deed=crash', '--set', `where=${where}`, '--set', 'account=it');
  }
  await card(page, 'Hostile').getByText('is in quarantine for another 10 minutes').waitFor();
  await card(page, 'Hostile').getByRole('button', {name: 'Release'}).click();
  await card(page, 'Hostile').getByText('is in quarantine').waitFor({state: 'detached'});
  assert.equal(await card(page, 'Hostile').getByRole('button', {name: 'Release'}).count(), 0);
  assert.deepEqual(page.problems, []);
});

test('a plugin that crashes is a sentence, and the page serves on', {skip: !process.env.MSP_HOSTILE_PLUGIN}, async (t) => {
  const console_ = await startConsole(t);
  await copyFile(process.env.MSP_HOSTILE_PLUGIN, path.join(console_.pluginDirectory, 'hostile.so'));
  await console_.cli('plugin', 'enable', 'hostile', '--yes');
  const page = await open(t, console_);
  for (const [deed, told] of [['crash', 'Segmentation fault'], ['socket', 'socket, against rule P21']]) {
    await go(page, '/integrations/add?platform=hostile', 'Integration settings');
    await page.getByLabel('Deed').fill(deed);
    await page.getByLabel('Where').fill('permissions');
    await page.getByLabel('Account').fill('it');
    await page.getByRole('button', {name: 'Proceed'}).click();
    await page.getByText(told).first().waitFor();
    await page.getByText('Nothing was saved').waitFor();
  }
  await go(page, '/plugins', 'Plugins');
  await card(page, 'Hostile').getByText('it tried what no plugin may do').waitFor();
  await card(page, 'Autotask').getByText('Enabled', {exact: true}).waitFor();
  assert.deepEqual(page.problems, []);
});

test('a hostile plugin leaves the page serving and what others have unread', {skip: !process.env.MSP_HOSTILE_PLUGIN}, async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t)});
  const page = await open(t, console_);
  // The console holds the credentials of another integration, and a session with its platform.
  await addIntegration(page, kGood, 'The integration is saved');
  await copyFile(process.env.MSP_HOSTILE_PLUGIN, path.join(console_.pluginDirectory, 'hostile.so'));
  await console_.cli('plugin', 'enable', 'hostile', '--yes');
  const oneMore = (text) => String.fromCharCode(...Buffer.from(text).map((byte) => byte + 1));
  const data = path.join(console_.directory, 'data');
  const deeds = [
    [`search ${oneMore('authenticate')}`, 'found it'], [`search ${oneMore(kGood.secret)}`, 'found nothing'],
    [`search ${oneMore(kCode)}`, 'found nothing'], [`open ${path.join(data, 'console.db')}`, 'opened 0, error 13'],
    [`open ${path.join(data, 'key-encryption.key')}`, 'opened 0, error 13'], ['crash', 'Segmentation fault'],
    ['devour', 'used more memory or time'], ['flood', 'used more memory or time'], ['garbage', 'against rule P21'],
    ['close', 'shutdown, against rule P21'], ['exec', 'execve, against rule P21'], ['fork', 'clone, against rule P21'],
    ['unix', 'socket, against rule P21'], ['kill', 'against rule P21'], ['ptrace', 'ptrace, against rule P21']];
  for (const [deed, told] of deeds) {
    await go(page, '/integrations/add?platform=hostile', 'Integration settings');
    await page.getByLabel('Integration name').fill(deed.slice(0, 60));
    await page.getByLabel('Deed').fill(deed);
    await page.getByLabel('Where').fill('authenticate');
    await page.getByLabel('Account').fill(deed);
    await page.getByRole('button', {name: 'Proceed'}).click();
    await page.getByText(told).first().waitFor();
    await console_.cli('plugin', 'release', 'hostile');
  }
  await go(page, '/integrations', 'Integrations');
  await page.getByRole('link', {name: 'Integration with Autotask', exact: true}).click();
  await page.getByRole('button', {name: 'Check again'}).click();
  await page.getByText('Everything is in order').first().waitFor();
  assert.deepEqual(page.problems, []);
});

test('a plugin whose file is gone can be disabled', async (t) => {
  const console_ = await startConsole(t);
  await rm(path.join(console_.pluginDirectory, 'autotask.so'));
  const page = await open(t, console_);
  await go(page, '/plugins', 'Plugins');
  await card(page, 'Autotask').getByText('Failed', {exact: true}).waitFor();
  await card(page, 'Autotask').getByText('disable the plugin').waitFor();
  assert.equal(await card(page, 'Autotask').getByText('File', {exact: true}).count(), 0, 'no row says nothing');
  await card(page, 'Autotask').getByRole('button', {name: 'Disable'}).click();
  await page.getByText('Autotask is disabled.').waitFor();
  assert.deepEqual(page.problems, []);
});

test('an updated file keeps the approved one serving and shows what changes before it is used', async (t) => {
  const console_ = await startConsole(t, {plugins: ['hostile_texts'], enabled: []});
  const {code, stderr} = await console_.cli('plugin', 'enable', 'hostile', '--yes');
  assert.equal(code, undefined, stderr);
  await console_.drop('update_texts', 'hostile_texts');
  const page = await open(t, console_);
  await go(page, '/plugins', 'Plugins');
  const plugin = page.getByRole('listitem').filter({hasText: 'hostile_texts.so'});
  await plugin.getByText('Modified', {exact: true}).waitFor();
  await plugin.getByRole('button', {name: 'Review the change'}).click();
  const changes = page.getByRole('dialog').locator('.notice');
  for (const line of ['Version 1.0.0 becomes 2.0.0', 'New host: files.example.com', 'New permission: Files – delete, required']) {
    await changes.getByText(line).waitFor();
  }
  const printed = (await console_.cli('plugin', 'show', 'hostile')).stdout.replace(/\s+/g, ' ');
  for (const line of await changes.locator('li').allTextContents()) {
    assert.ok(printed.includes(line), `the command line says it too: ${line}`);
  }
  await page.getByRole('dialog').getByRole('button', {name: 'Enable'}).click();
  await plugin.getByText('Enabled', {exact: true}).waitFor();
  await plugin.getByText('version 2.0.0').waitFor();
});

// A publisher, who signs a file of a plugin as docs/ABI.md says.
function publisher() {
  const {privateKey, publicKey} = generateKeyPairSync('ed25519');
  const key = publicKey.export({format: 'der', type: 'spki'}).subarray(-32);
  return {key: key.toString('base64'), sign: (bytes) => {
    const signed = Buffer.concat([bytes, Buffer.from('msp-signature/1\n'), key]);
    return Buffer.concat([signed, sign(null, signed, privateKey)]);
  }};
}

test('who signed a plugin is shown at its first approval, and whether an update is of the same', async (t) => {
  const console_ = await startConsole(t, {enabled: []});
  const file = path.join(console_.pluginDirectory, 'autotask.so');
  const bytes = await readFile(file);
  const [one, another] = [publisher(), publisher()];
  const page = await open(t, console_);
  const first = page.getByRole('dialog', {name: 'Enable Autotask?'});
  const update = page.getByRole('dialog', {name: 'Use the changed Autotask?'});
  await writeFile(file, one.sign(bytes));
  await go(page, '/plugins', 'Plugins');
  await card(page, 'Autotask').getByRole('button', {name: 'Enable'}).click();
  await first.getByText(one.key, {exact: true}).waitFor();
  await first.getByRole('button', {name: 'Enable'}).click();
  await card(page, 'Autotask').getByText('Enabled', {exact: true}).waitFor();

  const updates = [[one.sign(Buffer.concat([bytes, Buffer.from('2')])), `Same publisher, key ${one.key}`, 'less'],
    [another.sign(bytes), `Another publisher: key ${another.key}, before ${one.key}`, 'alarming'],
    [bytes, `No longer signed by its publisher, key ${one.key}`, 'alarming']];
  for (const [changed, told, tone] of updates) {
    await writeFile(file, changed);
    await card(page, 'Autotask').getByRole('button', {name: 'Review the change'}).click();
    await update.getByText(told, {exact: true}).waitFor();
    assert.equal(await update.getByText(told, {exact: true}).getAttribute('class'), tone);
    await update.getByRole('button', {name: 'Cancel'}).click();
  }
  assert.deepEqual(page.problems, []);
});

test('the sheet for the administrator lists what the command line lists', async (t) => {
  const page = await open(t, await startConsole(t));
  await go(page, '/plugins', 'Plugins');
  await page.getByRole('link', {name: 'Requirements'}).click();
  await page.getByRole('heading', {name: 'What the integration with Autotask needs'}).waitFor();
  await page.getByRole('table', {name: 'Required permissions'}).getByText('Tickets – update').waitFor();
  await page.getByText('webservices*.autotask.net').waitFor();
  await page.emulateMedia({media: 'print'});
  assert.ok(!await page.getByRole('navigation').isVisible());
  assert.ok(!await page.getByRole('button', {name: 'Print'}).isVisible());
});

// A plugin as the console tells it, in any state.
const plugin = (more) => ({id: 'other', name: 'Other', version: '1.0.0', vendor: 'Somebody', abi: '1.0', state: 'enabled',
  file: '/plugins/other.so', sha256: 'ab'.repeat(32), serving: null, integrations: 0, reason: null, remedy: null, code: null,
  hosts: [], hosts_from: [], libraries: [], search_places: [], permissions: [], fields: [], prerequisites: [], ...more});

const kActions = [
  ['available', {state: 'available'}, ['Enable', 'Requirements']],
  ['enabled', {state: 'enabled', serving: '1.0.0'}, ['Add integration', 'Requirements', 'Disable']],
  ['disabled', {state: 'disabled'}, ['Enable', 'Requirements']],
  ['changed, the approved one serves', {state: 'modified', serving: '1.0.0'}, ['Review the change', 'Requirements', 'Disable']],
  ['of another ABI', {state: 'incompatible'}, ['Requirements']],
  ['no plugin', {id: null, name: null, vendor: null, state: 'invalid'}, []],
  ['there twice', {state: 'duplicate'}, []],
  ['gone', {state: 'failed', code: 'plugin.missing', sha256: null}, ['Requirements', 'Disable']],
  ...['plugin.crashed', 'plugin.hung', 'plugin.modified'].map((code) =>
    [code, {state: 'failed', code}, ['Enable', 'Requirements', 'Disable']]),
  ['not loadable', {state: 'failed', code: 'plugin.defect'}, ['Requirements', 'Disable']],
];

test('a card offers what can be done in its state, and nothing else', async (t) => {
  const page = await open(t, await startConsole(t));
  const plugins = kActions.map(([name, more], index) => plugin({name, ...more, file: `/plugins/${index}.so`}));
  await page.route('**/api/v1/plugins', (route) => route.fulfill({json: {plugins}}));
  await go(page, '/plugins', 'Plugins');
  for (const [index, [name, , actions]] of kActions.entries()) {
    const offered = page.locator(`[data-file="/plugins/${index}.so"]`).locator('button, a.button');
    assert.deepEqual(await offered.allTextContents(), actions, name);
  }
  assert.deepEqual(page.problems, []);
});

test('a plugin that integrations use is disabled only by somebody who was told so', async (t) => {
  const page = await open(t, await startConsole(t));
  for (const [integrations, sentence] of [[1, 'Its integration cannot be used until it is enabled again.'],
    [2, 'Its 2 integrations cannot be used until it is enabled again.']]) {
    await page.route('**/api/v1/plugins', (route) => route.fulfill({json: {plugins: [plugin({serving: '1.0.0', integrations})]}}));
    const sent = [];
    await page.route('**/api/v1/plugins/other/disable', (route) => {
      sent.push(route.request().method());
      return route.fulfill({json: {}});
    });
    await go(page, '/plugins', 'Plugins');
    await page.getByRole('button', {name: 'Disable'}).click();
    const dialog = page.getByRole('dialog', {name: 'Disable Other?'});
    await dialog.getByText(sentence, {exact: true}).waitFor();
    await dialog.getByRole('button', {name: 'Cancel'}).click();
    await dialog.waitFor({state: 'detached'});
    assert.deepEqual(sent, []);
    await page.getByRole('button', {name: 'Disable'}).click();
    await dialog.getByRole('button', {name: 'Disable'}).click();
    await page.getByRole('status').filter({hasText: 'Other is disabled.'}).waitFor();
    assert.deepEqual(sent, ['POST']);
    await go(page, '/integrations', 'Integrations');
    await page.unrouteAll();
  }
});

test('the list is looked at again every two seconds, but not behind a question nor where nobody sees it', async (t) => {
  const console_ = await startConsole(t, {enabled: []});
  const page = await open(t, console_);
  await stopClock(page);
  await go(page, '/plugins', 'Plugins');
  const looks = [];
  page.on('request', (request) => { if (request.url().endsWith('/api/v1/plugins')) looks.push(request); });
  await page.clock.runFor(1900);
  await answerOf(page, 'checks');
  assert.equal(looks.length, 0);
  await page.evaluate(() => Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true}));
  await page.clock.runFor(10_000);
  await answerOf(page, 'checks');  // what was asked for before is under way by then
  assert.equal(looks.length, 0, 'nobody sees the page');
  await page.evaluate(() => delete document.visibilityState);
  const look = page.waitForResponse('**/api/v1/plugins');
  await page.clock.runFor(2010);
  await look;
  await card(page, 'Autotask').getByRole('button', {name: 'Enable'}).click();
  await page.getByRole('dialog').waitFor();
  const before = looks.length;
  await page.clock.runFor(10_000);
  await answerOf(page, 'checks');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({state: 'detached'});
  assert.equal(looks.length, before, 'the card that the question is about stays as it is');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Enable', 'the focus is back where it was');
});

test('Add integration of a card leads to the form of its platform', async (t) => {
  const page = await open(t, await startConsole(t, {plugins: ['autotask', 'kaseya_vsa']}));
  for (const [name, id] of [['Kaseya VSA', 'kaseya_vsa'], ['Autotask', 'autotask']]) {
    await go(page, '/plugins', 'Plugins');
    await card(page, name).getByRole('link', {name: 'Add integration'}).click();
    await page.getByRole('heading', {level: 1, name: 'Integration settings'}).waitFor();
    assert.equal(await page.getByLabel('Select platform').inputValue(), id);
    assert.equal(await page.getByLabel('Integration name').inputValue(), `Integration with ${name}`);
  }
});

test('the sheet for the administrator is one printed page with boxes to tick', async (t) => {
  const page = await open(t, await startConsole(t, {plugins: ['autotask', 'kaseya_vsa']}));
  for (const id of ['autotask', 'kaseya_vsa']) {
    await go(page, `/plugins/${id}/requirements`, /needs/);
    assert.equal(await page.getByText(/^Console: msp-console\. Date: \d{4}-\d\d-\d\d\.$/).count(), 1);
    const box = await page.locator('.sheet tbody th > div').first().evaluate((cell) => getComputedStyle(cell, '::before').content);
    assert.match(box, /☐/);
    const printed = (await page.pdf({format: 'A4', preferCSSPageSize: false})).toString('latin1');
    assert.equal(printed.match(/\/Type \/Page\b(?!s)/g).length, 1, id);
  }
});
