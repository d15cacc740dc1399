// What is typed into the form stays until it is saved, wherever somebody looks meanwhile.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {addIntegration, answerOf, closeBrowser, fill, go, kGood, kNoTicketEditing, open,
  startConsole, startSimulator, until} from './support.js';

after(closeBrowser);

const password = (page) => page.getByLabel('Password', {exact: true});
const user = (page) => page.getByLabel('User name', {exact: false});
const heading = (page, name) => page.getByRole('heading', {level: 1, name}).waitFor();

test('the sheet for the administrator opens beside the form, which stays as it was', async (t) => {
  const page = await open(t, await startConsole(t));
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', {name: 'Setup sheet for the Autotask administrator'}).click();
  await heading(await opened, /Autotask needs/);
  assert.equal(await user(page).inputValue(), kGood.user);
  assert.equal(await password(page).inputValue(), kGood.secret);
});

test('the browser\'s Back leads to the form as it was, and to an empty one once it is saved', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kNoTicketEditing, 'The permissions are not sufficient');
  await page.goBack();
  await heading(page, 'Integration settings');
  assert.equal(await user(page).inputValue(), kNoTicketEditing.user);
  assert.equal(await password(page).inputValue(), kNoTicketEditing.secret);
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The integration is saved');
  await page.goBack();
  await heading(page, 'Integration settings');
  assert.equal(await user(page).inputValue(), '');
  assert.equal(await password(page).inputValue(), '');
});

test('each report leads back to what was typed for it', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kNoTicketEditing, 'The permissions are not sufficient');
  const first = await page.evaluate(() => location.hash);
  await go(page, '/integrations', 'Integrations');
  await addIntegration(page, {...kGood, secret: 'another one'}, 'The credentials were refused');
  await go(page, first.slice(1), 'The permissions are not sufficient');
  await page.getByRole('link', {name: 'Change the settings'}).click();
  await heading(page, 'Integration settings');
  assert.equal(await password(page).inputValue(), kNoTicketEditing.secret);
});

test('who looks at another platform and comes back finds what was typed, and no errors of the other', async (t) => {
  const page = await open(t, await startConsole(t, {plugins: ['autotask', 'kaseya_vsa']}));
  await go(page, '/integrations/add', 'Integration settings');
  const proceed = page.getByRole('button', {name: 'Proceed'});
  const summary = page.getByRole('region', {name: /to be corrected/});
  const choose = async (id, field) => {
    await page.getByLabel('Select platform').focus();
    await page.getByLabel('Select platform').selectOption(id);
    await page.getByLabel(field).first().waitFor();
  };
  await proceed.click();
  await summary.waitFor();
  assert.equal(await page.locator('.field.wrong').getByLabel('Select platform').count(), 1);
  await choose('autotask', 'User name (API user)');
  assert.equal(await summary.count() + await page.locator('.wrong').count(), 0);
  assert.equal(await page.getByText('Choose a platform.').count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'platform', 'the focus stays where it was');
  await user(page).fill(kGood.user);
  await page.getByLabel('Integration name').fill('');
  await proceed.click();
  await summary.waitFor();
  assert.equal(await page.locator('.field.wrong').count(), 2, 'password and name');
  await choose('kaseya_vsa', 'VSA server');
  assert.equal(await summary.count() + await page.locator('.wrong').count(), 0);
  assert.equal(await user(page).inputValue(), '', 'nothing of one platform goes to another');
  await choose('autotask', 'User name (API user)');
  assert.equal(await user(page).inputValue(), kGood.user);
  assert.deepEqual(page.problems, []);
});

test('what is wrong with the name is said at the name', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('Integration name').fill('ä'.repeat(150));
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'Some settings need to be corrected');
  await page.getByRole('link', {name: /name is longer than/}).click();
  await heading(page, 'Integration settings');
  const name = page.getByLabel('Integration name');
  assert.ok(await name.evaluate((element) => element === document.activeElement));
  await page.locator('.field.wrong').filter({has: name}).getByText(/Give it a shorter name/).waitFor();
});

