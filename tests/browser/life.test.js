// An integration over the months: disabled and enabled, checked with all others, what drifted, and credentials that the
// platform refuses by now.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {addIntegration, closeBrowser, fill, go, kCode, kGood, open, scrollsSideways, startConsole,
  startRelay, startSimulator, until, violations} from './support.js';

after(closeBrowser);

const kRestricted = {user: 'restricted@msp.example', secret: 'Throw$away#3'};
const user = ({user: login, secret}, more) => ({login, secret, integration_codes: [kCode], default_rights: {all: 'All'}, ...more});
const kNoTickets = {Tickets: {create: 'All', delete: 'None', query: 'All', update: 'None'}};
const kName = 'Integration with Autotask';

const unbroken = (text) => text.replace(/\s+/g, ' ').trim();

// A console whose platform becomes another one after a while.
async function startChanging(t, ...scenarios) {
  const simulators = [await startSimulator(t)];
  for (const scenario of scenarios) simulators.push(await startSimulator(t, scenario));
  const relay = await startRelay(t, ...simulators);
  const console_ = await startConsole(t, {simulator: relay});
  return {console_, page: await open(t, console_), becomes: (number) => relay.to(simulators[number]), simulators};
}

async function add(page, credentials, name) {
  await go(page, '/integrations', 'Integrations');
  await go(page, '/integrations/add', 'Integration settings');
  if (name) await page.getByLabel('Integration name').fill(name);
  await fill(page, credentials);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {level: 1, name: /^(The integration is saved|Saved with remarks: .*)$/}).waitFor();
}

async function checkAll(page) {
  await go(page, '/integrations', 'Integrations');
  await page.getByRole('button', {name: 'Check all'}).click();
  await page.getByRole('heading', {level: 1, name: 'Check of all integrations'}).waitFor();
  await page.getByText(/^(Checked \d+ of \d+|There are no enabled)/).waitFor();
}

test('an integration is disabled, says what that means, and is enabled again', async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t)});
  const page = await open(t, console_);
  await addIntegration(page, kGood, 'The integration is saved');
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('button', {name: 'Disable'}).click();
  await page.getByText('Disabled', {exact: true}).waitFor();
  assert.equal(await page.locator('.news').textContent(), 'Disabled.');
  const sentence = await page.locator('.notice:not(.news)').textContent();
  assert.ok(unbroken((await console_.cli('integration', 'disable', kName)).stdout).includes(sentence), sentence);
  assert.deepEqual(await violations(page), []);
  await go(page, '/integrations', 'Integrations');
  await page.getByRole('row', {name: kName}).getByText('Disabled').waitFor();
  assert.equal(await page.getByRole('button', {name: 'Check all'}).count(), 0, 'there is none to check');
  await page.getByRole('link', {name: kName}).click();
  await page.getByRole('button', {name: 'Enable'}).click();
  await page.getByText('Active', {exact: true}).waitFor();
  assert.match((await console_.cli('integration', 'list')).stdout, /active/);
  assert.deepEqual(page.problems, []);
});

test('all are checked at once; those that need somebody come first, each with why', async (t) => {
  const {console_, page, becomes, simulators} = await startChanging(t,
      {users: [user(kGood, {rights: kNoTickets}), user(kRestricted, {secret: 'Rotated%1'})]});
  await add(page, kGood);
  await add(page, kRestricted, 'Restricted one');
  await checkAll(page);
  await page.getByText('Checked 2 of 2: 1 active, 1 active with remarks.').waitFor();
  assert.deepEqual(await violations(page), []);

  becomes(1);
  await checkAll(page);
  await page.getByText('Checked 2 of 2: 1 needs sign in, 1 needs attention.').waitFor();
  const rows = page.getByRole('table', {name: 'Integrations that need attention'}).getByRole('row');
  await rows.filter({hasText: 'Restricted one'}).getByText(/rejected the sign-in/).waitFor();
  await rows.filter({hasText: kName}).getByText('The right to "Update Tickets" is missing.').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.setViewportSize({width: 320, height: 640});
  assert.ok(!await scrollsSideways(page));
  await page.setViewportSize({width: 1280, height: 900});
  await page.reload();
  await page.getByText('Checked 2 of 2: 1 needs sign in, 1 needs attention.').waitFor();

  // Refused credentials are not sent again: an account locks itself after a few.
  const before = (await simulators[1].requests()).length;
  await page.getByRole('button', {name: 'Check all again'}).click();
  await page.getByText('Checked 1 of 2: 1 needs attention, 1 not tried again (refused before).').waitFor();
  await page.getByText('repeated refusals can lock an account').waitFor();
  await rows.filter({hasText: 'Restricted one'}).getByText('not tried again', {exact: true}).waitFor();
  const printed = unbroken((await console_.cli('integration', 'check', '--all')).stdout);
  for (const text of await page.locator('.verdict p').allTextContents()) assert.ok(printed.includes(text), `${text} in ${printed}`);
  const requests = (await simulators[1].requests()).slice(before).map((line) => JSON.parse(line));
  assert.equal(requests.filter(({path}) => /restricted/i.test(path)).length, 0);
  assert.deepEqual(page.problems, []);
});

