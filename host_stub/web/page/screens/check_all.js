// A check of all integrations: how far it is, and how it left each of them.
import {post} from '/api.js';
import {badge, button, h, link, table, their} from '/dom.js';
import {badgeOf, titled} from '/words.js';
import {fail} from '/app.js';

// What needs somebody first. `tone`: that of the whole check when nothing worse is in it.
const kGroups = [
  {id: 'needs_somebody', tone: 'bad', title: (count) => `Need attention (${count})`, caption: 'Integrations that need attention'},
  {id: 'not_checked', tone: 'caution', title: (count) => `Could not be checked now (${count}) – try again later`,
    caption: 'Integrations that could not be checked now'},
  {id: 'with_remarks', tone: 'caution', title: (count) => `Work, with remarks (${count})`, caption: 'Integrations that work, with remarks'},
  {id: 'in_order', tone: 'good', title: (count) => `In order (${count})`, caption: 'Integrations in order'},
];

const membersOf = (checked) => kGroups.map((group) => ({...group, members: checked.filter((one) => one.group === group.id)}))
    .filter((group) => group.members.length > 0);

// What could not be checked is as it was, so its state is not told from this.
const badgeOfOne = (one) => one.group === 'not_checked' || one.group === 'with_remarks'
    ? badge('caution', titled(one.words))
    : badgeOf(one.state);

const row = (one) => [link(`#/integrations/${one.integration}`, their(one.name)),
  [badgeOfOne(one), one.tried ? null : h('span', {class: 'how'}, 'not tried again')],
  one.reason ? their(one.reason) : 'Everything is in order.'];

const kShownLive = 20;  // while the check runs; all of them when it has ended

const list = (caption, all) => table(caption, ['Name', 'State', 'Reason'], all.map(row));

// [badge, how many] for each state that occurs.
const kCounted = {not_checked: 'not checked', with_remarks: 'active with remarks'};
function counts(all) {
  const kinds = [...new Set(all.map((one) => kCounted[one.group] ?? one.state))].sort();
  return h('ul', {class: 'counts'}, kinds.map((kind) => h('li', {},
      Object.values(kCounted).includes(kind) ? badge('caution', titled(kind)) : badgeOf(kind),
      h('strong', {}, String(all.filter((one) => (kCounted[one.group] ?? one.state) === kind).length)))));
}

export class ProgressOfAll {
  constructor(check) {
    this.checked = [];
    this.list = h('div', {});
    this.tell(check.events);
  }

  tell(events) {
    this.checked.push(...events);
    const of = this.checked.at(-1)?.of;
    const attention = this.checked.filter((one) => one.group === 'needs_somebody');
    this.list.replaceChildren(
        h('p', {id: 'how-far'}, of ? `${this.checked.length} of ${of} are done.` : 'The first are under way.'),
        h('progress', {'aria-labelledby': 'how-far', max: of ?? 1, value: of ? String(this.checked.length) : undefined}),
        counts(this.checked), ...(attention.length > 0 ? [list('Integrations that need attention', attention.slice(0, kShownLive))] : []),
        attention.length > kShownLive ? h('p', {class: 'hint'}, `And ${attention.length - kShownLive} more.`) : '');
  }
}

export function resultOfAll(check) {
  const checked = check.events;
  const problem = check.result.error;
  const groups = membersOf(checked);
  const worst = problem ? 'bad' : groups[0]?.tone ?? 'good';
  const again = () => post('integrations/check').then(({id}) => { location.hash = `#/checks/${id}`; }).catch(fail);
  return {
    title: 'Check of all integrations', section: 'integrations',
    content: [
      h('section', {class: `verdict ${worst} all`, 'data-focus': true, 'aria-labelledby': 'verdict'}, h('div', {},
          h('h1', {id: 'verdict'}, 'Check of all integrations'),
          h('p', {class: 'lead'}, check.headline),
          check.consequence ? h('p', {}, check.consequence) : null,
          problem ? h('div', {class: 'notice bad'}, h('p', {}, problem.summary), h('p', {}, problem.remedy)) : null,
          h('div', {class: 'actions'}, link('#/integrations', 'All integrations', {class: 'button primary'}),
              button('Check all again', again)))),
      groups.map((group) =>
        h('section', {class: 'panel flush'}, h('h2', {}, group.title(group.members.length)),
            list(group.caption, group.members))),
    ],
  };
}
