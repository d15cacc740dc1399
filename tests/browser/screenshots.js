// Pictures of the main screens.
import path from 'node:path';
import {closeBrowser, fill, go, kGood, kNoTicketEditing, open, startConsole, startSimulator} from './support.js';

const [folder, readme] = process.argv.slice(2);
const kOfReadme = ['enable', 'settings', 'refused', 'saved-dark'];
const ends = [];
const run = {after: (end) => ends.unshift(end)};  // what support.js needs of a test

async function shoot(page, name, fullPage = false) {
  if (readme && !kOfReadme.includes(name)) return;
  await page.screenshot({path: path.join(folder, `${name}.png`), fullPage, animations: 'disabled', scale: 'css'});
}

// The third check gets no answer.
const kSilent = {faults: [{match: {path: '/atservicesrest/v1.0/zoneinformation'}, after: 2, times: 1, fault: 'silent'}]};

async function series(suffix, options) {
  const simulator = await startSimulator(run, kSilent);
  const console_ = await startConsole(run, {simulator, plugins: ['autotask', 'kaseya_vsa'], enabled: ['kaseya_vsa']});
  const page = await open(run, console_, {...options, reducedMotion: 'reduce'});
  await go(page, '/plugins', 'Plugins');
  await page.getByRole('button', {name: 'Enable'}).click();
  await page.getByRole('dialog').waitFor();
  await shoot(page, `enable${suffix}`);
  await page.getByRole('dialog').getByRole('button', {name: 'Enable'}).click();
  await page.getByText('Enabled', {exact: true}).nth(1).waitFor();
  await shoot(page, `plugins${suffix}`);
  const begin = async () => {
    await go(page, '/integrations/add?platform=autotask', 'Integration settings');
    await page.getByLabel('User name').waitFor();
  };
  const proceed = async (credentials, heading) => {
    await go(page, '/integrations', 'Integrations');
    await begin();
    await fill(page, credentials);
    await page.getByRole('button', {name: 'Proceed'}).click();
    await page.getByRole('heading', {level: 1, name: heading}).waitFor();
  };
  await begin();
  await fill(page, kGood);
  await page.getByRole('heading', {level: 1}).click();
  await shoot(page, `settings${suffix}`);
  await proceed(kNoTicketEditing, 'The permissions are not sufficient');
  await shoot(page, `refused${suffix}`);
  await proceed(kGood, 'The integration is saved');
  await shoot(page, `saved${suffix}`);
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByText('History of checks').first().waitFor();
  await shoot(page, `integration${suffix}`, true);
  await go(page, '/integrations', 'Integrations');
  await shoot(page, `integrations${suffix}`);
  await begin();
  await page.getByLabel('Integration name').fill('Another');
  await fill(page, kNoTicketEditing);
  await page.getByRole('button', {name: 'Proceed'}).click();
  await page.getByText('running', {exact: true}).first().waitFor();
  await shoot(page, `checking${suffix}`);
  await page.getByRole('button', {name: 'Cancel'}).click();
  await page.getByRole('heading', {name: 'The check was cancelled'}).waitFor();
  await go(page, '/plugins/autotask/requirements', /needs/);
  await shoot(page, `requirements${suffix}`, true);
}

try {
  const wide = {viewport: {width: 1120, height: 760}};
  const narrow = {viewport: {width: 320, height: 640}};
  await series('', wide);
  await series('-dark', {...wide, colorScheme: 'dark'});
  if (!readme) {
    await series('-narrow', narrow);
    await series('-narrow-dark', {...narrow, colorScheme: 'dark'});
  }
} finally {
  for (const end of ends) await end();
  await closeBrowser();
}
