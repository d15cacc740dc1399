// Consoles, simulated platforms and browsers for the tests. Everything ends with the test that started it.
import {execFile, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {promisify} from 'node:util';
import {chromium} from 'playwright-core';

const kAxe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export const kGood = {user: 'api+console@msp.example', secret: 'Throw$away#1'};
export const kNoTicketEditing = {user: 'no-ticket-editing@msp.example', secret: 'Throw$away#2'};
export const kCode = 'THROWAWAYTRACKINGIDENTIFIER';
export const kSecrets = [kGood.secret, kNoTicketEditing.secret, kCode];

// Looks until the condition holds.
export async function until(condition) {
  for (const end = Date.now() + 60_000; ;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`After a minute it still does not hold: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// A fresh directory, gone after the test.
async function scratch(test) {
  const directory = await mkdtemp(path.join(tmpdir(), 'msp-browser-'));
  test.after(() => rm(directory, {recursive: true, force: true}));
  return directory;
}

function start(test, program, parameters, environment) {
  const child = spawn(program, parameters, {env: {...process.env, ...environment}, stdio: ['pipe', 'pipe', 'pipe']});
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  let errors = '';
  child.stderr.on('data', (text) => { errors += text; });
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  test.after(stop);
  return {child, ended, stop, errors: () => errors};
}

export async function startSimulator(test, scenario, platform = 'autotask') {
  const directory = await scratch(test);
  const ready = path.join(directory, 'ready.json');
  const journal = path.join(directory, 'journal');
  const parameters = [platform, '--ready-file', ready, '--journal', journal, '--until-stdin-closes'];
  if (scenario) {
    await writeFile(path.join(directory, 'scenario.json'), JSON.stringify(scenario));
    parameters.push('--scenario', path.join(directory, 'scenario.json'));
  }
  const program = start(test, process.env.MSP_SIM_PROGRAM, parameters);
  program.ended.then((code) => { if (code) console.error(program.errors()); });
  program.child.stdout.resume();
  const read = (file) => readFile(file, 'utf8').catch(() => '');
  const options = JSON.parse(await until(() => read(ready))).console_options;
  return {options, requests: async () => (await read(journal)).split('\n').filter(Boolean)};
}

// A platform of the test's own at one host: `answer({method, url, headers, body})` gives {status, body} to be sent as JSON.
export async function startPlatform(test, host, answer) {
  const directory = await scratch(test);
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(directory, name));
  await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=A platform of a test', '-addext', `subjectAltName=DNS:${host}`]);
  const server = https.createServer({key: await readFile(key), cert: await readFile(cert)}, async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const {status = 200, body: content} = answer({method: request.method, url: request.url, headers: request.headers, body});
    response.writeHead(status, {'Content-Type': 'application/json'}).end(JSON.stringify(content ?? {}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {options: ['--cacert', cert, '--connect-to', `${host}:443:127.0.0.1:${server.address().port}`]};
}

// Stands between a console and a simulated platform: holds back what the console sends while `holding`
// (on these connections until they are released), and tells when the console ends a connection.
// Of several simulators it leads to the first, until it is told to lead `to` another: so a platform changes over time.
export async function startRelay(test, ...simulators) {
  const portOf = ({options}) => Number(options.find((option) => /:\d+$/.test(option)).split(':').at(-1));
  const authorityOf = ({options}) => options[options.indexOf('--cacert') + 1];
  const relay = {connections: [], holding: false};
  let port = portOf(simulators[0]);
  const server = net.createServer((client) => {
    const platform = net.connect(port, '127.0.0.1');
    const connection = {held: false, end: () => client.destroy(), ended: new Promise((resolve) => client.once('close', resolve))};
    relay.connections.push(connection);
    const kept = [];
    client.on('data', (bytes) => {
      connection.held ||= relay.holding;
      if (connection.held) kept.push(bytes);
      else platform.write(bytes);
    });
    connection.release = () => {
      connection.held = false;
      for (const bytes of kept.splice(0)) platform.write(bytes);
    };
    for (const socket of [client, platform]) socket.on('error', () => {});
    client.once('close', () => platform.destroy());
    platform.once('close', () => client.destroy());
    platform.pipe(client);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => server.close());
  const authorities = path.join(await scratch(test), 'authorities.pem');
  await writeFile(authorities, (await Promise.all(simulators.map((each) => readFile(authorityOf(each), 'utf8')))).join('\n'));
  relay.options = simulators[0].options.map((option) => option === authorityOf(simulators[0]) ? authorities
      : option.replace(new RegExp(`:${port}$`), `:${server.address().port}`));
  relay.to = (simulator) => {
    port = portOf(simulator);
    for (const connection of relay.connections) connection.end();
  };
  return relay;
}

// One console with plugin and data directories of its own. `preset`: whether it supplies the tracking identifier; `serve`:
// options of its page.
export async function startConsole(test, {simulator, plugins = ['autotask'], enabled = plugins, preset = true, serve = []} = {}) {
  const directory = await scratch(test);
  const pluginDirectory = path.join(directory, 'plugins');
  await mkdir(pluginDirectory, {mode: 0o700});
  const options = ['--plugin-dir', pluginDirectory, '--data-dir', path.join(directory, 'data'), ...(simulator?.options ?? []),
    ...(preset ? ['--preset', 'autotask.integration_code=@env:THE_CODE'] : [])];
  const environment = {THE_CODE: kCode, LC_ALL: 'C.UTF-8'};
  const cli = async (...parameters) => {
    try {
      return await promisify(execFile)(process.env.MSP_CONSOLE_PROGRAM, [...parameters, ...options],
          {env: {...process.env, ...environment}});
    } catch (error) {
      return {code: error.code, stdout: error.stdout, stderr: error.stderr};
    }
  };
  // Dropped as a person does it: under another name first, so that no half a file is seen.
  const drop = async (name, as = name) => {
    const {MSP_PLUGIN_DIRECTORY, MSP_TEST_PLUGIN_DIRECTORY, MSP_FAMILY_DIRECTORY} = process.env;
    const from = ['autotask', 'kaseya_vsa'].includes(name) ? [MSP_PLUGIN_DIRECTORY] : [MSP_TEST_PLUGIN_DIRECTORY, MSP_FAMILY_DIRECTORY];
    const part = path.join(directory, `${as}.part`);
    await copyFile(from.map((each) => path.join(each, `${name}.so`)).find(existsSync), part);
    await chmod(part, 0o600);
    await promisify(execFile)('mv', [part, path.join(pluginDirectory, `${as}.so`)]);
  };
  for (const name of plugins) await drop(name);
  for (const name of enabled) {
    const {code, stderr} = await cli('plugin', 'enable', name, '--yes');
    if (code) throw new Error(stderr);
  }
  const console_ = {cli, drop, pluginDirectory, directory};
  console_.serve = (...parameters) => {
    const listen = parameters.length > 0 ? parameters : ['--listen', '127.0.0.1:0'];
    const program = start(test, process.env.MSP_CONSOLE_PROGRAM, ['serve', ...listen, '--json', ...options], environment);
    const links = createInterface({input: program.child.stdout})[Symbol.asyncIterator]();
    console_.stop = program.stop;
    console_.link = async () => {
      const {value, done} = await links.next();
      if (done) throw new Error(`msp-console serve ended: ${program.errors()}`);
      return JSON.parse(value).url;
    };
    return console_;
  };
  return console_.serve(...(serve.length > 0 ? ['--listen', '127.0.0.1:0', ...serve] : []));
}

const launch = (...parameters) => chromium.launch({
  executablePath: process.env.MSP_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', ...parameters],
});

let running;

// `at`: a simulator whose hosts this browser visits, too; it has a browser of its own then, which trusts everybody.
export async function newPage(test, {at, ...options} = {}) {
  const own = at && launch(`--host-resolver-rules=${at.options.filter((option) => /:\d+$/.test(option))
      .map((option) => option.replace(/^(.*):(.*):(.*):(.*)$/, 'MAP $1:$2 $3:$4')).join(', ')}`);
  if (own) test.after(async () => (await own).close());
  else running ??= launch();
  const browser = await (own ?? running);
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ignoreHTTPSErrors: Boolean(own), ...options});
  test.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  page.problems = [];
  page.answers = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  page.on('console', (message) => {
    // The browser tells of each refused request; the tests look at those themselves.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) page.problems.push(message.text());
  });
  page.on('response', (response) => page.answers.push(response));
  return page;
}

export async function closeBrowser() {
  if (running) await (await running).close();
}

// Opens the console in a browser of its own.
export async function open(test, console_, options) {
  const page = await newPage(test, options);
  await page.goto(await console_.link());
  await page.getByRole('heading', {level: 1}).waitFor();
  return page;
}

// From now on the page's time passes only as `page.clock` says.
export async function stopClock(page) {
  await page.clock.install({time: 0});
  await page.clock.pauseAt(60_000);
}

export const go = async (page, hash, heading) => {
  await page.evaluate((to) => {
    if (location.hash === `#${to}`) return;
    document.querySelector('h1')?.setAttribute('data-left', '');  // the heading of the page that is left may read alike
    location.hash = to;
  }, hash);
  await page.getByRole('heading', {level: 1, name: heading}).and(page.locator('h1:not([data-left])')).waitFor();
};

export async function fill(page, {user, secret}) {
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password', {exact: true}).fill(secret);
}

// From the first page to the result.
export async function addIntegration(page, credentials, heading) {
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, credentials);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByRole('heading', {level: 1, name: heading}).waitFor();
}

// What the console answers to the page.
export const answerOf = (page, what) =>
  page.evaluate((address) => import('/api.js').then(({answer}) => answer('GET', address))
      .then((response) => response.text()), what);

// What axe finds wrong, as lines to read.
export async function violations(page) {
  if (!await page.evaluate(() => 'axe' in window)) {
    // The page's policy forbids foreign scripts, as it should: this one comes in by the debugger.
    await page.evaluate(await readFile(kAxe, 'utf8'));
  }
  const found = await page.evaluate(() =>
    window.axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}));
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)} – ${node.failureSummary}`));
}

export const scrollsSideways = (page) => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
