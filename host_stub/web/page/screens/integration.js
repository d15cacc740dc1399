// One saved integration: what it is, how it is, and everything that can be done with it.
import {call, get, post} from '/api.js';
import {ask, button, day, facts, h, link, table, their, when} from '/dom.js';
import {driftPanel, findingList, findingsBeside, identityFacts, permissionTable} from '/report.js';
import {badgeOf, notChecked, remarkWords, stateBadge, titled, toneOf} from '/words.js';
import {again, fail, leave} from '/app.js';

function settingsFacts(integration, plugin) {
  const fields = Object.fromEntries((plugin?.fields ?? []).map((field) => [field.id, field]));
  const label = (id) => their(fields[id]?.label ?? id);
  const shown = (setting) => {
    const choice = fields[setting.field]?.choices?.find((each) => each.value === setting.value);
    return their(choice?.label ?? setting.value);
  };
  const supplied = (entry) => entry.from_preset ? h('span', {class: 'tag'}, 'supplied by the console') : null;
  const unproven = (entry) => entry.unproven ? h('span', {class: 'tag'}, 'not proven: may have been changed outside the console') : null;
  // In the order of the form.
  const order = (entry) => Object.keys(fields).indexOf(entry.field);
  return facts([...integration.settings, ...integration.secrets].sort((one, other) => order(one) - order(other)).map(
      (entry) => [label(entry.field),
        [entry.value === undefined ? ['Set on ', day(entry.set_at)] : shown(entry), ' ', supplied(entry), unproven(entry)]]));
}

// Each once, with how often.
function codes(list) {
  if (list.length === 0) return 'none';
  return [...new Set(list)].map((code) => {
    const times = list.filter((each) => each === code).length;
    return h('div', {}, h('code', {}, code), times > 1 ? ` × ${times}` : null);
  });
}

async function remove(integration, platform, signsOut) {
  const sure = await ask('Remove this integration?', [
    h('p', {}, h('strong', {}, their(integration.name)), ' is removed from this console, with its saved credentials and its history.'),
    signsOut ? h('p', {}, their(platform), ' is told that the sign-in of “', their(integration.principal),
        '” is over. The user itself stays.')
        : h('p', {}, 'Nothing is changed on ', their(platform), ': the user “', their(integration.principal),
            '” still exists there. Disable it, or revoke its token, if nobody else uses it.')], 'Remove', {danger: true});
  if (!sure) return;
  const {removed} = await call('DELETE', `integrations/${integration.id}`);
  leave('#/integrations', removed.signed_out === null ? 'The integration was removed.' : `The integration was removed. ${removed.remains}`);
}

// Credentials that were refused are tried again only by somebody who knows what that may cost.
const sureToTry = (integration) => integration.state !== 'needs_sign_in' || ask('Try the same credentials again?',
    h('p', {}, 'The platform refused them before, and repeated refusals can lock the account. '
        + 'Check again if something was changed on the platform; otherwise replace the credentials.'),
    'Check again', {danger: true});

export default async function integrationScreen({id}, signal) {
  const it = await get(`integrations/${id}`, signal);
  const plugin = await get(`plugins/${encodeURIComponent(it.platform)}`, signal).catch(() => null);
  const platform = plugin?.name ?? it.platform;
  const attempt = (work) => () => work().catch((error) => fail(error, signal));
  const check = attempt(async () => {
    if (!await sureToTry(it)) return;
    location.hash = `#/checks/${(await post(`integrations/${id}/check`)).id}`;
  });
  const enabled = it.state !== 'disabled';
  const setEnabled = attempt(async () => {
    await post(`integrations/${id}/${enabled ? 'disable' : 'enable'}`);
    again(enabled ? 'Disabled.' : 'Enabled.');
  });
  const edits = (what, text) => link(`#/integrations/${id}/${what}`, text, {class: 'button'});
  const checkAgain = button('Check again', check);
  const toggle = button(enabled ? 'Disable' : 'Enable', setEnabled, {class: enabled ? 'quiet' : null});
  // What the plugin keeps is replaced by a person who signs in again.
  const replace = plugin?.signs_in_with_browser
      ? button('Sign in again', attempt(async () => { location.hash = `#/checks/${(await post(`integrations/${id}/sign-in`)).id}`; }))
      : edits('credentials', 'Replace credentials');
  const actions = !plugin?.serving ? [link('#/plugins', 'Go to the plugins', {class: 'button'}), toggle]
      : it.state === 'needs_sign_in' ? [replace, checkAgain, edits('edit', 'Edit'), toggle]
      : enabled ? [checkAgain, edits('edit', 'Edit'), replace, toggle] : [toggle, checkAgain, edits('edit', 'Edit'), replace];
  actions[0].classList.add('primary');
  const grants = it.last_report?.permissions?.grants ?? [];
  const findings = it.last_report ? findingsBeside(it.last_report) : [];
  return {
    title: it.name, section: 'integrations',
    content: [
      h('div', {class: 'heading'}, h('h1', {}, their(it.name)), stateBadge(it)),
      it.reason ? h('section', {class: `notice ${toneOf(it.state)}`}, h('p', {}, h('strong', {}, it.reason)),
          h('p', {}, actions[0] === replace && !plugin.signs_in_with_browser ? 'Replace the credentials.' : it.remedy)) : null,
      it.not_checked
          ? h('section', {class: 'notice caution'},
              h('p', {}, notChecked(it), '. What was found before still stands: check again later.')) : null,
      enabled ? null : h('section', {class: 'notice'},
          h('p', {}, 'Paused: not used, and not checked with the others, until you enable it.')),
      h('div', {class: 'actions'}, actions,
          button('Remove', attempt(() => remove(it, platform, plugin?.serving && plugin.signs_out)), {class: 'danger quiet'})),
      findings.length > 0 ? h('section', {class: 'panel'}, h('h2', {}, 'What the last check found'),
          findingList(findings, plugin?.serving ? (field) => `#/integrations/${id}/edit?field=${encodeURIComponent(field)}` : null)) : null,
      driftPanel(it.drift, grants),
      h('div', {class: 'halves'},
          h('section', {class: 'panel'}, h('h2', {}, 'Account'),
              facts([['Platform', their(platform)]]),
              identityFacts({account: it.account, label: it.label, principal: it.principal, endpoint: it.endpoint}),
              facts([['Added', day(it.created_at)], ['Last check', when(it.last_check?.at)]])),
          h('section', {class: 'panel'}, h('h2', {}, 'Settings'), settingsFacts(it, plugin))),
      grants.length > 0 ? h('section', {class: 'panel'}, h('h2', {}, 'Permissions at the last check'), permissionTable(grants)) : null,
      h('section', {class: 'panel flush'}, h('h2', {}, 'History of checks'),
          it.history.length === 0 ? h('p', {}, 'There was no check yet.')
              : table('History of checks', ['When', 'What', 'Outcome', 'Findings', 'Plugin'], it.history.map((entry) => [
                when(entry.at),
                [titled(entry.purpose ?? 'check'), entry.principal ? h('span', {class: 'fine'}, their(entry.principal)) : null],
                [badgeOf(entry.outcome),
                  remarkWords(entry.remarks) ? h('span', {class: 'fine'}, `with remarks: ${remarkWords(entry.remarks)}`) : null],
                codes(entry.codes),
                [entry.plugin_version ?? '', h('span', {class: 'fine'}, (entry.plugin_sha256 ?? '').slice(0, 12)),
                  entry.isolation === 'in_process' ? h('span', {class: 'fine'}, 'in the console’s process') : null]]))),
    ],
  };
}
