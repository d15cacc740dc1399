// The saved integrations, and what to do when there are none.
import {get, post} from '/api.js';
import {button, h, link, table, their, when} from '/dom.js';
import {badgeOf, titled} from '/words.js';
import {fail} from '/app.js';

function row(integration, names) {
  const {last_check: last} = integration;
  return [
    link(`#/integrations/${integration.id}`, their(integration.name)),
    their(names[integration.platform] ?? integration.platform),
    [their(integration.label ?? integration.account), h('span', {class: 'fine'}, their(integration.principal))],
    [badgeOf(integration.state), integration.reason ? h('span', {class: 'fine'}, integration.reason) : null],
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
          h('li', {}, h('strong', {}, 'Proceed. '), 'The console checks the credentials and every permission, and saves only if all is well.')),
      enabled ? link('#/integrations/add', 'Add integration', {class: 'button primary'})
          : link('#/plugins', 'Go to the plugins', {class: 'button primary'}));
}

const kEnoughToSearch = 20;

// All of them; where they are many, with a field that finds some by what their row says.
function overview(list, names) {
  const all = table('Integrations', ['Name', 'Platform', 'Account', 'State', 'Last check'], list.map((one) => row(one, names)));
  const rows = [...all.tBodies[0].rows];
  const count = h('p', {class: 'hint', role: 'status'});
  const find = ({target}) => {
    const wanted = target.value.trim().toLowerCase();
    for (const one of rows) one.hidden = !one.textContent.toLowerCase().includes(wanted);
    count.textContent = wanted === '' ? '' : `${rows.filter((one) => !one.hidden).length} of ${rows.length}`;
  };
  return h('section', {class: 'panel flush'},
      list.length < kEnoughToSearch ? null : h('div', {class: 'find'},
          h('label', {for: 'find'}, 'Find'), h('input', {id: 'find', type: 'search', oninput: find}), count),
      all);
}

export default async function integrations(parameters, signal) {
  const [{integrations: list}, {plugins}, {checks}] =
      await Promise.all([get('integrations', signal), get('plugins', signal), get('checks', signal)]);
  const names = Object.fromEntries(plugins.filter((plugin) => plugin.id).map((plugin) => [plugin.id, plugin.name]));
  const enabled = plugins.some((plugin) => plugin.serving);
  const running = checks.filter((check) => check.state === 'running');
  const checkAll = () => post('integrations/check').then(({id}) => { location.hash = `#/checks/${id}`; })
      .catch((error) => fail(error, signal));
  return {
    title: 'Integrations', section: 'integrations',
    content: [
      h('div', {class: 'heading'}, h('h1', {}, 'Integrations'),
          list.length > 0 ? h('div', {class: 'actions'}, list.some((one) => one.state !== 'disabled') ? button('Check all', checkAll) : null,
              link('#/integrations/add', 'Add integration', {class: 'button primary'})) : null),
      running.length > 0 ? h('p', {class: 'notice'}, 'Being checked now: ', running.map((check, index) => [
        index > 0 ? ', ' : '', link(`#/checks/${check.id}`, check.purpose === 'check_all' ? 'all integrations' : their(check.name || names[check.platform] || check.platform))]), '.') : null,
      list.length === 0 ? empty(enabled)
          : overview(list, names),
    ],
  };
}