test('what is needed beforehand comes before the form where they do not fit side by side', async (t) => {
  const page = await open(t, await startConsole(t), {viewport: {width: 320, height: 640}});
  await go(page, '/integrations/add', 'Integration settings');
  const [beforehand, platform] = [page.getByText('What is needed beforehand'), page.getByLabel('Select platform')];
  assert.ok((await beforehand.boundingBox()).y < (await platform.boundingBox()).y);
  assert.ok(!await page.getByText('Create a dedicated API user').isVisible(), 'it does not push the form away');
  await beforehand.click();
  await page.getByText('Create a dedicated API user').waitFor();
  const plugin = JSON.parse(await answerOf(page, 'plugins/autotask'));
  const required = plugin.permissions.filter(({need}) => need === 'required').length;
  assert.ok(required > 0);
  await page.getByText(`${required} permissions are required, ${plugin.permissions.length - required} optional.`).waitFor();
});

test('a form that is half filled survives a look at another page, and Cancel forgets it', async (t) => {
  const page = await open(t, await startConsole(t));
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  await page.getByLabel('Integration name').fill('Client 7');
  await page.getByRole('link', {name: 'Plugins', exact: true}).click();
  await heading(page, 'Plugins');
  await page.goBack();
  await heading(page, 'Integration settings');
  assert.equal(await user(page).inputValue(), kGood.user);
  assert.equal(await password(page).inputValue(), kGood.secret);
  assert.equal(await page.getByLabel('Integration name').inputValue(), 'Client 7');
  await page.getByRole('link', {name: 'Cancel'}).click();
  await heading(page, 'Integrations');
  await go(page, '/integrations/add', 'Integration settings');
  assert.equal(await user(page).inputValue(), '');
  assert.equal(await password(page).inputValue(), '');
});

test('the browser neither offers nor saves what is typed', async (t) => {
  const page = await open(t, await startConsole(t));
  await go(page, '/integrations/add', 'Integration settings');
  assert.equal(await user(page).getAttribute('autocomplete'), 'off');
  assert.equal(await password(page).getAttribute('autocomplete'), 'new-password');
});

test('the first name that is free is proposed', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kGood, 'The integration is saved');
  await go(page, '/integrations/add', 'Integration settings');
  assert.equal(await page.getByLabel('Integration name').inputValue(), 'Integration with Autotask 2');
});

test('after a new name the integration is shown, with a word about it', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kGood, 'The integration is saved');
  await go(page, '/integrations/1/edit', /^Edit integration/);
  await page.getByLabel('Integration name').fill('Another name');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'Another name');
  assert.equal(await page.locator('main .news').textContent(), 'Renamed.');
});

test('what was checked only is saved without typing anything again', async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t)});
  const page = await open(t, console_);
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Check only'}).click();
  await heading(page, 'These settings would be accepted');
  await page.getByRole('link', {name: 'Change the settings'}).click();
  await heading(page, 'Integration settings');
  assert.equal(await password(page).inputValue(), kGood.secret);
  await page.getByRole('button', {name: 'Check only'}).click();
  await heading(page, 'These settings would be accepted');
  await page.getByRole('button', {name: 'Save the integration'}).click();
  await heading(page, 'The integration is saved');
  assert.match((await console_.cli('integration', 'list')).stdout, /active/);
});

test('after a reload a secret is asked for again instead of being left out', async (t) => {
  const silent = {faults: [{match: {path: '/atservicesrest/v1.0/zoneinformation'}, times: 1, fault: 'silent'}]};
  const simulator = await startSimulator(t, silent);
  const page = await open(t, await startConsole(t, {simulator}));
  await addIntegration(page, kGood, 'Checking the settings');
  await until(async () => (await simulator.requests()).length === 1);
  await page.reload();
  await page.getByRole('button', {name: 'Cancel'}).click();
  await heading(page, 'The check was cancelled');
  assert.equal(await page.getByRole('button', {name: 'Try again'}).count(), 0);
  await page.getByText(/is forgotten when the page is reloaded: enter it again/).waitFor();
  await page.getByRole('link', {name: 'Change the settings'}).click();
  await heading(page, 'Integration settings');
  await password(page).fill(kGood.secret);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The integration is saved');
});

