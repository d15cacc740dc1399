// A check belongs to the console: pages come and go.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {addIntegration, closeBrowser, fill, go, kGood, open, startConsole, startSimulator, until} from './support.js';

after(closeBrowser);

const kSilent = {faults: [{match: {path: '/atservicesrest/v1.0/zoneinformation'}, times: 1, fault: 'silent'}]};

async function startCheck(page) {
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {name: 'Checking the settings'}).waitFor();
}

test('a check shows its steps and its time, and cancelling really ends the request', async (t) => {
  const simulator = await startSimulator(t, kSilent);
  const page = await open(t, await startConsole(t, {simulator}));
  await startCheck(page);
  await page.getByRole('listitem').filter({hasText: 'Credentials'}).getByText('running').waitFor();
  const time = page.locator('.elapsed');
  const first = await time.textContent();
  await until(async () => await time.textContent() !== first);
  await until(async () => (await simulator.requests()).length === 1);

  const cancelled = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await page.getByRole('button', {name: 'Cancel'}).click();
  const {result} = await (await cancelled).json();
  assert.equal(result.outcome, 'cancelled');
  await page.getByRole('heading', {name: 'The check was cancelled'}).waitFor();
  await page.getByText('Nothing was saved').waitFor();
  assert.equal((await simulator.requests()).length, 1);
});

test('a check survives a reload of the page', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t, kSilent)}));
  await startCheck(page);
  await page.reload();
  await page.getByRole('heading', {name: 'Checking the settings'}).waitFor();
  await page.getByRole('listitem').filter({hasText: 'Settings'}).getByText('passed').waitFor();
  await page.getByRole('button', {name: 'Cancel'}).click();
  await page.getByRole('heading', {name: 'The check was cancelled'}).waitFor();
  await page.reload();
  await page.getByRole('heading', {name: 'The check was cancelled'}).waitFor();
  // What was typed is still there, the secrets are not.
  await page.getByRole('link', {name: 'Edit', exact: true}).click();
  await page.getByRole('heading', {name: 'Integration settings'}).waitFor();
  assert.equal(await page.getByLabel('User name').inputValue(), kGood.user);
  assert.equal(await page.getByLabel('Password', {exact: true}).inputValue(), '');
});

test('two browsers see the same check; each needs a link of its own', async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t, kSilent)});
  const first = await open(t, console_);
  const second = await open(t, console_);
  await startCheck(first);
  await second.reload();
  await second.getByText('Being checked now').getByRole('link').click();
  await second.getByRole('heading', {name: 'Checking the settings'}).waitFor();
  await first.getByRole('button', {name: 'Cancel'}).click();
  for (const page of [first, second]) await page.getByRole('heading', {name: 'The check was cancelled'}).waitFor();
});

test('a console that was started anew says so, and its new link leads on', async (t) => {
  const simulator = await startSimulator(t, kSilent);
  const console_ = await startConsole(t, {simulator});
  const page = await open(t, console_);
  await startCheck(page);
  await until(async () => (await simulator.requests()).length === 1);
  const {hash} = new URL(page.url());
  assert.equal(await console_.stop(), 0, 'Ctrl-C ends it cleanly, checks included');
  await page.getByText('The console does not answer').waitFor();
  await console_.serve();
  await page.goto(await console_.link());
  await page.getByRole('heading', {name: 'Integrations', exact: true}).waitFor();
  await page.evaluate((to) => { location.hash = to; }, hash);
  await page.getByText('This check is not known any more').waitFor();
  await addIntegration(page, kGood, 'The integration is saved');
});
