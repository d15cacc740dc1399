// A check belongs to the console: pages come and go.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {addIntegration, answerOf, closeBrowser, fill, go, kGood, kNoTicketEditing, open, scrollsSideways, startConsole,
  startRelay, startSimulator, stopClock, until, violations} from './support.js';

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
  const relay = await startRelay(t, simulator);
  const page = await open(t, await startConsole(t, {simulator: relay}));
  await startCheck(page);
  await page.getByRole('listitem').filter({hasText: 'Validate credentials'}).getByText('running').waitFor();
  const time = page.locator('.elapsed');
  const first = await time.textContent();
  await until(async () => await time.textContent() !== first);
  await until(async () => (await simulator.requests()).length === 1);
  assert.equal(relay.connections.length, 1);

  const cancelled = page.waitForResponse((response) => response.request().method() === 'DELETE');
  const begin = performance.now();
  await page.getByRole('button', {name: 'Cancel'}).click();
  await relay.connections[0].ended;
  t.diagnostic(`${Math.round(performance.now() - begin)} ms from the click to the end of the connection`);
  const {result} = await (await cancelled).json();
  assert.equal(result.outcome, 'cancelled');
  await page.getByRole('heading', {name: 'The check was cancelled'}).waitFor();
  assert.equal(await page.locator('.finding').count(), 0, 'nothing failed');
  assert.equal(await page.locator('.step.failed').count(), 0);
  assert.equal(await page.locator('.step.cancelled').count(), 1);
  await page.getByText('Nothing was saved').waitFor();
  assert.equal(relay.connections.length, 1, 'nothing is tried again');
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
  await page.getByRole('link', {name: 'Change the settings'}).click();
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

test('the list follows what is being checked', async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t, kSilent)});
  const first = await open(t, console_);
  await startCheck(first);
  const second = await open(t, console_);
  await second.getByText('Being checked now').waitFor();
  await second.getByRole('link', {name: 'Add integration'}).focus();
  await first.getByRole('button', {name: 'Cancel'}).click();
  await second.getByText('Being checked now').waitFor({state: 'detached'});
  assert.equal(await second.evaluate(() => document.activeElement.textContent), 'Add integration', 'the focus stays where it was');
});

test('a console that was started again says so, and its new link leads on', async (t) => {
  const simulator = await startSimulator(t, kSilent);
  const console_ = await startConsole(t, {simulator});
  const page = await open(t, console_);
  await startCheck(page);
  await until(async () => (await simulator.requests()).length === 1);
  const {hash} = new URL(page.url());
  assert.equal(await console_.stop(), 0, 'Ctrl-C ends it cleanly, checks included');
  await page.getByRole('heading', {name: 'The console does not answer'}).waitFor();
  await console_.serve();
  await page.goto(await console_.link());
  await page.getByRole('heading', {name: 'Integrations', exact: true}).waitFor();
  await page.evaluate((to) => { location.hash = to; }, hash);
  await page.getByText('This report is no longer kept').waitFor();
  await addIntegration(page, kGood, 'The integration is saved');
});

test('a page whose console does not answer goes on by itself once it does', async (t) => {
  const page = await open(t, await startConsole(t));
  await page.clock.install();
  await page.route('**/api/v1/plugins', (route) => route.abort(), {times: 1});
  await page.evaluate(() => { location.hash = '/plugins'; });
  await page.getByRole('heading', {name: 'The console does not answer'}).waitFor();
  await page.clock.runFor(3000);
  await page.getByRole('heading', {level: 1, name: 'Plugins'}).waitFor();
});

