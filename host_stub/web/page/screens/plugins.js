// The plugins: what was dropped into the directories, good or bad, and the decision to trust one.
import {get, post} from '/api.js';
import {add, ask, button, facts, h, link, say, their} from '/dom.js';
import {badgeOf, toneOf} from '/words.js';
import {countChanged, fail} from '/app.js';

const kLook = 2000;  // how often a visible page looks for new files, in milliseconds

const hosts = (plugin) => h('ul', {class: 'plain'}, plugin.hosts.map((host) => h('li', {}, h('code', {}, host))),
    plugin.hosts_from.map(({label}) => h('li', {}, 'the address entered as “', their(label), '”')));

const right = (permission) => [their(permission.entity), ' – ', their(permission.operation)];

function rights(plugin) {
  return h('ul', {class: 'rights'}, plugin.permissions.map((permission) => h('li', {}, h('strong', {}, right(permission)), ' ',
      permission.need === 'required' ? h('span', {class: 'tag'}, 'required') : null,
      permission.used_for ? h('span', {class: 'fine', dir: 'auto'}, permission.used_for) : null,
      permission.only_when ? h('span', {class: 'fine', dir: 'auto'}, `(${permission.only_when})`) : null)));
}

// What changed in an updated file, compared with the approved one.
function changes(plugin) {
  if (!plugin.changes) return null;
  return h('section', {class: 'notice caution'}, h('h3', {}, 'What changes'), plugin.changes.length > 0
      ? h('ul', {class: 'plain'}, plugin.changes.map(({more, text, alarming}) =>
        h('li', {class: alarming ? 'alarming' : more ? 'more' : 'less', dir: 'auto'}, text)))
      : h('p', {}, 'Only the code: hosts, permissions and fields stay as they were.'));
}

async function enable(id, again) {
  const plugin = await get(`plugins/${encodeURIComponent(id)}`);
  const sure = await ask(plugin.state === 'modified' ? `Use the changed ${plugin.name}?` : `Enable ${plugin.name}?`, [
    h('p', {},
        'Only enable plugins you trust: their code receives the credentials you enter.'),
    h('p', {}, plugin.isolation === 'process'
        ? 'It runs in a process of its own, which reaches no file and no network: only the hosts below, through this console.'
        : 'It runs in the console’s own process, and can read every secret of this console.'),
    changes(plugin),
    facts([['Vendor', their(plugin.vendor)], ['Version', their(plugin.version)], ['File', h('code', {}, plugin.file)],
      ['SHA-256', h('code', {class: 'hash'}, plugin.sha256)],
      ['Publisher’s key', plugin.publisher_key && [h('code', {class: 'hash'}, plugin.publisher_key),
        plugin.publisher_genuine ? null : ' – the file was changed since']],
      ['May talk to', hosts(plugin)],
      ...(plugin.libraries.length > 0 ? [['Loads along', plugin.libraries.join(', ')]] : []),
      ...(plugin.search_places.length > 0 ? [['Searched in', plugin.search_places.join(', ')]] : []),
      ['Will ask for', plugin.permissions.length > 0 ? rights(plugin) : 'no permissions']]),
  ], 'Enable', {class: 'wide'});
  if (!sure) return;
  await post(`plugins/${encodeURIComponent(id)}/enable`, {sha256: plugin.sha256});
  await again();
  say(`${plugin.name} is enabled.`);
}

const place = (plugin) => plugin.isolation === 'process' ? 'in a process of its own' : 'in the console’s own process';

async function move(plugin, isolation, again) {
  const sure = isolation === 'process' || await ask(`Run ${plugin.name} in the console’s own process?`,
      h('p', {}, 'There its code can read every secret of this console, and end it. It is meant for debugging.'),
      'Run it there', {danger: true});
  if (!sure) return;
  await post(`plugins/${encodeURIComponent(plugin.id)}/isolation`, {isolation});
  await again();
  say(`${plugin.name} runs ${place({isolation})}.`);
}

async function release(plugin, again) {
  await post(`plugins/${encodeURIComponent(plugin.id)}/release`);
  await again();
  say(`${plugin.name} may be started.`);
}

async function disable(plugin, again) {
  const many = plugin.integrations;
  const sure = many === 0 || await ask(`Disable ${plugin.name}?`,
      h('p', {}, many === 1 ? 'Its integration cannot be used until it is enabled again.'
      : `Its ${many} integrations cannot be used until it is enabled again.`), 'Disable', {danger: true});
  if (!sure) return;
  await post(`plugins/${encodeURIComponent(plugin.id)}/disable`);
  await again();
  say(`${plugin.name} is disabled.`);
}

