// A plugin's texts are shown as texts, whatever they hold; and a form of every kind of field works.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {closeBrowser, fill, go, kGood, open, scrollsSideways, startConsole, startSimulator, violations} from './support.js';

after(closeBrowser);

async function openHostile(t, options) {
  const console_ = await startConsole(t, {plugins: ['hostile_texts'], enabled: []});
  const {code, stderr} = await console_.cli('plugin', 'enable', 'hostile', '--yes');
  assert.equal(code, undefined, stderr);
  return open(t, console_, options);
}

const isHarmless = async (page) => {
  assert.equal(await page.evaluate(() => window.injected), undefined);
  assert.equal(await page.locator(
      'main img, main script, main b, main i, main u, main em, main svg[onload], [name=evil], [onerror]').count(), 0);
  assert.equal(await page.locator('a[href^="javascript:"]').count(), 0);
  assert.deepEqual(page.problems, []);
};

for (const width of [1280, 320]) {
  test(`markup, right-to-left and endless texts stay texts at ${width} pixels`, async (t) => {
    const page = await openHostile(t, {viewport: {width, height: 800}});
    await go(page, '/plugins', 'Plugins');
    await page.getByRole('heading', {name: '<b>Bold</b> & "Co"'}).waitFor();
    await page.getByText('<script>window.injected = 1</script>').waitFor();
    await isHarmless(page);
    assert.ok(!await scrollsSideways(page));
    await go(page, '/plugins/hostile/requirements', /<b>Bold<\/b>/);
    await page.getByText("<img src=x onerror='window.injected = 2'>").waitFor();
    await isHarmless(page);
    assert.ok(!await scrollsSideways(page));
    await go(page, '/integrations/add', 'Integration settings');
    await page.getByText("<a href='javascript:window.injected=3'>click</a>").waitFor();
    assert.equal(await page.getByLabel('Integration name').inputValue(), 'Integration with <b>Bold</b> & "Co"');
    await isHarmless(page);
    assert.ok(!await scrollsSideways(page));
    assert.deepEqual(await violations(page), []);
  });
}

for (const width of [1280, 320]) {
  test(`a name full of markup stays a name on every screen at ${width} pixels`, async (t) => {
    const name = `<img src=x onerror='window.injected = 5'> שלום ${'long'.repeat(20)}`;
    const page = await open(t, await startConsole(t, {simulator: await startSimulator(t)}), {viewport: {width, height: 800}});
    const look = async (screen) => {
      await page.getByText(name).first().waitFor();
      await isHarmless(page);
      assert.ok(!await scrollsSideways(page), screen);
    };
    await go(page, '/integrations/add', 'Integration settings');
    await page.getByLabel('Integration name').fill(name);
    await fill(page, kGood);
    await page.getByRole('button', {name: 'Proceed'}).click();
    await page.getByRole('heading', {name: 'The integration is saved'}).waitFor();
    await look('saved');
    await go(page, '/integrations', 'Integrations');
    await look('integrations');
    await page.getByRole('link', {name}).click();
    await page.getByRole('heading', {level: 1, name}).waitFor();
    await look('integration');
    await page.getByRole('button', {name: 'Remove'}).click();
    await page.getByRole('dialog').getByText(name).waitFor();
    await look('remove?');
    await page.keyboard.press('Escape');
    await page.getByRole('link', {name: 'Edit', exact: true}).click();
    await page.getByRole('heading', {level: 1, name: /^Edit integration/}).waitFor();
    await look('edit');
  });
}

test('every kind of field is there, and one is shown when another has the value for it', async (t) => {
  const page = await openHostile(t);
  await go(page, '/integrations/add', 'Integration settings');
  const token = page.getByLabel('Token', {exact: true});
  const password = page.getByLabel('Password', {exact: true}).and(page.locator('[type=password]'));
  await token.waitFor();
  assert.ok(!await password.isVisible());
  await page.getByRole('radio', {name: 'Password'}).check();
  await password.waitFor();
  assert.ok(!await token.isVisible());
  assert.ok(await page.getByLabel('Verbose').isChecked(), 'its default');
  await page.getByLabel('Region (optional)').selectOption('c');
  await page.getByLabel(/^Server/).fill('https://vsa.example.com');
  await password.fill('hidden secret');
  await page.getByLabel('Limit (optional)').fill('1000');
  await page.getByLabel('Notes (optional)').fill('one\ntwo');

  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/integrations'));
  await page.getByRole('button', {name: 'Proceed'}).click();
  const body = (await sent).postDataJSON();
  assert.deepEqual(body.settings,
      {server: 'https://vsa.example.com', method: 'password', region: 'c', verbose: 'true', limit: '1000', notes: 'one\ntwo'});
  assert.deepEqual(body.secrets, {password: 'hidden secret'}, 'what is not shown is not sent');

  // The console judges the value; its finding leads to the field.
  await page.getByRole('heading', {name: 'Some settings need to be corrected'}).waitFor();
  await page.getByRole('link', {name: /Limit/}).click();
  await page.getByRole('heading', {name: 'Integration settings'}).waitFor();
  const limit = page.getByLabel('Limit (optional)');
  assert.equal(await limit.getAttribute('aria-invalid'), 'true');
  assert.equal(await limit.inputValue(), '1000');
  await isHarmless(page);
});

test('an unticked box stays unticked, there and back', async (t) => {
  const page = await openHostile(t);
  await go(page, '/integrations/add', 'Integration settings');
  await page.getByLabel(/^Server/).fill('https://vsa.example.com');
  await page.getByRole('textbox', {name: 'Token', exact: true}).fill('a token');
  await page.getByLabel('Verbose').uncheck();
  await page.getByLabel('Limit (optional)').fill('1000');
  for (let times = 0; times < 2; ++times) {
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/integrations'));
    await page.getByRole('button', {name: 'Proceed'}).click();
    assert.equal((await sent).postDataJSON().settings.verbose, 'false');
    await page.getByRole('heading', {name: 'Some settings need to be corrected'}).waitFor();
    await page.getByRole('link', {name: /Limit/}).click();
    await page.getByRole('heading', {name: 'Integration settings'}).waitFor();
    assert.equal(await page.getByLabel('Verbose').isChecked(), false);
  }
});

test('only an https address becomes a link, and its page learns nothing of this one', async (t) => {
  const page = await openHostile(t);
  const links = (urls) => page.evaluate((all) => import('/dom.js').then(({documentation}) => all.map((url) => {
    const link = documentation(url);
    return link && [link.getAttribute('href'), link.rel, link.target];
  })), urls);
  const harmful = ['javascript:alert("https://")', 'http://docs.example.com', 'data:text/html,https://', ' https://docs.example.com',
    '//docs.example.com', 'https:docs.example.com', '', null];
  assert.deepEqual(await links(harmful), harmful.map(() => null));
  assert.deepEqual(await links(['https://docs.example.com/a', 'HTTPS://docs.example.com']),
      ['https://docs.example.com/a', 'HTTPS://docs.example.com'].map((url) => [url, 'noopener noreferrer', '_blank']));
});
