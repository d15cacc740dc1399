// From nothing to a saved integration, and everything that can be done with it.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {answerOf, addIntegration, closeBrowser, fill, go, kCode, kGood, kNoTicketEditing, open, scrollsSideways,
  startConsole, startSimulator, violations} from './support.js';

after(closeBrowser);

test('a new user gets to a saved integration without reading anything', async (t) => {
  const simulator = await startSimulator(t);
  const page = await open(t, await startConsole(t, {simulator}));
  await page.getByRole('heading', {name: 'No integration yet'}).waitFor();
  await page.getByRole('link', {name: 'Add integration'}).click();
  await page.getByRole('heading', {name: 'Integration settings'}).waitFor();
  assert.equal(await page.getByLabel('Select platform').inputValue(), 'autotask', 'the only platform is chosen already');
  assert.equal(await page.getByLabel('Integration name').inputValue(), 'Integration with Autotask');
  assert.equal(await page.getByLabel('Tracking identifier').count(), 0, 'the console supplies it');
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {name: 'The integration is saved'}).waitFor();
  for (const right of ['Tickets – update', 'Companies – query']) {
    await page.getByRole('row', {name: right}).getByText('Granted').waitFor();
  }
  assert.equal((await simulator.requests()).length, 2);

  await page.getByRole('link', {name: 'All integrations'}).click();
  const row = page.getByRole('row', {name: 'Integration with Autotask'});
  await row.getByText('Active').waitFor();
  await row.getByText(kGood.user).waitFor();
  assert.deepEqual(page.problems, []);
});

const customer = (id) => ({id, name: `Customer ${id}`, platform: 'autotask',
  state: id === 7 ? 'needs_sign_in' : 'active', reason: id === 7 ? 'Refused.' : null,
  account: String(4700 + id), label: null, principal: `api${id}@msp.example`, endpoint: null, last_check: null});

async function haveCustomers(page, length) {
  await page.route('**/api/v1/integrations',
      (route) => route.fulfill({json: {integrations: Array.from({length}, (_, index) => customer(index + 1))}}));
  await page.reload();
}

test('twenty integrations are enough to search, nineteen are not', async (t) => {
  const page = await open(t, await startConsole(t));
  for (const [count, fields] of [[19, 0], [20, 1]]) {
    await haveCustomers(page, count);
    await page.getByRole('link', {name: `Customer ${count}`, exact: true}).waitFor();
    assert.equal(await page.getByLabel('Find').count(), fields, `${count} integrations`);
    await page.unrouteAll();
  }
});

test('among many integrations some are found by what their row says', async (t) => {
  const page = await open(t, await startConsole(t));
  await haveCustomers(page, 40);
  const names = page.getByRole('table', {name: 'Integrations'}).getByRole('rowheader');
  const found = async (text, count) => {
    await page.getByLabel('Find').fill(text);
    await page.getByText(`${count} of 40`, {exact: true}).waitFor();
    return names.allTextContents();
  };
  await names.nth(39).waitFor();
  assert.deepEqual(await found('Needs Sign in', 1), ['Customer 7']);
  assert.deepEqual(await found(' api40@', 1), ['Customer 40']);
  assert.deepEqual(await found('refused', 1), ['Customer 7'], 'the reason is in the row, too');
  assert.equal((await found('AUTOTASK', 40)).length, 40);
  assert.deepEqual(await found('nobody', 0), []);
  await found('api40@', 1);
  await go(page, '/plugins', 'Plugins');
  await go(page, '/integrations', 'Integrations');
  assert.equal(await page.getByLabel('Find').inputValue(), 'api40@', 'who comes back finds it as it was');
  await page.getByText('1 of 40', {exact: true}).waitFor();
  assert.deepEqual(await violations(page), []);
  assert.equal(await scrollsSideways(page), false);
  assert.deepEqual(page.problems, []);
});

test('of two thousand integrations those with problems come first, a hundred at a time, and no task takes long', async (t) => {
  const page = await open(t, await startConsole(t));
  await page.addInitScript(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const {duration} of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({type: 'longtask', buffered: true});
  });
  await haveCustomers(page, 2000);
  const names = page.getByRole('table', {name: 'Integrations'}).getByRole('rowheader');
  await names.nth(99).waitFor();
  assert.equal(await names.count(), 100);
  assert.equal(await names.first().textContent(), 'Customer 7', 'it needs somebody');
  t.diagnostic(`the longest task took ${Math.round(await page.evaluate(() => window.longest))} ms`);
  await page.getByRole('button', {name: 'Show 100 more of 1900'}).click();
  await names.nth(199).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), await names.nth(100).textContent());
  await page.evaluate(() => window.scrollTo(0, 3000));
  await go(page, '/plugins', 'Plugins');
  await go(page, '/integrations', 'Integrations');
  await page.waitForFunction(() => window.scrollY === 3000);
  assert.equal(await names.count(), 200, 'who comes back finds it as it was');
  await page.getByRole('button', {name: 'Need attention (1)'}).click();
  assert.deepEqual(await names.allTextContents(), ['Customer 7']);
  await page.getByRole('button', {name: 'All (2000)'}).click();
  await page.getByLabel('Sort by').selectOption('Name');
  assert.equal(await names.first().textContent(), 'Customer 1');
  await page.getByLabel('Find').fill('zzzz');
  await page.getByText('Nothing matches.').waitFor();
  await page.getByRole('button', {name: 'Show all'}).click();
  assert.equal(await names.count(), 100);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.problems, []);
});