test('a check of all shows how far it is, survives a reload and is cancelled', async (t) => {
  const simulator = await startSimulator(t);
  const relay = await startRelay(t, simulator);
  const console_ = await startConsole(t, {simulator: relay});
  const page = await open(t, console_);
  await add(page, kGood);
  await go(page, '/integrations', 'Integrations');
  relay.holding = true;
  await page.getByRole('button', {name: 'Check all'}).click();
  await page.getByRole('heading', {level: 1, name: 'Checking all integrations'}).waitFor();
  await until(() => relay.connections.some((connection) => connection.held));
  await page.getByRole('progressbar').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.reload();
  await page.getByRole('heading', {level: 1, name: 'Checking all integrations'}).waitFor();
  const second = await open(t, console_);
  await second.getByText('Being checked now').getByRole('link', {name: 'all integrations'}).click();
  await second.getByRole('button', {name: 'Cancel'}).click();
  for (const each of [page, second]) {
    await each.getByText(/Checked \d of 1.*\(?cancelled\)?/).first()
        .or(each.getByText(/^Checked \d of 1/)).first().waitFor();
  }
  assert.deepEqual(page.problems, []);
});

test('what works with remarks has its own mark and words on every screen, and its own group', async (t) => {
  const {console_, page} = await startChanging(t);
  await add(page, kGood);
  await add(page, kRestricted, 'Restricted one');
  const verdict = page.locator('section.verdict');
  await verdict.getByRole('heading', {name: 'Saved with remarks: 14 restricted'}).waitFor();
  assert.match(await verdict.getAttribute('class'), /\bcaution\b/);
  await verdict.getByText('It can be used, within the limits that the remarks name.').waitFor();
  assert.equal(await verdict.locator('.verdict-mark .icon-caution').count(), 1, 'a mark, too');
  assert.equal(await page.getByText('ready to be used').count(), 0);
  assert.equal(await page.locator('.finding').count(), 0, 'the table says it already');
  assert.deepEqual(await violations(page), []);

  await go(page, '/integrations', 'Integrations');
  const badge = page.getByRole('row', {name: 'Restricted one'}).locator('.badge');
  assert.equal(await badge.textContent(), 'Active, 14 restricted');
  assert.match(await badge.getAttribute('class'), /\bcaution\b/);
  assert.equal(await badge.locator('.icon-caution').count(), 1, 'never colour alone');
  assert.equal(await page.getByRole('row', {name: kName}).locator('.badge.good').textContent(), 'Active');
  const printed = unbroken((await console_.cli('integration', 'show', 'Restricted one')).stdout);
  assert.ok(printed.includes('! active, 14 restricted'), printed);
  await page.getByRole('link', {name: 'Restricted one'}).click();
  await page.getByRole('heading', {level: 1, name: 'Restricted one'}).waitFor();
  await page.locator('.heading .badge.caution').getByText('Active, 14 restricted').waitFor();
  await page.getByText('with remarks: 14 restricted').waitFor();
  assert.deepEqual(await violations(page), []);

  await page.getByRole('button', {name: 'Check again'}).click();
  await page.getByRole('heading', {level: 1, name: 'It works, with remarks: 14 restricted'}).waitFor();
  assert.equal(await page.getByText('Everything is in order').count(), 0);

  await checkAll(page);
  await page.getByText('Checked 2 of 2: 1 active, 1 active with remarks.').waitFor();
  await page.getByRole('heading', {name: 'Work, with remarks (1)'}).waitFor();
  await page.getByRole('heading', {name: 'In order (1)'}).waitFor();
  assert.equal(await page.getByRole('heading', {name: /Need attention/}).count(), 0);
  const row = page.getByRole('table', {name: 'Integrations that work, with remarks'}).getByRole('row').filter({hasText: 'Restricted one'});
  await row.getByText('Active, 14 restricted').waitFor();
  await row.getByText('14 rights are granted only under conditions').waitFor();
  assert.match(await page.locator('section.verdict').getAttribute('class'), /\bcaution\b/);
  const told = unbroken((await console_.cli('integration', 'check', '--all')).stdout);
  for (const words of ['Work, with remarks (1)', 'In order (1)', 'Checked 2 of 2: 1 active, 1 active with remarks.']) {
    assert.ok(told.includes(words), told);
  }
  assert.deepEqual(await violations(page), []);
  await page.setViewportSize({width: 320, height: 640});
  assert.ok(!await scrollsSideways(page));
  await go(page, '/integrations', 'Integrations');
  assert.ok(!await scrollsSideways(page));
  assert.deepEqual(page.problems, []);
});