test('of two people who edit one integration at once, the second is told and can look first', async (t) => {
  const relay = await startRelay(t, await startSimulator(t));
  relay.options.push('--connect-timeout', '100', '--step-timeout', '100');
  const console_ = await startConsole(t, {simulator: relay});
  const first = await open(t, console_);
  const second = await open(t, console_);
  await addIntegration(first, kGood, 'The integration is saved');
  const rename = async (page, name) => {
    await go(page, '/integrations/1/edit', /^Edit integration/);
    await page.getByLabel('Integration name').fill(name);
    await page.getByLabel('Password', {exact: true}).fill(kGood.secret);
    await page.getByRole('button', {name: 'Proceed'}).click();
  };
  relay.holding = true;
  await rename(second, 'Theirs');
  const held = await until(() => relay.connections.find((connection) => connection.held));
  relay.holding = false;
  await rename(first, 'Ours');
  await first.getByRole('heading', {name: 'The changes are saved'}).waitFor();
  held.release();

  await second.getByRole('heading', {name: 'Somebody else changed the integration meanwhile'}).waitFor();
  await second.getByText('Nothing was changed: the settings saved before stay in use.').waitFor();
  await second.getByText('Look at it again, then repeat the edit.').waitFor();
  assert.equal(await second.getByRole('button', {name: 'Try again'}).count(), 0, 'nobody overwrites unseen what somebody else did');
  await second.getByRole('link', {name: 'Open the integration'}).click();
  await second.getByRole('heading', {level: 1, name: 'Ours'}).waitFor();
});

test('an addition that was refused after its page was closed stays on the list until it is dismissed', async (t) => {
  const relay = await startRelay(t, await startSimulator(t));
  relay.holding = true;
  const page = await open(t, await startConsole(t, {simulator: relay}));
  const base = new URL(page.url()).origin;
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel('Integration name').fill('Slow three');
  await fill(page, kNoTicketEditing);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {name: 'Checking the settings'}).waitFor();
  const second = await page.context().newPage();
  await page.close();
  await second.goto(base);
  await second.getByText('Being checked now').waitFor();
  relay.holding = false;
  for (const connection of relay.connections) connection.release();
  await second.getByText('Slow three was not saved: The permissions are not sufficient.').waitFor();
  assert.deepEqual(await violations(second), []);
  await second.getByRole('link', {name: 'Show the report on Slow three'}).click();
  await second.getByRole('heading', {name: 'The permissions are not sufficient'}).waitFor();
  await go(second, '/integrations', 'Integrations');
  await second.getByRole('button', {name: 'Dismiss the report on Slow three'}).click();
  await second.getByText('was not saved').waitFor({state: 'detached'});
  await second.reload();
  await second.getByRole('heading', {name: 'No integration yet'}).waitFor();
  assert.equal(await second.getByText('was not saved').count(), 0);
  // One whose end is seen leaves no line.
  await addIntegration(second, kNoTicketEditing, 'The permissions are not sufficient');
  await go(second, '/integrations', 'Integrations');
  await second.getByRole('heading', {name: 'No integration yet'}).waitFor();
  assert.equal(await second.getByText('was not saved').count(), 0);
});

test('a time to wait is told in minutes or hours where it is long, as the command line does', async (t) => {
  const busy = {faults: [{fault: 'status', status: 429, headers: {'Retry-After': '7201'}}]};
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t, busy)}));
  await addIntegration(page, kGood, 'The platform asks to wait');
  await page.getByText('· try again in 3 hours').waitFor();
  const words = await page.evaluate(() => import('/dom.js').then(({waitingTime}) => [1, 120, 121, 7200].map(waitingTime)));
  assert.deepEqual(words, ['1 second', '120 seconds', '3 minutes', '120 minutes']);
});

test('a check that had ended before its page looked leaves no line on the list', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await page.route(/\/checks\/[0-9a-f]+$/, async (route) => {
    const ended = await until(async () => {
      const response = await route.fetch();
      return (await response.json()).state === 'ended' && response;
    });
    await route.fulfill({response: ended});
  });
  await addIntegration(page, kNoTicketEditing, 'The permissions are not sufficient');
  await go(page, '/integrations', 'Integrations');
  await page.getByRole('heading', {name: 'No integration yet'}).waitFor();
  assert.equal(await page.getByText('was not saved').count(), 0);
});

