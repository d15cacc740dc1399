// What a check found, msp.check/1, for the screen and for the clipboard.
import {badge, documentation, duration, facts, h, icon, table, their, waitingTime} from '/dom.js';
import {fieldOf, titled, toneOf, words} from '/words.js';

// In this order: what needs somebody first.
const kGrants = [
  {code: 'missing', tone: 'bad', has: (grant) => grant.granted === 'none' && grant.need === 'required'},
  {code: 'not_verified', tone: 'caution', has: (grant) => grant.granted === 'unknown'},
  {code: 'restricted', tone: 'caution', has: (grant) => grant.granted === 'restricted'},
  {code: 'not_granted', tone: 'caution', has: (grant) => grant.granted === 'none'},
  {code: 'granted', tone: 'good', has: () => true},
];

const kindOf = (grant) => kGrants.find((kind) => kind.has(grant));
const nameOf = (grant) => grant.entity ? `${grant.entity} – ${grant.operation}` : grant.id;

const kHow = {introspected: 'stated by the platform', probed: 'tried by reading'};

// What is missing says at once how to grant it; what is only worth knowing says so when asked.
function howToGrant(grant, tone) {
  if (tone === 'good' || !grant.remedy) return null;
  const evidence = grant.evidence ? h('p', {class: 'evidence'}, 'Seen: ', their(grant.evidence)) : null;
  if (tone === 'bad') {
    return [h('p', {class: 'remedy'}, h('strong', {}, 'How to grant it: '), their(grant.remedy)), evidence];
  }
  return h('details', {}, h('summary', {}, 'How to grant it'), h('p', {class: 'remedy'}, their(grant.remedy)), evidence);
}

function grantRow(grant) {
  const {code, tone} = kindOf(grant);
  return h('tr', {role: 'row', class: `grant ${tone}`},
      h('th', {role: 'rowheader', scope: 'row'}, h('span', {class: 'right'}, their(nameOf(grant))),
          h('span', {class: 'need'}, grant.need)),
      h('td', {role: 'cell'}, badge(tone, titled(code)),
          tone !== 'good' && kHow[grant.how] ? h('span', {class: 'how'}, kHow[grant.how]) : null),
      h('td', {role: 'cell'}, grant.used_for ? h('p', {class: 'used-for'}, grant.used_for) : null, howToGrant(grant, tone)));
}

export function permissionTable(grants) {
  const groups = kGrants.map((kind) => ({...kind, grants: grants.filter((grant) => kindOf(grant) === kind)}))
      .filter((group) => group.grants.length > 0);
  return h('table', {role: 'table', class: 'permissions'},
      h('caption', {class: 'unseen'}, 'Permissions, what is missing first'),
      h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'}, ['Permission', 'Access', 'Used for'].map(
          (head) => h('th', {role: 'columnheader', scope: 'col'}, head)))),
      groups.map((group) => h('tbody', {role: 'rowgroup'},
          h('tr', {role: 'row', class: `group ${group.tone}`},
              h('th', {role: 'rowheader', scope: 'rowgroup', colspan: 3}, `${titled(group.code)} (${group.grants.length})`)),
          group.grants.map(grantRow))));
}

// The remedies of a finding about several rights, of which each has its own.
const kEachItsOwn = ['Decide whether that is enough; each permission says how it is granted in full.',
  'Nothing is known to be missing. If something that needs one of them fails, see how that permission is granted.'];

const kStates = {'perm.missing': 'none', 'perm.restricted': 'restricted', 'perm.unverifiable': 'unknown'};

// What the console found about a right has the remedy of its row in the table, and would say it twice. What a plugin
// found has its own.
const isInTable = (report, {code, remedy}) => (report.permissions?.grants ?? []).some(
    (grant) => grant.granted === kStates[code] && (kEachItsOwn.includes(remedy) || (remedy ?? '').endsWith(grant.remedy ?? '')));

export const findingsBeside = (report) => report.findings.filter((one) => !isInTable(report, one));

function findingView(finding, fieldHref) {
  const tone = finding.severity === 'error' ? 'bad' : finding.severity === 'warning' ? 'caution' : 'quiet';
  const field = fieldOf(finding);
  return h('li', {class: `finding ${tone}`}, icon(tone), h('div', {},
      h('p', {class: 'summary'},
          h('span', {class: 'unseen'}, `${finding.severity}: `),
          field && fieldHref ? h('a', {href: fieldHref(field)}, finding.summary) : their(finding.summary)),
      finding.remedy ? h('p', {class: 'remedy'}, their(finding.remedy)) : null,
      h('p', {class: 'fine'}, h('code', {}, finding.code),
          finding.http_status ? ` · HTTP ${finding.http_status}` : '',
          finding.retry_after_s ? ` · try again in ${waitingTime(finding.retry_after_s)}` : '',
          finding.doc_url ? ' · ' : '', documentation(finding.doc_url))));
}