test('a check that could not be made leaves what was found, and says so beside it', async (t) => {
  const {console_, page, becomes} = await startChanging(t, {faults: [{fault: 'status', status: 429, headers: {'Retry-After': '3600'}}]});
  await add(page, kGood);
  becomes(1);
  await checkAll(page);
  await page.getByText('Checked 0 of 1: 1 could not be checked now.').waitFor();
  await page.getByRole('heading', {name: 'Could not be checked now (1) – try again later'}).waitFor();
  assert.equal(await page.getByText('Need attention').count(), 0);
  assert.match(await page.locator('section.verdict').getAttribute('class'), /\bcaution\b/);
  assert.deepEqual(await violations(page), []);
  const told = unbroken((await console_.cli('integration', 'check', '--all')).stdout);
  assert.ok(told.includes('Could not be checked now (1) – try again later'), told);

  await go(page, '/integrations', 'Integrations');
  const row = page.getByRole('row', {name: kName});
  assert.equal(await row.locator('.badge.good').textContent(), 'Active');
  assert.match(unbroken(await row.locator('.not-checked').textContent()), /^Could not be checked just now: Autotask was busy$/);
  assert.match(unbroken((await console_.cli('integration', 'list')).stdout),
      /Could not be checked at [\d-]+ [\d:]+ UTC: Autotask was busy\./);
  assert.deepEqual(await violations(page), []);
  await row.getByRole('link', {name: kName}).click();
  await page.getByText(/Could not be checked .*: Autotask was busy\. What was found before still stands/).waitFor();
  await page.getByRole('heading', {name: 'Permissions at the last check'}).waitFor();

  becomes(0);
  await page.getByRole('button', {name: 'Check again'}).click();
  await page.getByRole('heading', {name: 'Everything is in order'}).waitFor();
  await go(page, '/integrations', 'Integrations');
  await row.locator('.badge.good').waitFor();
  assert.equal(await row.locator('.not-checked').count(), 0);
  assert.deepEqual(page.problems, []);
});

test('rights that changed since saving are shown as a difference', async (t) => {
  const {console_, page, becomes} = await startChanging(t, {users: [user(kGood, {rights: kNoTickets})]});
  await add(page, kGood);
  becomes(1);
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('button', {name: 'Check again'}).click();
  await page.getByRole('heading', {name: 'The permissions are not sufficient'}).waitFor();
  const drift = page.getByRole('table', {name: 'Rights that changed since it was saved'}).getByRole('row', {name: 'Tickets – update'});
  await drift.getByText('less: not granted').waitFor();
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('heading', {level: 1, name: kName}).waitFor();
  await drift.getByText('less: not granted').waitFor();
  await page.getByText('Needs attention', {exact: true}).waitFor();
  assert.deepEqual(await violations(page), []);
  const printed = unbroken((await console_.cli('integration', 'show', kName)).stdout);
  assert.match(printed, /Changed since it was saved - Tickets – update granted, now not granted/);

  becomes(0);
  await page.getByRole('button', {name: 'Check again'}).click();
  await page.getByRole('heading', {name: 'Everything is in order'}).waitFor();
  assert.equal(await drift.count(), 0);
  await page.getByRole('link', {name: 'Open the integration'}).click();
  const history = page.getByRole('table', {name: 'History of checks'}).getByRole('row');
  await history.nth(3).waitFor();
  assert.deepEqual((await history.allTextContents()).slice(1).map((text) => /Accepted|Refused/.exec(text)[0]),
      ['Accepted', 'Refused', 'Accepted']);
});