test('each event of a check is asked for once', async (t) => {
  const relay = await startRelay(t, await startSimulator(t));
  relay.holding = true; // so that the page is there before the check has ended
  const page = await open(t, await startConsole(t, {simulator: relay}));
  const polls = [];
  page.on('response', (response) => {
    const from = new URL(response.url()).searchParams.get('after');
    if (from !== null) polls.push(response.json().then(({events}) => ({from: Number(from), events: events.length})));
  });
  await startCheck(page);
  await until(() => polls.length > 0 && relay.connections.length > 0);
  relay.holding = false;
  for (const connection of relay.connections) connection.release();
  await page.getByRole('heading', {name: 'The integration is saved'}).waitFor();
  const seen = await Promise.all(polls);
  for (const [index, {from, events}] of seen.slice(0, -1).entries()) assert.equal(seen[index + 1].from, from + events);
});

test('the end of a check does not disturb who types somewhere else by then', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t, kSilent)}));
  const kPoll = /\/checks\/[0-9a-f]+\?after=/;
  let leave;
  const left = new Promise((resolve) => { leave = resolve; });
  const answered = new Promise((resolve) => {
    page.route(kPoll, async (route) => {
      await left;
      await route.fulfill({json: {state: 'ended', events: [], next: 9}});
      resolve();
    });
  });
  const asked = page.waitForRequest(kPoll);
  await startCheck(page);
  await asked;
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kNoTicketEditing);
  const sent = [];
  page.on('request', (request) => { if (request.method() === 'POST') sent.push(request.url()); });
  leave();
  await answered;
  for (let times = 0; times < 3; ++times) await answerOf(page, 'checks');
  assert.deepEqual(sent, [], 'nobody saw the end');
  assert.equal(await page.getByLabel('User name').inputValue(), kNoTicketEditing.user);
  assert.equal(await page.getByLabel('Password', {exact: true}).inputValue(), kNoTicketEditing.secret);
  assert.deepEqual(page.problems, []);
});

test('times are told in the largest unit that fits, at its limits, too', async (t) => {
  const page = await open(t, await startConsole(t));
  await page.clock.setFixedTime(new Date('2026-03-10T12:00:00Z'));
  const ages = [0, 44, 45, 90, 91, 3599, 3600, 86399, 86400];
  const told = await page.evaluate((seconds) => import('/dom.js').then(({when}) => seconds.map(
      (age) => when(new Date(Date.now() - age * 1000).toISOString()).textContent)), ages);
  assert.deepEqual(told.slice(0, -1),
      ['just now', 'just now', '1 minute ago', '1 minute ago', '2 minutes ago', '60 minutes ago', '1 hour ago', '24 hours ago']);
  assert.match(told.at(-1), /^9 Mar 2026, /);
  const lengths = [0, 999, 999.6, 1000, 59_940, 59_999, 60_000, 119_999, 120_000];
  assert.deepEqual(await page.evaluate((all) => import('/dom.js').then(({duration}) => all.map(duration)), lengths),
      ['0 ms', '999 ms', '1.0 s', '1.0 s', '59.9 s', '1 min 0 s', '1 min 0 s', '2 min 0 s', '2 min 0 s']);
});

test('a console that answers a poll at once is asked again after a pause, and no longer than the screen is shown', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t, kSilent)}));
  await stopClock(page);
  let polls = 0;
  await page.route(/\/checks\/[0-9a-f]+\?after=/, (route) => {
    ++polls;
    return route.fulfill({json: {state: 'running', events: [], next: 4}});
  });
  await startCheck(page);
  await until(() => polls === 1);
  await answerOf(page, 'checks');
  assert.equal(polls, 1, 'not at once again');
  await page.clock.runFor(310);
  await until(() => polls === 2);
  await go(page, '/plugins', 'Plugins');
  await page.clock.runFor(1000);
  await answerOf(page, 'checks');
  assert.equal(polls, 2, 'nobody looks any more');
});

