// The page and the command line are one product: the same commands, documents, words and sentences.
import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, test} from 'node:test';
import {answerOf, addIntegration, closeBrowser, go, kGood, kNoTicketEditing, open, startConsole, startSimulator} from './support.js';

after(closeBrowser);

const unbroken = (text) => text.replace(/\s+/g, ' ').trim();
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// Adds on the command line what the page adds in a form; the secret goes by a file, as a person would do it.
async function addByCommand(console_, {user, secret}, ...options) {
  const file = path.join(console_.directory, 'secret');
  await writeFile(file, secret, {mode: 0o600});
  return console_.cli('integration', 'add', '--platform', 'autotask', '--set', `user_name=${user}`,
      '--secret', `password=@file:${file}`, ...options);
}

const button = (name) => ({role: 'button', name});
const link = (name) => ({role: 'link', name});
const kPlaces = {
  serve: {why: 'It is the page.'},
  completion: {why: 'It is for a shell.'},
  man: {why: 'It is the manual of the command line.'},
  secrets: {why: 'The keys belong to whoever runs the machine and its backups, not to everybody who may use the page.'},
  'plugin list': {at: '/plugins', see: {role: 'heading', name: 'Autotask'}},
  'plugin show': {at: '/plugins', see: {text: 'webservices*.autotask.net'}},
  'plugin enable': {at: '/plugins', see: button('Enable')},
  'plugin disable': {at: '/plugins', see: button('Disable')},
  'plugin isolation': {at: '/plugins', see: button('Run in the console’s process')},
  'plugin release': {why: 'It is there when a plugin is in quarantine, which plugins.test.js sees to.'},
  'platform requirements': {at: '/plugins', see: link('Requirements')},
  'integration add': {at: '/integrations', see: link('Add integration')},
  'integration list': {at: '/integrations', see: {role: 'table', name: 'Integrations'}},
  'integration show': {at: '/integrations', see: link('Integration with Autotask')},
  'integration check': {at: '/integrations/1', see: button('Check again')},
  'integration edit': {at: '/integrations/1', see: link('Edit')},
  'integration enable': {at: '/integrations/1', see: button('Enable'), first: ['integration', 'disable', 'Integration with Autotask']},
  'integration disable': {at: '/integrations/1', see: button('Disable'), first: ['integration', 'enable', 'Integration with Autotask']},
  'integration sign-in': {why: 'It is there where a person signs in with a browser, which sign_in.test.js sees to.'},
  'integration request': {
    why: 'It sends what it is told with all that the integration may do, changes too. '
      + 'Whoever got hold of a browser\'s session could do as much.',
  },
  'integration remove': {at: '/integrations/1', see: button('Remove')},
};

test('every command has its place on the page', async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t), plugins: ['autotask', 'kaseya_vsa'], enabled: ['autotask']});
  assert.equal((await addByCommand(console_, kGood)).code, undefined);
  const page = await open(t, console_);
  const subcommands = async (...group) => {
    const {stdout} = await console_.cli(...group, '--help');
    return [...stdout.split('Subcommands:')[1].split('Example:')[0].matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name);
  };
  for (const group of await subcommands()) {
    if (kPlaces[group]) continue;
    for (const command of (await subcommands(group)).map((name) => `${group} ${name}`)) {
      const place = kPlaces[command];
      assert.ok(place, `"${command}" has no place on the page, and nothing says why`);
      if (place.why) continue;
      if (place.first) assert.equal((await console_.cli(...place.first)).code, undefined);
      await page.evaluate((to) => { location.hash = to; }, `#${place.at}?for=${command.replace(' ', '-')}`);
      const {role, name, text} = place.see;
      await (text ? page.getByText(text) : page.getByRole(role, {name, exact: true})).first().waitFor();
    }
  }
});