export function findingList(findings, fieldHref) {
  return h('ul', {class: 'findings'}, findings.map((finding) => findingView(finding, fieldHref)));
}

export function stepLine(step, status, milliseconds) {
  return h('li', {class: `step ${status}`}, icon(toneOf(status)), h('span', {class: 'step-name'}, titled(step)),
      h('span', {class: 'step-state'}, words(status)),
      h('span', {class: 'step-time'}, milliseconds === undefined || status === 'skipped' ? '' : duration(milliseconds)));
}

// A step that somebody cancelled did not fail.
const statusOf = ({status}, {outcome}) => outcome === 'cancelled' && status === 'failed' ? 'cancelled' : status;

export const identityFacts = (identity) => facts([
  ['Account', identity.label ? [their(identity.label), h('span', {class: 'fine'}, ' ', their(identity.account))]
      : their(identity.account)],
  ['Signed in as', their(identity.principal)], ['Address', identity.endpoint && h('code', {}, identity.endpoint)],
]);

const listed = (grants) => grants.map((grant, index) => [index > 0 ? ', ' : '', h('strong', {}, their(nameOf(grant)))]);

// In one or two sentences what the permissions come to.
function permissionSummary(report) {
  const grants = report.permissions?.grants ?? [];
  if (grants.length === 0) return null;
  const of = (code) => grants.filter((grant) => kindOf(grant).code === code);
  const [missing, unverified, restricted] = [of('missing'), of('not_verified'), of('restricted')];
  const details = h('a', {href: '#permissions', onclick: jump('permissions')},
      missing.length > 0 ? 'How to grant it' : 'Show the permissions');
  if (missing.length > 0) {
    return h('p', {}, missing.length === 1 ? 'One required permission is missing: '
        : `${missing.length} required permissions are missing: `, listed(missing), '. ', details);
  }
  return h('p', {}, `${grants.length - unverified.length} of ${grants.length} permissions were verified`,
      unverified.length > 0 ? ['; these could not be: ', listed(unverified)] : null, '. ',
      restricted.length > 0
          ? `${restricted.length} of them ${restricted.length === 1 ? 'is' : 'are'} restricted: granted only under conditions. ` : null,
      details);
}

const kGranted = {all: 'granted', restricted: 'restricted', none: 'not granted', unknown: 'not verified'};
const kRank = ['none', 'restricted', 'all'];

// Rights whose grants changed since the settings were saved. The names come from the grants of a check.
export function driftPanel(drift, grants) {
  if (!drift || drift.length === 0) return null;
  const nameOfId = (id) => nameOf(grants.find((grant) => grant.id === id) ?? {id});
  const isLess = ({at_saving: before, now}) => kRank.indexOf(now) < kRank.indexOf(before ?? 'all');
  return h('section', {class: 'panel flush'}, h('h2', {}, 'Changed since it was saved'),
      table('Rights that changed since it was saved', ['Permission', 'When saved', 'Now'], drift.map((one) => [
        their(nameOfId(one.permission)), one.at_saving ? kGranted[one.at_saving] : 'not asked',
        badge(isLess(one) ? 'bad' : 'good', `${isLess(one) ? 'less' : 'more'}: ${kGranted[one.now]}`)])));
}

