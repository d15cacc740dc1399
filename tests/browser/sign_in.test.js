// A person who signs in at the platform, in a window that the console's page opens.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import https from 'node:https';
import {after, test} from 'node:test';
import {closeBrowser, go, open, scrollsSideways, startConsole, startSimulator, violations} from './support.js';

after(closeBrowser);

const kAda = {login: 'ada@harbour.example', password: 'Throw$away,1'};
const kBen = {login: 'ben@pier.example', password: 'Throw$away,2'};
const heading = (page, name) => page.getByRole('heading', {level: 1, name}).waitFor();

async function start(t, scenario, options = {}) {
  const simulator = await startSimulator(t, scenario, 'oauth');
  const console_ = await startConsole(t, {simulator, plugins: ['browser_sign_in']});
  return {simulator, console_, page: await open(t, console_, {at: simulator, ...options})};
}

// From the form to the button that opens the platform's window.
async function proceed(page) {
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByRole('button', {name: 'Proceed'}).click();
  return page.getByRole('button', {name: 'Sign in at login.example.com'});
}

async function popup(page, button) {
  const opened = page.waitForEvent('popup');
  await button.click();
  return opened;
}

async function signIn(window, {login, password}, consent = 'Allow') {
  await window.getByLabel('User name').fill(login);
  await window.getByLabel('Password').fill(password);
  await window.getByRole('button', {name: 'Sign in'}).click();
  if (consent) await window.getByRole('button', {name: consent}).click();
}

// Where the platform sends a browser on another machine, which has somebody signed in already.
async function sentTo(simulator, url) {
  const {pathname, search, hostname} = new URL(url);
  const port = simulator.options.find((option) => option.startsWith(`${hostname}:`)).split(':').at(-1);
  const request = https.get({host: '127.0.0.1', port, path: pathname + search, headers: {host: hostname}, servername: hostname,
    rejectUnauthorized: false});
  const [response] = await once(request, 'response');
  response.resume();
  return response.headers.location;
}

test('a person signs in in the platform\u2019s window, and the page goes on by itself', async (t) => {
  const {console_, page} = await start(t);
  await go(page, '/integrations/add', 'Integration settings');
  assert.equal(await page.getByLabel('Sign-in', {exact: true}).count(), 0, 'what the plugin keeps is in no form');
  const button = await proceed(page);
  await button.waitFor();
  assert.ok(await button.evaluate((element) => element === document.activeElement));
  assert.deepEqual(await violations(page), []);
  const window = await popup(page, button);
  await window.getByLabel('User name').waitFor();
  assert.equal(await window.evaluate(() => globalThis.opener), null, 'the platform gets no handle of the console');
  await signIn(window, kAda);
  await window.getByRole('heading', {name: 'Signed in'}).waitFor();
  assert.match(window.url(), /\/callback\/done$/, 'the code is not left in the browser\u2019s history');
  await heading(page, 'The integration is saved');
  await page.getByText('Harbour Street IT').first().waitFor();
  const check = page.url().match(/checks\/([0-9a-f]+)/)[1];
  const document = await page.evaluate((id) => import('/api.js').then(({get}) => get(`checks/${id}`)), check);
  assert.ok(!/state=|code=/.test(JSON.stringify(document)), 'nothing of the visit is kept');
  assert.deepEqual((await console_.cli('integration', 'check', 'Integration with Example Desk')).code, undefined);
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('button', {name: 'Sign in again'}).waitFor();
  assert.equal(await page.getByRole('link', {name: 'Replace credentials'}).count(), 0);
  assert.deepEqual(page.problems, []);
});

test('a refusal at the platform is told, and signing in again is one click', async (t) => {
  const {page} = await start(t);
  const window = await popup(page, await proceed(page));
  await signIn(window, kAda, 'Refuse');
  await heading(page, 'The credentials were refused');
  await page.getByText('The access was not allowed at Example Desk.').first().waitFor();
});