test('both give out the same documents', async (t) => {
  const simulator = await startSimulator(t);
  const console_ = await startConsole(t, {simulator, plugins: ['autotask', 'kaseya_vsa'], enabled: ['autotask']});
  await writeFile(path.join(console_.pluginDirectory, 'text.so'), 'hello', {mode: 0o600});
  const page = await open(t, console_);
  await addIntegration(page, kGood, 'The integration is saved');
  const {stdout: checked} = await console_.cli('integration', 'check', 'Integration with Autotask', '--trace', '--json');
  for (const [command, address] of [
    [['plugin', 'list'], 'plugins'], [['plugin', 'show', 'kaseya_vsa'], 'plugins/kaseya_vsa'],
    [['integration', 'list'], 'integrations'], [['integration', 'show', 'Integration with Autotask'], 'integrations/1'],
  ]) {
    const {stdout} = await console_.cli(...command, '--json');
    const answer = await answerOf(page, address);
    assert.equal(answer, stdout, command.join(' '));
  }
  // Two checks of the same: all but what is another each time.
  await go(page, '/integrations/1', 'Integration with Autotask');
  const ended = page.waitForResponse(async (response) => /\/checks\/\w+/.test(response.url()) && (await response.json()).state === 'ended');
  await page.getByRole('button', {name: 'Check again'}).click();
  const {result} = await (await ended).json();
  const timeless = (list) => list.map((one) => ({...one, ms: 0}));
  const same = (document) => JSON.stringify(
      {...document, correlation_id: '', steps: timeless(document.steps), requests: timeless(document.requests)});
  assert.equal(same(result), same(JSON.parse(checked)));
  // A problem, too.
  const {stdout} = await console_.cli('plugin', 'show', 'nothing', '--json');
  assert.equal(await answerOf(page, 'plugins/nothing'), stdout);
});

// What the page shows of a check must stand in what the command line printed.
async function compareCheck(page, printed, what) {
  const shown = await page.evaluate(() => {
    const texts = (selector, within = document) => [...within.querySelectorAll(selector)].map((element) => element.textContent);
    return {
      headline: texts('.verdict h1')[0], consequence: texts('.verdict .lead')[0],
      steps: [...document.querySelectorAll('.step')].map((step) => [texts('.step-name', step)[0], texts('.step-state', step)[0]]),
      grants: [...document.querySelectorAll('.grant')].map((grant) =>
        [texts('.badge', grant)[0], texts('.right', grant)[0], texts('.need', grant)[0], texts('.used-for', grant)[0]]),
      remedies: texts('.grant.bad .remedy bdi'),
      findings: [...document.querySelectorAll('.finding')].flatMap((finding) =>
        [...texts('.summary a, .summary bdi', finding), ...texts('.remedy', finding), ...texts('code', finding)]),
      facts: [...document.querySelectorAll('.facts dt')].map((term) => term.textContent),
    };
  });
  const has = (text) => assert.ok(printed.includes(unbroken(text)), `${what}: "${text}" is not in: ${printed}`);
  has(`${shown.headline}. ${shown.consequence}`);
  assert.equal(shown.steps.length, 4);
  for (const [step, state] of shown.steps) has(`${step} ${state}`);
  for (const [word, right, need, use] of shown.grants) {
    has(`${word.toLowerCase()}: ${right} (${need})`);
    for (const part of use.split(' ')) has(part);
  }
  for (const text of [...shown.remedies, ...shown.findings, ...shown.facts]) has(text);
  return shown;
}

const kCases = {
  'a missing permission': {as: kNoTicketEditing, grants: 14},
  'refused credentials': {as: {...kGood, secret: 'Not-the-one'}, findings: 3},
  'restricted permissions': {as: {user: 'restricted@msp.example', secret: 'Throw$away#3'}, only: true, grants: 14},
  'a used name': {as: kGood, before: kGood, name: 'Integration with Autotask', findings: 3},
  'a connected account': {as: kGood, before: kGood, name: 'Another', findings: 3},
  'no answer': {as: kGood, scenario: {faults: [{fault: 'reset'}]}, findings: 3},
  'another document': {as: kGood, scenario: {faults: [{fault: 'html'}]}, findings: 3},
};
for (const [what, {as, before, name, only, scenario, grants = 0, findings = 0}] of Object.entries(kCases)) {
  test(`both say the same of ${what}`, async (t) => {
    const console_ = await startConsole(t, {simulator: await startSimulator(t, scenario)});
    if (before) assert.equal((await addByCommand(console_, before)).code, undefined);
    const printed = unbroken((await addByCommand(console_, as, ...(name ? ['--name', name] : []), ...(only ? ['--no-save'] : []),
        '--verbose')).stdout);
    const page = await open(t, console_);
    await go(page, '/integrations/add', 'Integration settings');
    if (name) await page.getByLabel('Integration name').fill(name);
    await page.getByLabel('User name').fill(as.user);
    await page.getByLabel('Password', {exact: true}).fill(as.secret);
    await page.getByRole('button', {name: only ? 'Check only' : 'Proceed'}).click();
    await page.locator('.verdict').waitFor();
    const shown = await compareCheck(page, printed, what);
    assert.equal(shown.grants.length >= grants, true, 'the permissions are shown');
    assert.equal(shown.findings.length >= findings, true, 'the finding is shown');
  });
}

