// What a check found, msp.check/1, for the screen and for the clipboard.
import {badge, documentation, duration, facts, h, icon, their} from '/dom.js';
import {consequence, headline, kOutcomes, kSteps, kStepStates} from '/words.js';

const kGroups = [
  {title: 'Missing', word: 'Missing', tone: 'bad', has: (grant) => grant.granted === 'none' && grant.need === 'required'},
  {title: 'Missing, but not required', word: 'Missing', tone: 'caution', has: (grant) => grant.granted === 'none'},
  {title: 'Could not be verified', word: 'Not verified', tone: 'caution', has: (grant) => grant.granted === 'unknown'},
  {title: 'Restricted', word: 'Restricted', tone: 'caution', has: (grant) => grant.granted === 'restricted'},
  {title: 'Granted', word: 'Granted', tone: 'good', has: () => true},
];

const groupOf = (grant) => kGroups.find((group) => group.has(grant));

const kHow = {introspected: 'stated by the platform', probed: 'tried by reading'};

function grantRow(grant) {
  const {word, tone} = groupOf(grant);
  const todo = tone !== 'good' && grant.remedy;
  return h('tr', {role: 'row', class: `grant ${tone}`},
      h('th', {role: 'rowheader', scope: 'row'}, h('span', {class: 'right'}, their(grant.entity ?? grant.id)), ' ',
          h('span', {class: 'operation'}, their(grant.operation ?? '')),
          h('span', {class: 'need'}, grant.need)),
      h('td', {role: 'cell'}, badge(tone, word),
          tone !== 'good' && kHow[grant.how] ? h('span', {class: 'how'}, kHow[grant.how]) : null),
      h('td', {role: 'cell'}, grant.used_for ? h('p', {class: 'used-for'}, grant.used_for) : null,
          todo ? h('p', {class: 'remedy'}, h('strong', {}, 'How to grant it: '), their(grant.remedy)) : null,
          todo && grant.evidence ? h('p', {class: 'evidence'}, 'The platform said: ', their(grant.evidence)) : null));
}

export function permissionTable(grants) {
  const groups = kGroups.map((group) => ({...group, grants: grants.filter((grant) => groupOf(grant) === group)}))
      .filter((group) => group.grants.length > 0);
  return h('table', {role: 'table', class: 'permissions'},
      h('caption', {class: 'unseen'}, 'Permissions, what is missing first'),
      h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'}, ['Permission', 'Access', 'Used for'].map(
          (head) => h('th', {role: 'columnheader', scope: 'col'}, head)))),
      groups.map((group) => h('tbody', {role: 'rowgroup'},
          h('tr', {role: 'row', class: `group ${group.tone}`},
              h('th', {role: 'rowheader', scope: 'rowgroup', colspan: 3}, `${group.title} (${group.grants.length})`)),
          group.grants.map(grantRow))));
}

// A required right that is missing stands in the table with everything about it; its finding would say it twice.
const isInTable = (report, finding) => report.permissions && /^perm\.(missing|restricted|unverifiable)$/.test(finding.code);

function findingView(finding, fieldHref) {
  const tone = finding.severity === 'error' ? 'bad' : finding.severity === 'warning' ? 'caution' : 'quiet';
  const field = finding.field ?? (finding.code.startsWith('name.') ? 'name' : null);
  return h('li', {class: `finding ${tone}`}, icon(tone), h('div', {},
      h('p', {class: 'summary'},
          h('span', {class: 'unseen'}, `${finding.severity}: `),
          field && fieldHref ? h('a', {href: fieldHref(field)}, finding.summary) : their(finding.summary)),
      finding.remedy ? h('p', {class: 'remedy'}, their(finding.remedy)) : null,
      h('p', {class: 'fine'}, h('code', {}, finding.code),
          finding.http_status ? ` · HTTP ${finding.http_status}` : '',
          finding.retry_after_s ? ` · try again in ${finding.retry_after_s} s` : '',
          finding.doc_url ? ' · ' : '', documentation(finding.doc_url))));
}

function findingList(findings, fieldHref) {
  return h('ul', {class: 'findings'}, findings.map((finding) => findingView(finding, fieldHref)));
}

export function stepLine(step, status, milliseconds) {
  const [tone, word] = kStepStates[status];
  return h('li', {class: `step ${status}`}, icon(tone), h('span', {class: 'step-name'}, kSteps[step] ?? step),
      h('span', {class: 'step-state'}, word),
      h('span', {class: 'step-time'}, milliseconds === undefined || status === 'skipped' ? '' : duration(milliseconds)));
}

export const identityFacts = (identity) => facts([
  ['Account', identity.label ? [their(identity.label), h('span', {class: 'fine'}, ' ', their(identity.account))]
      : their(identity.account)],
  ['Signed in as', their(identity.principal)], ['Endpoint', identity.endpoint && h('code', {}, identity.endpoint)],
]);

