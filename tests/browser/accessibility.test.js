// Every screen by keyboard, by axe in light and dark, and on a narrow display.
import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, test} from 'node:test';
import {addIntegration, closeBrowser, fill, go, kGood, kNoTicketEditing, open, scrollsSideways,
  startConsole, startSimulator, violations} from './support.js';

after(closeBrowser);

const kSilent = {faults: [{match: {path: '/atservicesrest/v1.0/zoneinformation'}, after: 4, times: 1, fault: 'silent'}]};

// Before anything is there. `look` is called on each screen.
async function walkBeginning(page, console_, look) {
  await look('no integration');
  await go(page, '/integrations/add', 'No platform is enabled');
  await look('no platform');
  await go(page, '/plugins', 'Plugins');
  await page.getByRole('heading', {name: 'No plugin yet'}).waitFor();
  await look('no plugin');
  await console_.drop('kaseya_vsa');
  await page.getByRole('button', {name: 'Enable'}).click();
  await page.getByRole('dialog').waitFor();
  await look('enable the first?');
  await page.context().clearCookies();
  await page.reload();
  await page.getByRole('heading', {name: 'This browser is not signed in'}).waitFor();
  await look('not signed in');
}

// Through all screens and their states.
async function walk(page, console_, look) {
  await look('no integration');
  await go(page, '/integrations/add', 'Integration settings');
  await look('settings');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('region', {name: /need to be corrected/}).waitFor();
  await look('settings with errors');
  await addIntegration(page, kNoTicketEditing, 'The permissions are not sufficient');
  await look('refused for a permission');
  await addIntegration(page, {...kGood, secret: 'wrong'}, 'The credentials were refused');
  await look('refused for the credentials');
  await addIntegration(page, kGood, 'The integration is saved');
  await look('saved');
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByText('History of checks').first().waitFor();
  await look('integration');
  await page.getByRole('link', {name: 'Replace credentials'}).click();
  await page.getByRole('heading', {level: 1, name: 'Replace credentials'}).waitFor();
  await look('replace credentials');
  await go(page, '/integrations/1', 'Integration with Autotask');
  await page.getByRole('button', {name: 'Remove'}).click();
  await look('remove?');
  await page.keyboard.press('Escape');
  await page.getByRole('link', {name: 'Edit', exact: true}).click();
  await page.getByRole('heading', {level: 1, name: 'Edit integration'}).waitFor();
  await look('edit');
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('Integration name').fill('Integration with Autotask');
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {level: 1, name: 'The name is already used'}).waitFor();
  await look('a used name');
  await page.getByRole('link', {name: 'Change the settings'}).click();
  await page.getByRole('region', {name: /needs to be corrected/}).waitFor();
  await look('corrections');
  await go(page, '/integrations', 'Integrations');
  await look('integrations');
  await page.getByRole('button', {name: 'Check all'}).click();
  await page.getByText(/^Checked 1 of 1/).waitFor();
  await look('all checked');
  await go(page, '/integrations/1', 'Integration with Autotask');
  await page.getByRole('button', {name: 'Disable'}).click();
  await page.getByText('Disabled', {exact: true}).waitFor();
  await look('a disabled integration');
  await page.getByRole('button', {name: 'Enable'}).click();
  await page.getByText('Active', {exact: true}).waitFor();
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('Integration name').fill('Another');
  await fill(page, kGood);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {name: 'Checking the settings'}).waitFor();
  await look('checking');
  await page.getByRole('button', {name: 'Cancel'}).click();
  await page.getByRole('heading', {name: 'The check was cancelled'}).waitFor();
  await look('cancelled');
  await writeFile(path.join(console_.pluginDirectory, 'text.so'), 'hello', {mode: 0o600});
  await go(page, '/plugins', 'Plugins');
  await page.getByRole('heading', {name: 'text.so'}).waitFor();
  await look('plugins');
  await page.getByRole('button', {name: 'Enable'}).click();
  await page.getByRole('dialog').waitFor();
  await look('enable?');
  await page.keyboard.press('Escape');
  await go(page, '/plugins/autotask/requirements', /needs/);
  await look('requirements');
  await go(page, '/checks/0123456789abcdef', 'This report is no longer kept');
  await look('a problem');
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing on any screen, ${colorScheme}`, async (t) => {
    const console_ = await startConsole(t,
        {simulator: await startSimulator(t, kSilent), plugins: ['autotask', 'kaseya_vsa'], enabled: ['autotask']});
    const page = await open(t, console_, {colorScheme, reducedMotion: 'reduce'});
    const look = (seen) => async (screen) => assert.deepEqual(await violations(seen), [], screen);
    await walk(page, console_, look(page));
    assert.deepEqual(page.problems, []);
    const empty = await startConsole(t, {plugins: []});
    const beginning = await open(t, empty, {colorScheme, reducedMotion: 'reduce'});
    await walkBeginning(beginning, empty, look(beginning));
  });
}

test('no screen scrolls sideways at 320 pixels', async (t) => {
  const console_ = await startConsole(t,
      {simulator: await startSimulator(t, kSilent), plugins: ['autotask', 'kaseya_vsa'], enabled: ['autotask']});
  const page = await open(t, console_, {viewport: {width: 320, height: 640}});
  const look = (seen) => async (screen) => assert.ok(!await scrollsSideways(seen), screen);
  await walk(page, console_, look(page));
  const empty = await startConsole(t, {plugins: []});
  const beginning = await open(t, empty, {viewport: {width: 320, height: 640}});
  await walkBeginning(beginning, empty, look(beginning));
});

// Moves on with the Tab key until something of this name has the focus, which must be seen all the way.
const tabs = (page) => async (name) => {
  for (let steps = 0; steps < 40; ++steps) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const element = document.activeElement;
      const outline = getComputedStyle(element);
      return {text: (element.labels?.[0] ?? element).textContent.trim(),
        seen: outline.outlineStyle !== 'none' && outline.outlineWidth !== '0px'};
    });
    assert.ok(here.seen, `the focus is visible on ${here.text}`);
    if (here.text.startsWith(name)) return;
  }
  assert.fail(`${name} cannot be reached`);
};

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());

test('an integration is added with the keyboard alone', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  const tabTo = tabs(page);
  await tabTo('Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await tabTo('Add integration');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: 'Integration settings'}).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'a screen reader starts at the heading');
  await tabTo('User name');
  await page.keyboard.type(kGood.user);
  await tabTo('Password');
  await page.keyboard.type(kGood.secret);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: 'The integration is saved'}).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-labelledby')), 'verdict');
  await tabTo('Open the integration');
  await page.keyboard.press('Enter');
  await page.getByText('History of checks').first().waitFor();
});

test('a plugin is enabled, a check cancelled and an integration removed with the keyboard alone', async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t, {faults: [{...kSilent.faults[0], after: 1}]}), enabled: []});
  const page = await open(t, console_);
  const tabTo = tabs(page);
  const press = async (name, key = 'Enter') => {
    await tabTo(name);
    await page.keyboard.press(key);
  };
  await press('Go to the plugins');
  await page.getByRole('heading', {level: 1, name: 'Plugins'}).waitFor();
  await press('Enable', 'Space');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({state: 'detached'});
  assert.equal(await focused(page), 'Enable', 'the focus is back where it was');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await press('Enable');
  await page.getByText('Enabled', {exact: true}).waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.closest('.plugin')), 'the focus stays with the plugin');

  await page.keyboard.press('Shift+Tab');
  await press('Add integration');
  await page.getByRole('heading', {name: 'Integration settings'}).waitFor();
  await tabTo('User name');
  await page.keyboard.type(kGood.user);
  await tabTo('Password');
  await page.keyboard.type(kGood.secret);
  await press('Proceed', 'Space');
  await page.getByRole('heading', {name: 'The integration is saved'}).waitFor();
  await press('Open the integration');
  await page.getByRole('button', {name: 'Check again'}).waitFor();
  await press('Check again');
  await page.getByRole('heading', {name: 'Checking again'}).waitFor();
  await press('Cancel');
  await page.getByRole('heading', {name: 'The check was cancelled'}).waitFor();
  await press('Open the integration');
  await page.getByRole('button', {name: 'Remove'}).waitFor();
  await press('Remove');
  await page.getByRole('dialog').waitFor();
  assert.equal(await focused(page), 'Cancel', 'what cannot be taken back is not under the finger');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('No integration yet').waitFor();
});