test('a missing right is on screen, with what it is for and how to grant it, and nothing is saved', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kNoTicketEditing, 'The permissions are not sufficient');
  await page.getByText('Nothing was saved').waitFor();
  const rows = page.getByRole('table', {name: /Permissions/}).getByRole('row');
  assert.match(await rows.nth(1).textContent(), /Missing \(1\)/, 'missing rights come first');
  const missing = await rows.nth(2).textContent();
  for (const text of ['Tickets', 'update', 'required', 'Missing', 'Updates and closes the ticket',
    'How to grant it: In Autotask, open Admin']) {
    assert.ok(missing.includes(text), `${text} in: ${missing}`);
  }
  assert.equal(await page.evaluate(() => document.activeElement.className), 'verdict bad', 'the focus is at the verdict');
  await go(page, '/integrations', 'Integrations');
  await page.getByText('No integration yet').waitFor();
});

test('the right is granted meanwhile: trying again needs nothing to be typed again', async (t) => {
  const scenario = {faults: [{match: {path: '/atservicesrest/v1.0/zoneinformation'}, times: 1,
    fault: 'status', status: 503, body: 'down'}]};
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t, scenario)}));
  await addIntegration(page, kGood, 'The platform gave no usable answer');
  await page.getByRole('button', {name: 'Try again'}).click();
  await page.getByRole('heading', {name: 'The integration is saved'}).waitFor();
});

test('a refused password leads back to the form, where everything is as it was', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, {...kGood, secret: 'wrong'}, 'The credentials were refused');
  assert.deepEqual(await page.locator('main .actions').locator('a, button').allInnerTexts(),
      ['Change the settings', 'All integrations', 'Copy report']);
  assert.equal(await page.getByRole('button', {name: 'Try again'}).count(), 0, 'a refused credential is not tried again as it is');
  await page.getByRole('link', {name: 'Change the settings'}).click();
  await page.getByRole('heading', {name: 'Integration settings'}).waitFor();
  assert.equal(await page.getByLabel('User name').inputValue(), kGood.user);
  const summary = page.getByRole('region', {name: /needs? to be corrected/});
  await summary.waitFor();
  await page.getByLabel('Password', {exact: true}).fill(kGood.secret);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {name: 'The integration is saved'}).waitFor();
});

test('what is left empty is said at the top and at the field, and Proceed is never disabled', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t), preset: false}));
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('Integration name').fill('   ');
  const proceed = page.getByRole('button', {name: 'Proceed'});
  assert.ok(await proceed.isEnabled());
  await proceed.click();
  const summary = page.getByRole('region', {name: '4 things need to be corrected'});
  await summary.waitFor();
  assert.ok(await summary.evaluate((element) => element === document.activeElement), 'the focus is at the summary');
  await summary.getByRole('link', {name: 'Enter “Tracking identifier”.'}).click();
  const field = page.getByLabel('Tracking identifier', {exact: true});
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  const described = await field.evaluate((element) =>
    element.getAttribute('aria-describedby').split(' ')
        .map((id) => document.getElementById(id).textContent).join(' '));
  assert.match(described, /Error: Enter “Tracking identifier”\./);
  assert.ok(await proceed.isEnabled());
});

test('the tracking identifier can be typed where the console supplies none', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t), preset: false}));
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  await page.getByLabel('Tracking identifier', {exact: true}).fill(kCode);
  await page.getByRole('button', {name: 'Check only'}).click();
  await page.getByRole('heading', {name: 'These settings would be accepted'}).waitFor();
  await page.getByText('Nothing was saved').waitFor();
});

test('the name follows the platform until somebody edits it', async (t) => {
  const page = await open(t, await startConsole(t, {plugins: ['autotask', 'kaseya_vsa']}));
  await go(page, '/integrations/add', 'Integration settings');
  const name = page.getByLabel('Integration name');
  const choose = async (id, field) => {
    await page.getByLabel('Select platform').selectOption(id);
    await page.getByLabel(field).first().waitFor();
  };
  await choose('autotask', 'User name (API user)');
  assert.equal(await name.inputValue(), 'Integration with Autotask');
  await choose('kaseya_vsa', 'Server');
  assert.equal(await name.inputValue(), 'Integration with Kaseya VSA');
  await name.fill('Ours');
  await choose('autotask', 'User name (API user)');
  assert.equal(await name.inputValue(), 'Ours');
});