export function reportView(report, purpose, {fieldHref, actions, aside} = {}) {
  const tone = kOutcomes[report.outcome]?.[0] ?? 'bad';
  const errors = report.findings.filter((one) => one.severity === 'error');
  const missing = errors.filter((one) => one.code === 'perm.missing');
  const told = errors.filter((one) => !isInTable(report, one));
  const notes = report.findings.filter((one) => one.severity !== 'error' && !isInTable(report, one));
  const grants = report.permissions?.grants ?? [];
  const unverified = grants.filter((grant) => grant.granted === 'unknown');
  const verified = grants.filter((grant) => grant.granted !== 'unknown');
  const account = report.identity
      ? h('section', {class: 'panel'}, h('h2', {}, 'Account'), identityFacts(report.identity)) : null;
  const permissions = grants.length > 0
      ? h('section', {class: 'panel', id: 'permissions', tabindex: '-1', 'aria-labelledby': 'permissions-title'},
          h('h2', {id: 'permissions-title'}, 'Permissions'), permissionTable(grants)) : null;
  return [
    h('section', {class: `verdict ${tone}`, 'data-focus': true, 'aria-labelledby': 'verdict'},
        h('div', {class: 'verdict-mark'}, icon(tone)),
        h('div', {},
            h('h1', {id: 'verdict'}, headline(report, purpose)),
            h('p', {class: 'lead'}, report.integration?.name ? [their(report.integration.name), '. '] : null,
                consequence(report, purpose)),
            missing.length > 0 ? h('p', {}, missing.length === 1 ? 'One required permission is missing: '
                : `${missing.length} required permissions are missing: `,
              grants.filter((grant) => grant.granted === 'none' && grant.need === 'required')
                  .map((grant, index) => [index > 0 ? ', ' : '', h('strong', {}, their(`${grant.entity} – ${grant.operation}`))]),
              '. ', h('a', {href: '#permissions', onclick: jump('permissions')}, 'How to grant it')) : null,
            told.length > 0 ? findingList(told, fieldHref) : null,
            h('div', {class: 'actions'}, actions, copyButton(report, purpose)), aside)),
    ...(report.outcome === 'accepted' ? [account, permissions] : [permissions, account]),
    notes.length > 0 ? h('section', {class: 'panel'}, h('h2', {}, 'Worth knowing'), findingList(notes, fieldHref)) : null,
    h('section', {class: 'panel'}, h('h2', {}, 'What was verified'),
        h('ol', {class: 'steps'}, report.steps.map((step) => stepLine(step.step, step.status, step.ms))),
        verified.length > 0 ? h('p', {}, `${verified.length} of ${grants.length} permissions were verified`,
            unverified.length === 0 ? '.' : ['; these could not be: ',
              unverified.map((grant, index) => [index > 0 ? ', ' : '', their(`${grant.entity} – ${grant.operation}`)]), '.']) : null,
        h('p', {class: 'fine'}, 'Reference for the log: ', h('code', {}, report.correlation_id || 'none'))),
  ];
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

export function reportText(report, purpose) {
  const lines = [`# ${headline(report, purpose)}`, '',
    `${report.integration?.name ?? ''}: ${consequence(report, purpose)}`,
    `Outcome: ${report.outcome} · Platform: ${report.integration?.platform ?? ''} · Reference: ${report.correlation_id}`];
  if (report.identity) lines.push(`Account: ${report.identity.label ?? report.identity.account} · ${report.identity.principal}`);
  for (const finding of report.findings) {
    lines.push('', `- [${finding.severity}] ${finding.summary} (${finding.code})`);
    if (finding.remedy) lines.push(`  ${finding.remedy}`);
  }
  const grants = report.permissions?.grants ?? [];
  for (const group of kGroups) {
    const members = grants.filter((grant) => groupOf(grant) === group);
    if (members.length > 0) lines.push('', `## ${group.title}`);
    for (const grant of members) {
      lines.push(`- ${grant.entity} – ${grant.operation} (${grant.need}): ${grant.used_for ?? ''}`);
      if (group.tone !== 'good' && grant.remedy) lines.push(`  How to grant it: ${grant.remedy}`);
    }
  }
  lines.push('', '## Steps', ...report.steps.map((step) => `- ${kSteps[step.step] ?? step.step}: ${step.status}, ${step.ms} ms`));
  return `${lines.join('\n')}\n`;
}

function copyButton(report, purpose) {
  const copy = h('button', {type: 'button', onclick: async () => {
    const text = reportText(report, purpose);
    try {
      await navigator.clipboard.writeText(text);
      copy.textContent = 'Copied';
      document.getElementById('live').textContent = 'The report was copied.';
    } catch {
      // Without the right to the clipboard the text is shown, selected.
      const area = h('textarea', {readonly: true, rows: 12, 'aria-label': 'Report', value: text});
      copy.closest('.actions').after(area);
      area.select();
    }
  }}, 'Copy report');
  return copy;
}
