// What is typed into the form stays until it is saved, wherever somebody looks meanwhile.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {addIntegration, closeBrowser, fill, go, kGood, kNoTicketEditing, open, startConsole, startSimulator, until} from './support.js';

after(closeBrowser);

const password = (page) => page.getByLabel('Password', {exact: true});
const user = (page) => page.getByLabel('User name', {exact: false});
const heading = (page, name) => page.getByRole('heading', {level: 1, name}).waitFor();

test('the sheet for the administrator opens beside the form, which stays as it was', async (t) => {
  const page = await open(t, await startConsole(t));
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', {name: 'Sheet for the administrator of the platform'}).click();
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
});

test('what was checked only is saved without typing anything again', async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t)});
  const page = await open(t, console_);
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Check only'}).click();
  await heading(page, 'These settings would be accepted');
  await page.getByRole('link', {name: 'Back to the settings'}).click();
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
  await page.getByRole('link', {name: 'Edit', exact: true}).click();
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
});

test('an account that is connected already leads to its integration', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kGood, 'The integration is saved');
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('Integration name').fill('Another');
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await heading(page, 'This account is already connected');
  await page.getByRole('link', {name: /^Open “.*Integration with Autotask/}).click();
  await heading(page, 'Integration with Autotask');
});
