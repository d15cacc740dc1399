// The saved integrations, and what to do when there are none.
import {get, post} from '/api.js';
import {add, button, h, link, table, their, when} from '/dom.js';
import {notChecked, stateBadge, titled} from '/words.js';
import {fail} from '/app.js';

function row(integration, names) {
  const {last_check: last} = integration;
  return [
    link(`#/integrations/${integration.id}`, their(integration.name)),
    their(names[integration.platform] ?? integration.platform),
    [their(integration.label ?? integration.account), h('span', {class: 'fine'}, their(integration.principal))],
    [stateBadge(integration), integration.reason ? h('span', {class: 'fine'}, integration.reason) : null,
      integration.state !== 'disabled' && integration.not_checked ? h('span', {class: 'fine not-checked'}, notChecked(integration)) : null],
    last ? [titled(last.outcome), h('span', {class: 'fine'}, when(last.at))] : 'never',
  ];
}

function empty(enabled) {
  return h('section', {class: 'panel empty'},
      h('h2', {}, 'No integration yet'),
      h('p', {class: 'lead'}, 'An integration connects this console to an account on a platform that you work with.'),
      h('ol', {class: 'path'},
          h('li', {class: enabled ? 'done' : null}, h('strong', {}, 'Enable the platform. '),
              enabled ? 'Done.' : ['Look at its plugin on the ', link('#/plugins', 'Plugins page'), ', then enable it.']),
          h('li', {}, h('strong', {}, 'Enter the credentials. '), 'The form tells what is needed beforehand.'),
          h('li', {}, h('strong', {}, 'Proceed. '),
              'The console checks the credentials and every permission, and saves only if all is well.')),
      enabled ? link('#/integrations/add', 'Add integration', {class: 'button primary'})
          : link('#/plugins', 'Go to the plugins', {class: 'button primary'}));
}

// What was to be added, was not saved, and has not been seen to end: its page was closed.
const isLost = (check) => check.purpose === 'add' && check.state === 'ended' && !check.saved && !check.dismissed;

function lost(check, names, redraw, signal) {
  const name = () => their(check.name || `Integration with ${names[check.platform] ?? check.platform}`);
  const dismiss = () => post(`checks/${check.id}/dismiss`).then(redraw).catch((error) => fail(error, signal));
  return h('p', {class: 'notice'}, h('strong', {}, name()), ` was not saved: ${check.headline}. `,
      link(`#/checks/${check.id}`, ['Show', h('span', {class: 'unseen'}, ' the report on ', name())]), ' ',
      button(['Dismiss', h('span', {class: 'unseen'}, ' the report on ', name())], dismiss));
}

const kEnoughToSearch = 20;
const kLook = 2000;  // how often the list is looked at again while something is being checked, in milliseconds

let wanted = '';  // in the field "Find"; kept for who comes back to the list

// All of them; where they are many, with a field that finds some by what their row says.
function overview(list, names) {
  const all = table('Integrations', ['Name', 'Platform', 'Account', 'State', 'Last check'], list.map((one) => row(one, names)));
  const rows = [...all.tBodies[0].rows];
  const count = h('p', {class: 'hint', role: 'status'});
  const find = () => {
    wanted = field.value;
    const text = wanted.trim().toLowerCase();
    for (const one of rows) one.hidden = !one.textContent.toLowerCase().includes(text);
    count.textContent = text === '' ? '' : `${rows.filter((one) => !one.hidden).length} of ${rows.length}`;
  };
  const field = h('input', {id: 'find', type: 'search', oninput: find, value: wanted});
  const isLong = list.length >= kEnoughToSearch;
  if (isLong) find();
  return h('section', {class: 'panel flush'},
      isLong ? h('div', {class: 'find'}, h('label', {for: 'find'}, 'Find'), field, count) : null, all);
}

export default async function integrations(parameters, signal) {
  const actions = h('div', {class: 'actions'});
  const place = h('div', {});
  let shown = '';
  const draw = (list, plugins, running, ended) => {
    const names = Object.fromEntries(plugins.filter((plugin) => plugin.id).map((plugin) => [plugin.id, plugin.name]));
    const checkAll = () => post('integrations/check').then(({id}) => { location.hash = `#/checks/${id}`; })
        .catch((error) => fail(error, signal));
    // The focus stays with what had it, though it is drawn again.
    const all = () => [actions, place].flatMap((part) => [...part.querySelectorAll('a, button, input')]);
    const mark = (element) => element.id || (element.getAttribute('href') ?? element.textContent);
    const focused = all().find((one) => one === document.activeElement);
    actions.replaceChildren();
    add(actions, list.length > 0 ? [list.some((one) => one.state !== 'disabled') ? button('Check all', checkAll) : null,
      link('#/integrations/add', 'Add integration', {class: 'button primary'})] : []);
    place.replaceChildren();
    add(place, [
      running.length > 0 ? h('p', {class: 'notice'}, 'Being checked now: ', running.map((check, index) => [
        index > 0 ? ', ' : '',
        link(`#/checks/${check.id}`,
            check.purpose === 'check_all' ? 'all integrations' : their(check.name || names[check.platform] || check.platform)),
      ]), '.') : null,
      ended.map((check) => lost(check, names, look, signal)),
      list.length === 0 ? empty(plugins.some((plugin) => plugin.serving)) : overview(list, names),
    ]);
    if (focused) all().find((one) => mark(one) === mark(focused))?.focus();
  };
  const look = async () => {
    const [{integrations: list}, {plugins}, {checks}] = await Promise.all(
        ['integrations', 'plugins', 'checks'].map((what) => get(what, signal)));
    const running = checks.filter((check) => check.state === 'running');
    const ended = checks.filter(isLost);
    const now = JSON.stringify([list, plugins, running.map((check) => check.id), ended.map((check) => check.id)]);
    if (now !== shown) draw(list, plugins, running, ended);
    shown = now;
    if (running.length > 0) setTimeout(() => look().catch((error) => fail(error, signal)), kLook);
  };
  await look();
  return {title: 'Integrations', section: 'integrations',
    content: [h('div', {class: 'heading'}, h('h1', {}, 'Integrations'), actions), place]};
}
