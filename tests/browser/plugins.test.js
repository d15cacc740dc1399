// What is dropped into the plugin directory, good or bad, and the decision to trust it.
import assert from 'node:assert/strict';
import {rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, test} from 'node:test';
import {closeBrowser, go, open, startConsole} from './support.js';

after(closeBrowser);

const card = (page, name) => page.getByRole('listitem').filter({has: page.getByRole('heading', {name})});

test('a dropped file appears by itself, shows what it asks for, and is enabled', async (t) => {
  const console_ = await startConsole(t, {plugins: []});
  const page = await open(t, console_);
  await page.getByRole('link', {name: 'Go to the plugins'}).click();
  await page.getByRole('heading', {name: 'No plugin yet'}).waitFor();
  await console_.drop('autotask');
  await card(page, 'Autotask').getByText('Available').waitFor();

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
