// Every screen has an address, and tells by title, navigation and focus which one it is.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {addIntegration, closeBrowser, go, kGood, open, startConsole, startSimulator} from './support.js';

after(closeBrowser);

const kName = 'Integration with Autotask';

// [address, title and heading, section of the navigation]; the heading only where it is another one.
const kScreens = [
  ['/integrations', 'Integrations', 'Integrations'],
  ['/plugins', 'Plugins', 'Plugins'],
  ['/integrations/add', 'Integration settings', 'Integrations'],
  ['/integrations/1', kName, 'Integrations'],
  ['/plugins/autotask/requirements', 'Requirements of Autotask', 'Plugins', 'What the integration with Autotask needs'],
  ['/integrations/1/edit', 'Edit integration', 'Integrations', `Edit integration ${kName}`],
  ['/integrations/1/credentials', 'Replace credentials', 'Integrations', `Replace credentials ${kName}`],
  ['/checks/0123456789abcdef', 'Not possible', null, 'This report is no longer kept'],
  ['/integrations/4711', 'Not possible', null, 'There is no such integration any more'],
];

async function isShown(page, [address, title, section, heading = title]) {
  await page.getByRole('heading', {level: 1, name: heading, exact: true}).waitFor();
  assert.equal(await page.title(), `${title} – MSP console`, address);
  const marked = page.getByRole('navigation').locator('[aria-current=page]');
  assert.deepEqual(await marked.allTextContents(), section ? [section] : [], address);
}

test('every screen can be opened by its address, and is named by title, navigation and focus', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  const base = new URL(page.url()).origin;
  await addIntegration(page, kGood, 'The integration is saved');
  for (const screen of kScreens) {
    await page.goto('about:blank');
    await page.goto(`${base}/#${screen[0]}`);
    await isShown(page, screen);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY', 'what is opened first is read from its beginning');
  }
  for (const screen of kScreens) {
    await page.evaluate((to) => { location.hash = to; }, screen[0]);
    await isShown(page, screen);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', `${screen[0]}: the focus is at the new heading`);
  }
  assert.deepEqual(page.problems, []);
});

test('an address that leads nowhere leads to the integrations, and Back leads past it', async (t) => {
  const page = await open(t, await startConsole(t));
  for (const address of ['/nothing', '/integrations/', '/integrations/1/rename', '/plugins/a/b', '/checks/XYZ', 'nothing']) {
    await go(page, '/plugins', 'Plugins');
    await page.evaluate((to) => { location.hash = to; }, address);
    await page.getByRole('heading', {level: 1, name: 'Integrations'}).waitFor();
    assert.equal(new URL(page.url()).hash, '#/integrations', address);
    await page.goBack();
    await page.getByRole('heading', {level: 1, name: 'Plugins'}).waitFor();
  }
  assert.deepEqual(page.problems, []);
});

test('a screen that was left before it could be shown is not shown over the next one', async (t) => {
  const page = await open(t, await startConsole(t));
  await page.evaluate(() => {
    window.shown = [];
    new MutationObserver(() => window.shown.push(document.querySelector('h1')?.textContent))
        .observe(document.getElementById('main'), {childList: true});
  });
  const asked = page.waitForRequest('**/api/v1/plugins/autotask');
  await page.route('**/api/v1/plugins/autotask', () => {});  // is never answered
  await page.evaluate(() => { location.hash = '/plugins/autotask/requirements'; });
  await asked;
  await go(page, '/plugins', 'Plugins');
  assert.deepEqual([...new Set(await page.evaluate(() => window.shown))], ['Plugins']);
  assert.deepEqual(page.problems, []);
});

test('what an action came to is said once', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kGood, 'The integration is saved');
  await go(page, '/integrations/1', kName);
  await page.getByRole('button', {name: 'Remove'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Remove'}).click();
  const said = page.locator('#live');
  await said.filter({hasText: 'The integration was removed.'}).waitFor();
  await go(page, '/plugins', 'Plugins');
  assert.equal(await said.textContent(), '');
});

test('a wrong path is a page that leads on, and whoever waits for the console may ask whether it serves', async (t) => {
  const page = await open(t, await startConsole(t));
  const base = new URL(page.url()).origin;
  await page.goto(`${base}/nothing/here`);
  await page.getByRole('heading', {level: 1, name: 'There is no such page'}).waitFor();
  await page.getByRole('link', {name: 'To the integrations'}).click();
  await page.getByRole('heading', {level: 1, name: 'Integrations'}).waitFor();
  assert.equal(await page.evaluate(() => fetch('/healthz').then((answer) => answer.text())), 'ok\n');
});