test('a closed window is told and can be opened again, also after a reload', async (t) => {
  const {page} = await start(t);
  const button = await proceed(page);
  const window = await popup(page, button);
  await page.getByText('Waiting for the sign-in in the other window.').waitFor();
  await window.close();
  await page.getByText(/The other window was closed, or hides from this page/).waitFor();
  await page.reload();
  const again = await popup(page, page.getByRole('button', {name: 'Sign in at login.example.com'}));
  await signIn(again, kAda);
  await heading(page, 'The integration is saved');
});

test('cancel ends the wait', async (t) => {
  const {page} = await start(t);
  await (await proceed(page)).waitFor();
  await page.getByRole('button', {name: 'Cancel'}).click();
  await heading(page, 'The check was cancelled');
});

test('the address of a window that cannot come back is pasted', async (t) => {
  const {page, simulator} = await start(t, {signed_in: kAda.login, consent: false});
  const button = await proceed(page);
  await button.waitFor();
  const check = page.url().match(/checks\/([0-9a-f]+)/)[1];
  const {events} = await page.evaluate((id) => import('/api.js').then(({get}) => get(`checks/${id}`)), check);
  const {url} = events.find(({event}) => event === 'sign_in');
  const ended = await sentTo(simulator, url);
  await page.getByText('The window ends at a page that cannot be opened?').click();
  const field = page.getByLabel('Copy the address of that window and paste it here');
  await field.fill('https://login.example.com/?state=1234');
  await page.getByRole('button', {name: 'Go on'}).click();
  await page.getByText('That is not the address that this sign-in ends at.').first().waitFor();
  await field.fill(ended);
  await page.getByRole('button', {name: 'Go on'}).click();
  await heading(page, 'The integration is saved');
});

test('a sign-in that has ended needs a person, and another user is not taken', async (t) => {
  const {console_, page} = await start(t, {refresh_token_seconds: 0});
  await signIn(await popup(page, await proceed(page)), kAda);
  await heading(page, 'The integration is saved');
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('button', {name: 'Check again'}).click();
  await heading(page, 'The credentials were refused');
  assert.match((await console_.cli('integration', 'list', '--json')).stdout, /needs_sign_in/);
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('button', {name: 'Sign in again'}).click();
  await signIn(await popup(page, page.getByRole('button', {name: 'Sign in at login.example.com'})), kBen);
  await heading(page, 'This is another account');
  await page.getByRole('button', {name: 'Sign in again'}).click();
  await signIn(await popup(page, page.getByRole('button', {name: 'Sign in at login.example.com'})), kAda);
  await heading(page, 'Signed in');
  assert.match((await console_.cli('integration', 'list', '--json')).stdout, /"active"/);
});

test('a platform that hides its window, and a narrow page', async (t) => {
  const {page} = await start(t, {opener_policy: 'same-origin'}, {viewport: {width: 320, height: 700}, colorScheme: 'dark'});
  const button = await proceed(page);
  await button.waitFor();
  assert.ok(!await scrollsSideways(page));
  assert.deepEqual(await violations(page), []);
  await signIn(await popup(page, button), kAda);
  await heading(page, 'The integration is saved');
});

test('whoever removes the integration ends the sign-in at the platform, and reads so before and after', async (t) => {
  const {page} = await start(t);
  const window = await popup(page, await proceed(page));
  await signIn(window, kAda);
  await heading(page, 'The integration is saved');
  await go(page, '/integrations/1', 'Integration with Example Desk');
  await page.getByRole('button', {name: 'Remove'}).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('is told that the sign-in of').waitFor();
  await dialog.getByRole('button', {name: 'Remove'}).click();
  await page.locator('#live').filter({hasText: 'Example Desk knows that the sign-in of "ada@harbour.example" is over.'}).waitFor();
  await heading(page, 'Integrations');
  assert.deepEqual(page.problems, []);
});