test('replacing the credentials with none is no success', async (t) => {
  const simulator = await startSimulator(t);
  const page = await open(t, await startConsole(t, {simulator}));
  await addIntegration(page, kGood, 'The integration is saved');
  const asked = (await simulator.requests()).length;
  await go(page, '/integrations/1/credentials', 'Replace credentials');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('region', {name: 'One thing needs to be corrected'}).getByText('Nothing was entered.').waitFor();
  assert.equal((await simulator.requests()).length, asked);

  await password(page).fill('wrong');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The credentials were refused');
  await page.reload();
  await page.getByRole('link', {name: 'Open the integration'}).waitFor();
  await page.getByRole('link', {name: 'Replace credentials'}).click();
  await heading(page, 'Replace credentials');
  await password(page).fill(kGood.secret);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The changes are saved');
  const check = /checks\/([0-9a-f]+)/.exec(page.url())[1];
  const isKept = await page.evaluate((id) => import('/drafts.js').then(({hasSecrets}) => hasSecrets(id)), check);
  assert.equal(isKept, false, 'what is saved is forgotten by the page');
});

test('a name that is used and an account that is connected already lead on, and are not tried again as they are', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kGood, 'The integration is saved');
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('Integration name').fill('integration with AUTOTASK');
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The name is already used');
  assert.deepEqual(await page.locator('.verdict .actions > *').allTextContents(),
      ['Change the settings', 'All integrations', 'Copy report']);
  await go(page, '/integrations', 'Integrations');
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('Integration name').fill('Another');
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'This account is already connected');
  assert.equal(await page.getByRole('button', {name: 'Try again'}).count(), 0);
  await page.getByRole('link', {name: /^Open “.*Integration with Autotask/}).click();
  await heading(page, 'Integration with Autotask');
});

test('a secret that is typed can be looked at, and hidden again', async (t) => {
  const page = await open(t, await startConsole(t));
  await go(page, '/integrations/add', 'Integration settings');
  const kind = () => password(page).getAttribute('type');
  assert.equal(await kind(), 'password');
  await page.getByRole('button', {name: 'Show Password', exact: true}).click();
  assert.equal(await kind(), 'text');
  await page.getByRole('button', {name: 'Hide Password', exact: true}).click();
  assert.equal(await kind(), 'password');
  await page.getByRole('button', {name: 'Show Password', exact: true}).waitFor();
});

test('a field that was mended is no longer marked as wrong', async (t) => {
  const page = await open(t, await startConsole(t));
  await go(page, '/integrations/add', 'Integration settings');
  const marked = () => page.locator('[aria-invalid]').evaluateAll((all) => all.map((one) => one.name || one.id));
  await page.getByLabel('Integration name').fill('');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('region', {name: '3 things need to be corrected'}).waitFor();
  assert.deepEqual(await marked(), ['name', 'user_name', 'password']);
  await page.getByLabel('Integration name').fill('Ours');
  await user(page).fill(kGood.user);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('region', {name: 'One thing needs to be corrected'}).waitFor();
  assert.deepEqual(await marked(), ['password']);
  assert.equal(await page.locator('.field.wrong').count(), 1);
});

test('what stands in a field that is hidden is there again when the field is shown, after another platform, too', async (t) => {
  const page = await open(t, await startConsole(t, {plugins: ['autotask', 'kaseya_vsa']}));
  await go(page, '/integrations/add?platform=kaseya_vsa', 'Integration settings');
  await page.locator('[name=pat]').fill('a token');
  await page.getByRole('radio', {name: 'Password'}).check();
  await page.locator('[name=password]').fill('a password');
  await page.getByLabel('Select platform').selectOption('autotask');
  await page.getByLabel('User name (API user)').waitFor();
  await page.getByLabel('Select platform').selectOption('kaseya_vsa');
  await page.getByLabel('VSA server').waitFor();
  assert.equal(await page.locator('[name=password]').inputValue(), 'a password');
  await page.getByRole('radio', {name: 'Access token'}).check();
  assert.equal(await page.locator('[name=pat]').inputValue(), 'a token');
});

test('a field below a hidden one is hidden, whatever it would depend on', async (t) => {
  const page = await open(t, await startConsole(t));
  const sent = await page.evaluate(async () => {
    const {SettingsForm} = await import('/form.js');
    const of = (id, kind, ...conditions) => ({id, kind, label: id, required: true,
      visible_when: conditions.map(([field, ...is]) => ({field, is})),
      choices: ['a', 'b'].map((value) => ({value, label: value}))});
    const fields = [of('upper', 'choice'), of('lower', 'choice', ['upper', 'a']), of('secret', 'secret', ['lower', 'a']),
      of('lost', 'text', ['nothing', 'a'])];
    const all = (upper, lower) => new SettingsForm({fields}, {upper, lower, secret: 's', lost: 'l'}).values();
    return [all('a', 'a'), all('a', 'b'), all('b', 'a')];
  });
  assert.deepEqual(sent, [{settings: {upper: 'a', lower: 'a'}, secrets: {secret: 's'}},
    {settings: {upper: 'a', lower: 'b'}, secrets: {}},
    {settings: {upper: 'b'}, secrets: {}}]);
});

