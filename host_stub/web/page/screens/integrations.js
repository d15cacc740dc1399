// The saved integrations, and what to do when there are none.
import {get, post} from '/api.js';
import {add, button, h, link, their} from '/dom.js';
import {overview} from '/screens/integration_list.js';
import {countChanged, fail} from '/app.js';

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

const kLook = 2000;  // how often the list is looked at again while something is being checked, in milliseconds

let scrolled = 0;  // how far the list was scrolled when it was left

export default async function integrations(parameters, signal) {
  const actions = h('div', {class: 'actions'});
  const place = h('div', {});
  let shown = '';
  const draw = (list, plugins, running, ended) => {
    const names = Object.fromEntries(plugins.filter((plugin) => plugin.id).map((plugin) => [plugin.id, plugin.name]));
    const checkAll = () => post('integrations/check').then(({id}) => { location.hash = `#/checks/${id}`; })
        .catch((error) => fail(error, signal));
    // The focus stays with what had it, though it is drawn again.
    const all = () => [actions, place].flatMap((part) => [...part.querySelectorAll('a, button, input, select')]);
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
    countChanged(plugins);
    const running = checks.filter((check) => check.state === 'running');
    const ended = checks.filter(isLost);
    const now = JSON.stringify([list, plugins, running.map((check) => check.id), ended.map((check) => check.id)]);
    if (now !== shown) draw(list, plugins, running, ended);
    shown = now;
    if (running.length > 0) setTimeout(() => look().catch((error) => fail(error, signal)), kLook);
  };
  await look();
  signal.addEventListener('abort', () => { scrolled = window.scrollY; });
  return {title: 'Integrations', section: 'integrations', shown: () => window.scrollTo(0, scrolled),
    content: [h('div', {class: 'heading'}, h('h1', {}, 'Integrations'), actions), place]};
}