function card(plugin, again) {
  const attempt = (work) => () => work().catch((error) => fail(error));
  // What ended a console once, or whose approval somebody changed, is used again when an administrator says so.
  const retried = plugin.sha256 && ['plugin.crashed', 'plugin.hung', 'plugin.modified'].includes(plugin.code);
  const mayEnable = ['available', 'disabled', 'modified'].includes(plugin.state) || (plugin.state === 'failed' && retried);
  // What was approved can be given up, though its file is gone or spoilt.
  const mayDisable = plugin.id && (plugin.serving || ['enabled', 'failed'].includes(plugin.state));
  const name = plugin.name ?? plugin.file.split(/[\\/]/).pop();
  return h('li', {class: 'panel plugin', 'data-file': plugin.file},
      h('div', {class: 'plugin-head'}, h('h2', {}, their(name)), badgeOf(plugin.state)),
      plugin.vendor ? h('p', {class: 'sub'}, their(plugin.vendor), ' · version ', their(plugin.version), ' · ABI ', plugin.abi,
          plugin.integrations > 0 ? ` · ${plugin.integrations} integration${plugin.integrations > 1 ? 's' : ''}` : '') : null,
      plugin.reason
          ? h('div', {class: `notice ${toneOf(plugin.state)}`}, h('p', {}, h('strong', {}, their(plugin.reason))),
              h('p', {}, their(plugin.remedy))) : null,
      facts([['File', plugin.file && h('code', {}, plugin.file)], ['SHA-256', plugin.sha256 && h('code', {class: 'hash'}, plugin.sha256)],
        ['May talk to', plugin.hosts.length + plugin.hosts_from.length > 0 && hosts(plugin)],
        ['Runs', plugin.state === 'enabled' && place(plugin)]]),
      h('div', {class: 'actions'},
          mayEnable
              ? button(plugin.state === 'modified' ? 'Review the change' : 'Enable', attempt(() => enable(plugin.id, again)),
                  {class: 'primary', 'data-do': 'enable'}) : null,
          plugin.state === 'enabled'
              ? link(`#/integrations/add?platform=${encodeURIComponent(plugin.id)}`, 'Add integration', {class: 'button primary'}) : null,
          plugin.id && plugin.state !== 'duplicate'
              ? link(`#/plugins/${encodeURIComponent(plugin.id)}/requirements`, 'Requirements', {class: 'button'}) : null,
          plugin.code === 'plugin.quarantined'
              ? button('Release', attempt(() => release(plugin, again)), {class: 'quiet', 'data-do': 'release'}) : null,
          plugin.state === 'enabled' && plugin.isolation === 'in_process'
              ? button('Run in a process of its own', attempt(() => move(plugin, 'process', again)),
                  {class: 'quiet', 'data-do': 'isolate'}) : null,
          plugin.state === 'enabled' && plugin.isolation === 'process'
              ? button('Run in the console’s process', attempt(() => move(plugin, 'in_process', again)),
                  {class: 'quiet', 'data-do': 'in-process'}) : null,
          mayDisable ? button('Disable', attempt(() => disable(plugin, again)), {class: 'quiet', 'data-do': 'disable'}) : null));
}

export default async function plugins(parameters, signal) {
  const list = h('ul', {class: 'plugin-list'});
  let shown = '';
  const draw = ({plugins: found}) => {
    countChanged(found);
    const now = JSON.stringify(found);
    if (now === shown) return;
    const before = shown ? JSON.parse(shown).map((plugin) => plugin.file) : found.map((plugin) => plugin.file);
    shown = now;
    // The focus stays with the plugin that had it, though its card is drawn again.
    const focused = list.contains(document.activeElement)
        ? document.activeElement.closest('[data-file]').dataset.file : null;
    list.replaceChildren();
    add(list, found.length > 0 ? found.map((plugin) => card(plugin, look))
        : h('li', {class: 'panel empty'}, h('h2', {}, 'No plugin yet'),
            h('p', {}, 'Drop a plugin\'s library into the plugin directory. It appears here at once.')));
    if (focused) [...list.children].find((each) => each.dataset.file === focused)?.querySelector('button, a')?.focus();
    const appeared = found.filter((plugin) => !before.includes(plugin.file));
    if (appeared.length > 0) say(`New: ${appeared.map((plugin) => plugin.name ?? plugin.file).join(', ')}`);
  };
  const look = async () => draw(await get('plugins', signal));
  await look();
  const timer = setInterval(() => {
    if (document.visibilityState !== 'visible' || document.querySelector('dialog')) return;
    look().catch((error) => {
      clearInterval(timer);
      fail(error, signal);
    });
  }, kLook);
  signal.addEventListener('abort', () => clearInterval(timer));
  return {
    title: 'Plugins', section: 'plugins',
    content: [h('div', {class: 'heading'}, h('h1', {}, 'Plugins')),
      h('p', {class: 'lead'},
          'Each plugin is a file in the plugin folder. It does not run until you enable it.'), list],
  };
}
