// A platform of another kind through the same page: its own server, two ways to sign in, rights that reading cannot prove.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import path from 'node:path';
import {after, test} from 'node:test';
import {promisify} from 'node:util';
import {closeBrowser, go, open, startConsole, startSimulator, violations} from './support.js';

after(closeBrowser);

const kToken = (number) => `0f1e2d3c-0000-4000-8000-00000000000${number}`;

async function openKaseya(t) {
  const simulator = await startSimulator(t, undefined, 'kaseya_vsa');
  return open(t, await startConsole(t, {simulator, plugins: ['kaseya_vsa']}));
}

async function proceed(page, user, fields, heading) {
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('VSA server').fill('https://vsa.example.com');
  await page.getByLabel('User name').fill(user);
  if (fields.password) await page.getByRole('radio', {name: 'Password'}).check();
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {level: 1, name: heading}).waitFor();
}

test('a token is accepted, and what reading cannot prove is said', async (t) => {
  const page = await openKaseya(t);
  await proceed(page, 'console', {pat: kToken(1)}, /^Saved with remarks: \d to confirm$/);
  await page.getByRole('row', {name: /Not verified \(\d\)/}).waitFor();
  const told = page.getByText(/permissions were verified; these could not be: .*\./);
  const [, verified, all] = /(\d+) of (\d+) permissions were verified/.exec(await told.textContent());
  const unverified = await page.locator('.grant').filter({hasText: 'Not verified'}).count();
  assert.ok(unverified > 0);
  assert.deepEqual([Number(verified), Number(all)], [Number(all) - unverified, await page.locator('.grant').count()]);
  assert.deepEqual(await violations(page), []);
});

test('what a plugin warns of is shown, though every right is granted', async (t) => {
  const page = await openKaseya(t);
  await proceed(page, 'sees-nothing', {pat: kToken(3)}, /^Saved with remarks: .*restricted$/);
  await page.getByRole('row', {name: 'Organizations – read'}).getByText('Granted').waitFor();
  const notes = page.locator('section').filter({has: page.getByRole('heading', {name: 'Worth knowing'})});
  const said = ['organizations', 'machine groups', 'agents'].map((things) => `VSA shows this user no ${things} at all.`);
  assert.deepEqual((await notes.locator('.summary').allTextContents()).map((text) => text.replace('warning: ', '')), said);
  assert.ok(await notes.evaluate((section) => {
    const permissions = document.getElementById('permissions');
    return section.compareDocumentPosition(permissions) & Node.DOCUMENT_POSITION_FOLLOWING;
  }), 'they come before the long table');
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('heading', {name: 'What the last check found'}).waitFor();
  for (const sentence of said) await page.getByText(sentence).waitFor();
  const codes = page.getByRole('table', {name: 'History of checks'}).getByRole('row').nth(1).getByRole('cell').nth(2);
  assert.match(await codes.textContent(), / × 3/, 'a code that came three times is told once, with how often');
  assert.deepEqual(await violations(page), []);
});

test('a role without agents is refused, the right named', async (t) => {
  const page = await openKaseya(t);
  await proceed(page, 'no-agents', {pat: kToken(2)}, 'The permissions are not sufficient');
  await page.getByText(/required permissions? (is|are) missing: /).waitFor();
  assert.match(await page.getByRole('table').getByRole('row').nth(2).textContent(), /agents/i);
});

test('an integration with a password moves on to a token, and the password is gone', async (t) => {
  const page = await openKaseya(t);
  await proceed(page, 'console', {password: 'Throw$away,1'}, /^Saved with remarks: \d to confirm, sign-in method to replace$/);
  await page.getByText('auth.method_deprecated').waitFor();
  await page.locator('.finding').filter({hasText: 'auth.method_deprecated'}).locator('.summary a').click();
  await page.getByRole('heading', {level: 1, name: 'Edit integration'}).waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.closest('.field').textContent.includes('Sign in with')),
      'the warning leads to its field');
  await page.goBack();
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByText('auth.method_deprecated').first().waitFor();
  await page.getByRole('link', {name: 'Replace credentials'}).click();
  await page.getByRole('heading', {level: 1, name: 'Replace credentials'}).waitFor();
  await page.getByRole('radio', {name: 'Access token'}).check();

  await page.locator('[name=pat]').fill(kToken(5));
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {name: 'The credentials were refused'}).waitFor();
  await page.getByText('the settings saved before stay in use').waitFor();

  await page.getByRole('link', {name: 'Open the integration'}).waitFor();
  await page.getByRole('link', {name: 'Replace credentials'}).click();
  await page.getByRole('heading', {level: 1, name: 'Replace credentials'}).waitFor();
  assert.ok(await page.getByRole('radio', {name: 'Access token'}).isChecked(), 'what was chosen is still chosen');
  await page.locator('[name=pat]').fill(kToken(1));
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {name: /^The changes are saved with remarks: \d to confirm$/}).waitFor();
  await page.getByRole('link', {name: 'Open the integration'}).click();
  const settings = page.locator('section').filter({has: page.getByRole('heading', {name: 'Settings'})});
  await settings.getByText('Set on').waitFor();
  assert.deepEqual(await settings.locator('dt').allTextContents(), ['VSA server', 'Sign in with', 'User name', 'Access token'],
      'in the order of the form');
});

test('an address that was changed in the database is not filled in, and a new secret is not sent there', async (t) => {
  const simulator = await startSimulator(t, undefined, 'kaseya_vsa');
  const console_ = await startConsole(t, {simulator, plugins: ['kaseya_vsa']});
  const page = await open(t, console_);
  await proceed(page, 'console', {pat: kToken(1)}, /^Saved with remarks/);
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('heading', {name: 'Settings'}).waitFor();
  const address = new URL(page.url()).hash.slice(1);
  const script = 'import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as db: '
    + 'db.execute("UPDATE settings SET value = \'https://evil.example\' WHERE field = \'server\'")';
  await promisify(execFile)('python3', ['-c', script, path.join(console_.directory, 'data', 'console.db')]);
  for (const [what, heading] of [['edit', 'Edit integration'], ['credentials', 'Replace credentials']]) {
    await go(page, `${address}/${what}`, heading);
    const server = page.getByLabel('VSA server');
    assert.equal(await server.inputValue(), '');
    await page.getByText('The database says “https://evil.example”, and no saved secret proves').waitFor();
    await page.locator('[name=pat]').fill(kToken(1));
    await page.getByRole('button', {name: 'Proceed'}).click();
    await page.getByRole('heading', {name: 'One thing needs to be corrected'}).waitFor();
    assert.deepEqual(await violations(page), []);
    await server.fill('https://vsa.example.com');
  }
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {level: 1, name: /saved|in order/i}).waitFor();
  await go(page, address, 'Integration with Kaseya VSA');
  assert.equal(await page.getByText('not proven').count(), 0);
});