// `check` as the console tells it: {headline, consequence, result}.
export function reportView(check, {fieldHref, actions, aside} = {}) {
  const report = check.result;
  const tone = report.outcome === 'accepted' && Object.keys(report.remarks ?? {}).length > 0 ? 'caution' : toneOf(report.outcome);
  const beside = findingsBeside(report);
  const told = beside.filter((one) => one.severity === 'error' && one.code !== 'host.cancelled');  // the headline says that
  const notes = beside.filter((one) => one.severity !== 'error');
  const grants = report.permissions?.grants ?? [];
  const account = report.identity
      ? h('section', {class: 'panel'}, h('h2', {}, 'Account'), identityFacts(report.identity)) : null;
  const permissions = grants.length > 0
      ? h('section', {class: 'panel', id: 'permissions', tabindex: '-1', 'aria-labelledby': 'permissions-title'},
          h('h2', {id: 'permissions-title'}, 'Permissions'), permissionTable(grants)) : null;
  return [
    h('section', {class: `verdict ${tone}`, 'data-focus': true, 'aria-labelledby': 'verdict'},
        h('div', {class: 'verdict-mark'}, icon(tone)),
        h('div', {},
            report.integration?.name ? h('p', {class: 'eyebrow'}, their(report.integration.name)) : null,
            h('h1', {id: 'verdict'}, check.headline),
            check.consequence ? h('p', {class: 'lead'}, check.consequence) : null,
            told.length > 0 ? findingList(told, fieldHref) : null,
            ['accepted', 'refused'].includes(report.outcome) ? permissionSummary(report) : null,
            h('div', {class: 'actions'}, actions, copyButton(check)), aside)),
    driftPanel(report.integration?.drift, grants),
    notes.length > 0 ? h('section', {class: 'panel'}, h('h2', {}, 'Worth knowing'), findingList(notes, fieldHref)) : null,
    ...(report.outcome === 'accepted' ? [account, permissions] : [permissions, account]),
    h('section', {class: 'panel'}, h('h2', {}, 'What was done'),
        h('ol', {class: 'steps'}, report.steps.map((step) => stepLine(step.step, statusOf(step, report), step.ms))),
        requestsView(report.requests),
        h('p', {class: 'fine'}, 'Reference for the log: ', h('code', {}, report.correlation_id || 'none'))),
  ];
}

// What was sent to the platform: for who writes a plugin, or asks a firewall's administrator.
function requestsView(requests) {
  if (!requests || requests.length === 0) return null;
  return h('details', {class: 'requests'}, h('summary', {}, `Requests (${requests.length})`),
      table('Requests of this check', ['Step', 'Method', 'Address', 'Answer', 'Time'], requests.map((one) => [
        titled(one.step), one.method, h('code', {}, their(one.host + one.path)), String(one.status ?? one.problem), duration(one.ms)])),
      h('p', {class: 'fine'}, 'Headers, queries and bodies are not kept.'));
}

// In-page jumps that leave the address to the router.
function jump(id) {
  return (event) => {
    event.preventDefault();
    const target = document.getElementById(id);
    target.scrollIntoView({block: 'start'});
    target.focus({preventScroll: true});
  };
}

export function reportText({headline, consequence, result: report}) {
  const lines = [`# ${headline}`, '', `${report.integration?.name ?? ''}: ${consequence}`,
    `Outcome: ${words(report.outcome)} · Platform: ${report.integration?.platform ?? ''} · Reference: ${report.correlation_id}`];
  if (report.identity) lines.push(`Account: ${report.identity.label ?? report.identity.account} · ${report.identity.principal}`);
  for (const finding of report.findings) {
    lines.push('', `- [${finding.severity}] ${finding.summary} (${finding.code})`);
    if (finding.remedy) lines.push(`  ${finding.remedy}`);
  }
  const grants = report.permissions?.grants ?? [];
  for (const kind of kGrants) {
    const members = grants.filter((grant) => kindOf(grant) === kind);
    if (members.length > 0) lines.push('', `## ${titled(kind.code)}`);
    for (const grant of members) {
      lines.push(`- ${nameOf(grant)} (${grant.need}): ${grant.used_for ?? ''}`);
      if (kind.tone !== 'good' && grant.remedy) lines.push(`  How to grant it: ${grant.remedy}`);
    }
  }
  lines.push('', '## Steps', ...report.steps.map((step) => `- ${titled(step.step)}: ${words(statusOf(step, report))}, ${step.ms} ms`));
  if (report.requests?.length > 0) {
    lines.push('', '## Requests', ...report.requests.map(
        (one) => `- ${one.method} ${one.host}${one.path}: ${one.status ?? one.problem}, ${one.ms} ms`));
  }
  return `${lines.join('\n')}\n`;
}

function copyButton(check) {
  const copy = h('button', {type: 'button', onclick: async () => {
    const text = reportText(check);
    try {
      await navigator.clipboard.writeText(text);
      copy.textContent = 'Copied';
      document.getElementById('live').textContent = 'The report was copied.';
    } catch {
      if (copy.closest('.actions').nextElementSibling?.matches('textarea')) return;
      // Without the right to the clipboard the text is shown, selected.
      const area = h('textarea', {readonly: true, rows: 12, 'aria-label': 'Report', value: text});
      copy.closest('.actions').after(area);
      area.select();
    }
  }}, 'Copy report');
  return copy;
}