test('a choice that was changed counts as entered; a default that stays does not', async (t) => {
  const page = await open(t, await startConsole(t));
  const changed = await page.evaluate(async () => {
    const {SettingsForm} = await import('/form.js');
    const fields = [{id: 'region', kind: 'choice', label: 'Region', default: 'a', visible_when: [],
      choices: ['a', 'b'].map((value) => ({value, label: value}))}];
    const saved = (settings) => ({settings, secrets: []});
    return [new SettingsForm({fields}, {}, saved([])), new SettingsForm({fields}, {region: 'b'}, saved([])),
      new SettingsForm({fields}, {}, saved([{field: 'region', value: 'b'}])),
      new SettingsForm({fields}, {region: 'a'}, saved([{field: 'region', value: 'b'}]))].map((form) => form.isChanged());
  });
  assert.deepEqual(changed, [false, true, false, true]);
});

test('Proceed that is pressed twice makes one check', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  const posts = [];
  page.on('request', (request) => { if (request.method() === 'POST') posts.push(new URL(request.url()).pathname); });
  await page.getByRole('button', {name: 'Proceed'}).dblclick();
  await heading(page, 'The integration is saved');
  assert.deepEqual(posts.filter((path) => path.endsWith('/integrations')).length, 1);
});

test('after the console could not take a form, it says why, and the form can be sent again', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  const summary = page.getByRole('region', {name: 'One thing needs to be corrected'});
  const troubles = [
    [(route) => route.fulfill({status: 503, json: {error: {code: 'host.storage', summary: 'The disk is full.', remedy: 'Make room.'}}}),
      ['The disk is full.', 'Make room.']],
    [(route) => route.abort(), ['The console does not answer.',
      'Start it again with "msp-console serve" and open the link that it prints.']],
    [(route) => route.fulfill({status: 502, body: '<html>'}), ['The page failed.']],
  ];
  for (const [trouble, sentences] of troubles) {
    await page.route('**/api/v1/integrations', trouble, {times: 1});
    await page.getByRole('button', {name: 'Proceed'}).click();
    for (const sentence of sentences) await summary.getByText(sentence).first().waitFor();
    assert.ok(await summary.evaluate((element) => element === document.activeElement), 'the focus is at the summary');
    assert.equal(await password(page).inputValue(), kGood.secret, 'everything is as it was');
  }
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The integration is saved');
});

test('who is signed out meanwhile is told so instead of being asked to correct something', async (t) => {
  const page = await open(t, await startConsole(t));
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  await page.context().clearCookies();
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'This browser is not signed in');
  await page.getByText('The console shows a fresh link in the terminal in which it runs.').waitFor();
});

test('a demonstration offers the simulated users, whose credentials work as it says', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t), plugins: ['autotask', 'kaseya_vsa'],
    serve: ['--simulated-users', process.env.MSP_SIMULATED_USERS]}));
  await go(page, '/integrations/add', 'Integration settings');
  const choose = async (platform, about) => {
    await page.getByLabel('Select platform').selectOption(platform);
    await page.getByLabel('Simulated user').selectOption(about);
  };
  await choose('kaseya_vsa', 'has a role without agents');
  assert.equal(await page.getByLabel('User name', {exact: false}).first().inputValue(), 'no-agents');
  await choose('kaseya_vsa', 'signs in with a password');
  const shown = page.getByRole('textbox', {name: 'Password'});
  assert.equal(await shown.inputValue(), 'Throw$away,1', 'the choice of the method shows its fields');
  await choose('autotask', 'may not update tickets');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The permissions are not sufficient');
  await go(page, '/integrations/add', 'Integration settings');
  await choose('autotask', 'may do everything');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'The integration is saved');
});

test('a console that is no demonstration offers nobody', async (t) => {
  const page = await open(t, await startConsole(t));
  await go(page, '/integrations/add', 'Integration settings');
  const asked = page.waitForResponse(/simulated-users/);
  await page.getByLabel('Select platform').selectOption('autotask');
  assert.deepEqual((await (await asked).json()).users, []);
  assert.equal(await page.getByLabel('Simulated user').count(), 0);
});