test('both say the same of a plugin that is not enabled', async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t)});
  assert.equal((await addByCommand(console_, kGood)).code, undefined);
  const page = await open(t, console_);
  await go(page, '/integrations/1', 'Integration with Autotask');
  await page.getByRole('button', {name: 'Check again'}).waitFor();
  assert.equal((await console_.cli('plugin', 'disable', 'autotask')).code, undefined);
  await page.getByRole('button', {name: 'Check again'}).click();
  await page.getByRole('heading', {name: 'The plugin cannot be used'}).waitFor();
  const printed = unbroken((await console_.cli('integration', 'check', 'Integration with Autotask')).stdout);
  await compareCheck(page, printed, 'a disabled plugin');
  assert.match(printed, /Command: msp-console plugin enable autotask/, 'the command line names its command');
  assert.equal(await page.getByText('msp-console').count(), 0, 'the page does not send anybody to the command line');
  await page.getByRole('link', {name: 'Go to the plugins'}).waitFor();
});

test('both name states, reasons and remedies alike', async (t) => {
  const console_ = await startConsole(t, {simulator: await startSimulator(t), plugins: ['autotask', 'kaseya_vsa'], enabled: ['autotask']});
  assert.equal((await addByCommand(console_, kGood)).code, undefined);
  await writeFile(path.join(console_.pluginDirectory, 'text.so'), 'hello', {mode: 0o600});
  const page = await open(t, console_);
  const compare = async (command, address, heading, rows) => {
    const {stdout: json} = await console_.cli(...command, '--json');
    const printed = unbroken((await console_.cli(...command)).stdout);
    await go(page, address, heading);
    for (const {state, reason, remedy} of Object.values(JSON.parse(json)).find(Array.isArray)) {
      const word = state.replaceAll('_', ' ');
      assert.ok(printed.includes(word), word);
      await page.locator(rows).filter({hasText: capital(word)}).first().waitFor();
      if (!reason) continue;
      for (const text of [reason, remedy]) {
        if (command[0] === 'plugin') assert.ok(printed.includes(unbroken(text)), `${text} in ${printed}`);
        if (command[0] === 'plugin' || text === reason) await page.getByText(text).waitFor();
      }
    }
  };
  await compare(['plugin', 'list'], '/plugins', 'Plugins', '.badge');
  await compare(['integration', 'list'], '/integrations', 'Integrations', '.badge');
  assert.equal((await console_.cli('plugin', 'disable', 'autotask')).code, undefined);
  await go(page, '/plugins', 'Plugins');
  await compare(['integration', 'list'], '/integrations', 'Integrations', '.badge');
  const {reason, remedy} = JSON.parse((await console_.cli('integration', 'show', 'Integration with Autotask', '--json')).stdout);
  const printed = unbroken((await console_.cli('integration', 'show', 'Integration with Autotask')).stdout);
  await go(page, '/integrations/1', 'Integration with Autotask');
  for (const text of [reason, remedy]) {
    assert.ok(printed.includes(text), `${text} in ${printed}`);
    await page.getByText(text).waitFor();
  }
});

test('the sheet for the administrator says what the command line says', async (t) => {
  const console_ = await startConsole(t, {plugins: ['autotask', 'kaseya_vsa']});
  const page = await open(t, console_);
  for (const id of ['autotask', 'kaseya_vsa']) {
    // Without the signs of Markdown on one side and those of typography on the other.
    const plain = (text) => unbroken(text.replace(/[\\`*|"“”]/g, ' ')).replace(/ (?=[:.,)])/g, '');
    const printed = plain((await console_.cli('platform', 'requirements', id)).stdout);
    await go(page, `/plugins/${id}/requirements`, id === 'autotask' ? /Autotask needs/ : /Kaseya VSA needs/);
    const parts = await page.evaluate(() =>
      [...document.querySelectorAll('.sheet h1, .sheet h2, .sheet li, .sheet td bdi, .sheet tbody th')]
          .map((element) => {
            const copy = element.cloneNode(true);
            for (const outside of copy.querySelectorAll('.outside')) outside.remove();
            return copy.textContent;
          }));
    assert.ok(parts.length > 15);
    for (const part of parts) assert.ok(printed.includes(plain(part)), `"${plain(part)}" is not in: ${printed}`);
  }
});
