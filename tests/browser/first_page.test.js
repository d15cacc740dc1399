// What opening the console costs: all that comes over the wire, and the time until it can be used.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {closeBrowser, go, newPage, open, startConsole} from './support.js';

after(closeBrowser);

const kLoads = 7;
const kLimit = 100 * 1024;

const bytes = (page) => page.evaluate(() => {
  const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  return {size: all.reduce((sum, entry) => sum + entry.encodedBodySize, 0), requests: all.length,
    foreign: all.map((entry) => entry.name).filter((name) => new URL(name).origin !== location.origin)};
});

test('the first page comes to less than 100 KiB in all, from nowhere else', async (t) => {
  const page = await newPage(t);
  await page.goto(await (await startConsole(t, {plugins: ['autotask', 'kaseya_vsa']})).link());
  await page.getByRole('heading', {name: 'Integrations', exact: true}).waitFor();
  const {size, requests, foreign} = await bytes(page);
  t.diagnostic(`first page: ${(size / 1024).toFixed(1)} KiB in ${requests} requests`);
  assert.ok(size > 10 * 1024, 'it was measured');
  assert.ok(size < kLimit, `${size} bytes`);
  assert.deepEqual(foreign, []);

  // The other screens load what is theirs when they are first shown.
  await go(page, '/plugins', 'Plugins');
  await go(page, '/integrations/add', 'Integration settings');
  await go(page, '/plugins/autotask/requirements', /needs/);
  assert.ok((await bytes(page)).size < kLimit, 'with every screen');
});

// A machine that is busy with other things says nothing about the page: the time is told, not judged.
test('the first page is interactive', async (t) => {
  const console_ = await startConsole(t, {plugins: ['autotask', 'kaseya_vsa']});
  const page = await open(t, console_);
  const address = `${new URL(page.url()).origin}/`;
  // Interactive: the screen stands, its first link can be followed, and the browser has drawn it.
  await page.addInitScript(() => {
    new MutationObserver((changes, observer) => {
      if (!document.querySelector('main h1, main a')) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => { window.interactiveAfter = performance.now(); }));
    }).observe(document, {childList: true, subtree: true});
  });
  const times = [];
  for (let load = 0; load < kLoads; ++load) {
    await page.goto(address);
    times.push(await (await page.waitForFunction(() => window.interactiveAfter)).jsonValue());
    await page.getByRole('link', {name: 'Go to the plugins'}).or(page.getByRole('link', {name: 'Add integration'})).first().waitFor();
    await page.goto('about:blank');
  }
  times.sort((left, right) => left - right);
  t.diagnostic(`interactive after ${times.map(Math.round).join(', ')} ms (median ${Math.round(times[kLoads >> 1])} ms of ${kLoads} loads)`);
  assert.ok(times.every((time) => time > 0));
  assert.deepEqual(page.problems, []);
});