test('the list is looked at again only while something is being checked', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t, kSilent)}));
  await stopClock(page);
  const looks = [];
  page.on('request', (request) => { if (request.url().endsWith('/api/v1/integrations')) looks.push(request); });
  await go(page, '/plugins', 'Plugins');
  await go(page, '/integrations', 'Integrations');
  assert.equal(looks.length, 1);
  await page.clock.runFor(10_000);
  await answerOf(page, 'checks');
  assert.equal(looks.length, 1, 'nothing is being checked');
  await startCheck(page);
  await go(page, '/integrations', 'Integrations');
  const before = looks.length;
  const again = page.waitForResponse('**/api/v1/integrations');
  await page.clock.runFor(2010);
  await again;
  assert.ok(looks.length > before);
});

test('each step is said to assistive technology, and what a plugin is about stands beside its step', async (t) => {
  const page = await open(t, await startConsole(t));
  const check = {id: 'ab', purpose: 'add', name: 'Ours', state: 'running', elapsed_ms: 5, events: [], next: 0};
  const events = [{event: 'step_started', step: 'settings'}, {event: 'step_ended', step: 'settings', status: 'passed', ms: 3},
    {event: 'step_started', step: 'validate_credentials'},
    {event: 'progress', step: 'validate_credentials', sentence: 'Asking for the <b>zone</b>.'}];
  await page.route(/\/checks\/ab/, (route) => {
    const from = new URL(route.request().url()).searchParams.get('after');
    if (from === '0') return route.fulfill({json: {events, state: 'running', next: 4}});
    return from === null ? route.fulfill({json: check}) : undefined;  // what comes after is never answered
  });
  await page.evaluate(() => {
    window.said = [];
    const live = document.getElementById('live');
    new MutationObserver((changes) => { for (const {addedNodes: [text]} of changes) window.said.push(text?.data); })
        .observe(live, {childList: true});
  });
  await go(page, '/checks/ab', /^Checking the settings/);
  const running = page.locator('.step.running');
  await running.getByText('Asking for the <b>zone</b>.', {exact: true}).waitFor();
  assert.equal(await running.locator('.step-name').textContent(), 'Validate credentials');
  assert.deepEqual((await page.evaluate(() => window.said)).filter(Boolean),
      ['Settings: running', 'Settings: passed', 'Validate credentials: running']);
});

test('what was only to be checked is no loss when its page is closed', async (t) => {
  const page = await open(t, await startConsole(t));
  const check = (more) => ({id: 'ab', purpose: 'add', platform: 'autotask', name: 'Ours', state: 'ended', saved: false, dismissed: false,
    headline: 'The credentials were refused', ...more});
  for (const [more, lines] of [[{}, 1], [{purpose: 'try_out'}, 0], [{purpose: 'edit'}, 0], [{purpose: 'check'}, 0], [{saved: true}, 0],
    [{dismissed: true}, 0], [{name: ''}, 1]]) {
    await page.route('**/api/v1/checks', (route) => route.fulfill({json: {checks: [check(more)]}}));
    await go(page, '/plugins', 'Plugins');
    await go(page, '/integrations', 'Integrations');
    const lost = page.getByText(/was not saved: The credentials were refused\./);
    assert.equal(await lost.count(), lines, JSON.stringify(more));
    if (more.name === '') assert.match(await lost.textContent(), /^Integration with Autotask was not saved/);
    await page.unrouteAll();
  }
});

test('a report unfolds each request that was sent, without a value', async (t) => {
  const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}));
  await addIntegration(page, kGood, 'The integration is saved');
  const requests = page.locator('details.requests');
  await requests.getByText('Requests (2)').click();
  const rows = requests.getByRole('row');
  assert.equal(await rows.count(), 3, 'the heads and two requests');
  const first = await rows.nth(1).innerText();
  for (const part of ['Validate credentials', 'GET', 'webservices.autotask.net/atservicesrest/v1.0/zoneInformation', '200', 'ms']) {
    assert.ok(first.includes(part), `${part} is not in ${first}`);
  }
  assert.ok(!(await requests.innerText()).includes('user='), 'no query');
  assert.deepEqual(await violations(page), []);
  await page.setViewportSize({width: 320, height: 800});
  assert.equal(await scrollsSideways(page), false);
});
