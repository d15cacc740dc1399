// A check of all integrations: how far it is, and how it left each of them.
import {post} from '/api.js';
import {button, h, link, table, their} from '/dom.js';
import {badgeOf, toneOf} from '/words.js';
import {fail} from '/app.js';

const needsSomebody = (one) => one.state !== 'active' || one.reason !== '';

const row = (one) => [link(`#/integrations/${one.integration}`, their(one.name)),
  [badgeOf(one.state), one.tried ? null : h('span', {class: 'how'}, 'not tried again')], one.reason ? their(one.reason) : 'Everything is in order.'];

const kShownLive = 20;  // while the check runs; all of them when it has ended

const list = (caption, all) => table(caption, ['Name', 'State', 'Reason'], all.map(row));

// [badge, how many] for each state that occurs.
function counts(all) {
  const states = [...new Set(all.map((one) => one.state))].sort();
  return h('ul', {class: 'counts'}, states.map((state) => h('li', {},
      badgeOf(state), h('strong', {}, String(all.filter((one) => one.state === state).length)))));
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
    const attention = this.checked.filter(needsSomebody);
    this.list.replaceChildren(
        h('p', {id: 'how-far'}, of ? `${this.checked.length} of ${of} are done.` : 'The first are under way.'),
        h('progress', {'aria-labelledby': 'how-far', max: of ?? 1, value: of ? String(this.checked.length) : undefined}),
        counts(this.checked), ...(attention.length > 0 ? [list('Integrations that need somebody', attention.slice(0, kShownLive))] : []),
        attention.length > kShownLive ? h('p', {class: 'hint'}, `And ${attention.length - kShownLive} more.`) : '');
  }
}

export function resultOfAll(check) {
  const checked = check.events;
  const problem = check.result.error;
  const attention = checked.filter(needsSomebody);
  const fine = checked.filter((one) => !needsSomebody(one));
  const worst = problem ? 'bad' : ['bad', 'caution'].find((tone) => attention.some((one) => toneOf(one.state) === tone)) ?? (attention.length > 0 ? 'caution' : 'good');
  const again = () => post('integrations/check').then(({id}) => { location.hash = `#/checks/${id}`; }).catch(fail);
  return {
    title: 'Check of all integrations', section: 'integrations',
    content: [
      h('section', {class: `verdict ${worst} all`, 'data-focus': true, 'aria-labelledby': 'verdict'}, h('div', {},
          h('h1', {id: 'verdict'}, 'Check of all integrations'),
          h('p', {class: 'lead'}, check.headline),
          check.consequence ? h('p', {}, check.consequence) : null,
          problem ? h('div', {class: 'notice bad'}, h('p', {}, problem.summary), h('p', {}, problem.remedy)) : null,
          h('div', {class: 'actions'}, link('#/integrations', 'All integrations', {class: 'button primary'}), button('Check all again', again)))),
      attention.length > 0 ? h('section', {class: 'panel flush'}, h('h2', {}, `Need somebody (${attention.length})`), list('Integrations that need somebody', attention)) : null,
      fine.length > 0 ? h('section', {class: 'panel flush'}, h('h2', {}, `In order (${fine.length})`), list('Integrations in order', fine)) : null,
    ],
  };
}