test('refused credentials are tried again only by somebody who was told what that may cost', async (t) => {
  const {page, becomes, simulators} = await startChanging(t, {users: [user(kGood, {secret: 'Rotated%1'})]});
  await add(page, kGood);
  becomes(1);
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByRole('button', {name: 'Check again'}).click();
  await page.getByRole('heading', {name: 'The credentials were refused'}).waitFor();
  assert.equal(await page.getByRole('button', {name: 'Try again'}).count(), 0);
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByText('Needs sign in', {exact: true}).waitFor();
  assert.equal(await page.locator('main .button.primary').textContent(), 'Replace credentials', 'what helps comes first');
  assert.equal(await page.locator('main .actions > *').first().textContent(), 'Replace credentials');
  const before = (await simulators[1].requests()).length;
  await page.getByRole('button', {name: 'Check again'}).click();
  const dialog = page.getByRole('dialog', {name: 'Try the same credentials again?'});
  await dialog.waitFor();
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole('button', {name: 'Cancel'}).click();
  await dialog.waitFor({state: 'detached'});
  assert.equal((await simulators[1].requests()).length, before, 'nothing was sent');

  await page.getByRole('link', {name: 'Replace credentials'}).click();
  await page.getByLabel('Password', {exact: true}).fill('Rotated%1');
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {name: 'The changes are saved'}).waitFor();
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByText('Active', {exact: true}).waitFor();
});

test('a check of all that the store cut short is no success, however good the few were', async (t) => {
  const page = await open(t, await startConsole(t));
  const check = {id: 'ab', purpose: 'check_all', platform: '', name: '', integration: null,
    state: 'ended', started_at: '2026-01-01T00:00:00Z', elapsed_ms: 5,
    settings: {}, next: 1, headline: 'Checked 1 of 2: 1 active.', consequence: '',
    events: [{event: 'checked', integration: 1, name: 'One', platform: 'autotask', state: 'active',
      group: 'in_order', words: 'active', reason: '', tried: true, of: 2}],
    result: {error: {code: 'host.storage', summary: 'Not all integrations were checked. The disk is full.', remedy: 'Make room.'}}};
  await page.route('**/api/v1/checks/ab*', (route) => route.fulfill({json: check}));
  await go(page, '/checks/ab', 'Check of all integrations');
  await page.getByText('Not all integrations were checked.').waitFor();
  assert.match(await page.locator('section.verdict').getAttribute('class'), /\bbad\b/);
  assert.deepEqual(page.problems, []);
});

test('while all are checked, twenty that need somebody are listed, and the others counted', async (t) => {
  const page = await open(t, await startConsole(t));
  const shown = (count) => page.evaluate((length) => import('/screens/check_all.js').then(({ProgressOfAll}) => {
    const events = Array.from({length}, (_, index) => ({event: 'checked', integration: index + 1, name: `Customer ${index + 1}`,
      state: 'needs_attention', group: 'needs_somebody', words: 'needs attention', reason: 'A right is missing.', tried: true, of: 30}));
    const {list} = new ProgressOfAll({events});
    return [list.querySelectorAll('tbody tr').length, list.querySelector('.hint')?.textContent ?? null,
      list.querySelector('#how-far').textContent];
  }), count);
  assert.deepEqual(await shown(1), [1, null, '1 of 30 are done.']);
  assert.deepEqual(await shown(20), [20, null, '20 of 30 are done.']);
  assert.deepEqual(await shown(21), [20, 'And 1 more.', '21 of 30 are done.']);
  assert.deepEqual(await shown(0), [0, null, 'The first are under way.']);
});

test('a right that changed is less or more than it was, and one that was not asked before is measured by the whole', async (t) => {
  const page = await open(t, await startConsole(t));
  const words = (drift) => page.evaluate((all) => import('/report.js').then(({driftPanel}) =>
    [...driftPanel(all, []).querySelectorAll('tbody tr')].map((row) => [...row.cells].slice(1).map((cell) => cell.textContent))), drift);
  const change = (before, now) => ({permission: 'files.read', at_saving: before, now});
  assert.deepEqual(await words([change('all', 'none'), change('restricted', 'all'), change('none', 'restricted'),
    change('all', 'restricted'), change('all', 'unknown'), change(null, 'none'), change(null, 'all')]), [
    ['granted', 'less: not granted'], ['restricted', 'more: granted'], ['not granted', 'more: restricted'],
    ['granted', 'less: restricted'], ['granted', 'less: not verified'],
    ['not asked', 'less: not granted'], ['not asked', 'more: granted']]);
});