test('an integration is checked again, edited, given new credentials and removed', async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t)});
  const page = await open(t, console_);
  await addIntegration(page, kGood, 'The integration is saved');
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('heading', {level: 1, name: 'Integration with Autotask'}).waitFor();
  assert.match(await page.getByText(/^Set on/).first().textContent(), /Set on \d+ \w+ \d{4}/);
  assert.match(await page.locator('.facts > div').filter({hasText: 'Tracking identifier'}).textContent(), /supplied by the console$/);

  await page.getByRole('button', {name: 'Check again'}).click();
  await page.getByRole('heading', {name: 'Everything is in order'}).waitFor();
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('link', {name: 'Edit', exact: true}).click();
  await page.getByRole('heading', {level: 1, name: 'Edit integration'}).waitFor();
  assert.equal(await page.getByLabel('Password', {exact: true}).inputValue(), '', 'secrets are never echoed back');
  await page.getByText(/Leave empty to keep it/).waitFor();
  await page.getByLabel('Integration name').fill('Ours');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.locator('main .news').getByText('Renamed.').waitFor();
  await page.getByRole('heading', {level: 1, name: 'Ours'}).waitFor();

  await page.getByRole('link', {name: 'Replace credentials'}).click();
  await page.getByRole('heading', {level: 1, name: 'Replace credentials'}).waitFor();
  await page.getByLabel('User name').fill(kNoTicketEditing.user);
  await page.getByText('Enter it again, because the account is changed.').waitFor();
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('region', {name: 'One thing needs to be corrected'}).getByText('Enter “Password”.').waitFor();
  await page.getByLabel('Password', {exact: true}).fill(kNoTicketEditing.secret);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {name: 'The permissions are not sufficient'}).waitFor();
  await page.getByText('the settings saved before stay in use').waitFor();

  const {stdout} = await console_.cli('integration', 'list', '--json');
  const answered = await answerOf(page, 'integrations');
  assert.equal(answered, stdout, 'page and command line say the same');

  await go(page, '/integrations', 'Integrations');
  await page.getByRole('link', {name: 'Ours'}).click();
  await page.getByRole('button', {name: 'Remove'}).click();
  const dialog = page.getByRole('dialog', {name: 'Remove this integration?'});
  await dialog.getByRole('button', {name: 'Cancel'}).click();
  await dialog.waitFor({state: 'detached'});
  await page.getByRole('button', {name: 'Remove'}).click();
  await dialog.getByRole('button', {name: 'Remove'}).click();
  await page.getByText('No integration yet').waitFor();
  await page.getByRole('status').filter({hasText: 'The integration was removed.'}).waitFor();
  assert.deepEqual(page.problems, []);
});

test('the report is copied as text', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}),
      {permissions: ['clipboard-read', 'clipboard-write']});
  await addIntegration(page, kNoTicketEditing, 'The permissions are not sufficient');
  await page.getByRole('button', {name: 'Copy report'}).click();
  await page.getByRole('button', {name: 'Copied'}).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /# The permissions are not sufficient/);
  assert.match(text, /## Missing\n- Tickets – update \(required\): Updates and closes.*\n {2}How to grant it: In Autotask, open Admin/);
  assert.match(text, /- \[error\] .*\(perm\.missing\)\n {2}In Autotask, open Admin/);
  assert.match(text, /## Steps\n- Settings: passed, \d+ ms\n/);
  assert.ok(!text.includes(kNoTicketEditing.secret));
});

test('where the clipboard is out of reach the report is shown, selected, once', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kNoTicketEditing, 'The permissions are not sufficient');
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError')); });
  const report = page.getByRole('textbox', {name: 'Report'});
  for (let times = 0; times < 2; ++times) {
    await page.getByRole('button', {name: 'Copy report'}).click();
    await report.waitFor();
    assert.equal(await report.count(), 1);
  }
  const selected = await report.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  assert.match(selected, /^# The permissions are not sufficient\n[^]*\n## Steps\n/);
});

test('a disabled integration does not say that its last check could not be made', async (t) => {
  const page = await open(t, await startConsole(t));
  const failed = {at: new Date().toISOString(), why: 'Autotask was busy'};
  const integrations = ['active', 'disabled'].map((state, index) => ({...customer(index + 1), state, not_checked: failed}));
  await page.route('**/api/v1/integrations', (route) => route.fulfill({json: {integrations}}));
  await page.reload();
  const row = (name) => page.getByRole('row', {name});
  await row('Customer 1').getByText(/^Could not be checked .*: Autotask was busy$/).waitFor();
  assert.equal(await row('Customer 2').getByText(/Could not be checked/).count(), 0);
});

test('a step that was skipped took no time, and a finding says which status the platform answered with', async (t) => {
  const scenario = {faults: [{match: {path: '/atservicesrest/v1.0/zoneinformation'}, fault: 'status', status: 503, body: 'down'}]};
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t, scenario)}));
  await addIntegration(page, kGood, 'The platform gave no usable answer');
  const skipped = page.locator('.step.skipped');
  assert.deepEqual(await skipped.locator('.step-time').allTextContents(), ['', '']);
  assert.match(await page.locator('.step.failed .step-time').textContent(), / (ms|s)$/);
  await page.locator('.finding').getByText('· HTTP 503').waitFor();
  assert.equal(await page.locator('.finding .unseen').first().textContent(), 'error: ', 'the mark has a word');
});
