// Pictures of the main screens, in light and dark, wide and narrow.
import path from 'node:path';
import {addIntegration, closeBrowser, fill, go, kGood, kNoTicketEditing, open, startConsole, startSimulator} from './support.js';

const [folder] = process.argv.slice(2);
const ends = [];
const run = {after: (end) => ends.unshift(end)};  // what support.js needs of a test

const shoot = (page, name, fullPage = false) => page.screenshot({path: path.join(folder, `${name}.png`), fullPage, animations: 'disabled', scale: 'css'});

const kSilent = {faults: [{match: {path: '/atservicesrest/v1.0/zoneinformation'}, after: 2, times: 1, fault: 'silent'}]};

async function series(suffix, options) {
  const console_ = await startConsole(run, {simulator: await startSimulator(run, kSilent), enabled: []});
  const page = await open(run, console_, {...options, reducedMotion: 'reduce'});
  await go(page, '/plugins', 'Plugins');
  await page.getByRole('button', {name: 'Enable'}).click();
  await page.getByRole('dialog').waitFor();
  await shoot(page, `enable${suffix}`);
  await page.getByRole('dialog').getByRole('button', {name: 'Enable'}).click();
  await page.getByText('Enabled', {exact: true}).waitFor();
  await shoot(page, `plugins${suffix}`);
  await go(page, '/integrations/add', 'Integration settings');
  await fill(page, kGood);
  await shoot(page, `settings${suffix}`);
  await addIntegration(page, kNoTicketEditing, 'The permissions are not sufficient');
  await shoot(page, `refused${suffix}`);
  await addIntegration(page, kGood, 'The integration is saved');
  await shoot(page, `saved${suffix}`);
  await page.getByRole('link', {name: 'Open the integration'}).click();
  await page.getByText('History of checks').first().waitFor();
  await shoot(page, `integration${suffix}`);
  await go(page, '/integrations', 'Integrations');
  await shoot(page, `integrations${suffix}`);
  await go(page, '/integrations/add', 'Integration settings');
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
  const wide = {viewport: {width: 1280, height: 800}};
  const narrow = {viewport: {width: 320, height: 640}};
  await series('', wide);
  await series('-dark', {...wide, colorScheme: 'dark'});
  await series('-narrow', narrow);
  await series('-narrow-dark', {...narrow, colorScheme: 'dark'});
} finally {
  for (const end of ends) await end();
  await closeBrowser();
}
