// The table of the saved integrations. Where they are many it can be searched, narrowed and sorted, and only the first
// hundred rows are drawn until somebody wants more.
import {button, h, link, table, their, when} from '/dom.js';
import {notChecked, remarkWords, stateBadge, titled, words} from '/words.js';

const kEnoughToSearch = 20;
const kRows = 100;  // drawn at once: a thousand would stop the page for a second

// Kept for who comes back to the list.
const view = {wanted: '', kind: 'all', order: 'problems', rows: kRows};

const isActive = (one) => one.state === 'active';
const kKinds = {
  all: {title: 'All', has: () => true},
  attention: {title: 'Need attention', has: (one) => !isActive(one) && one.state !== 'disabled'},
  remarks: {title: 'With remarks', has: (one) => isActive(one) && remarkWords(one.last_check?.remarks) !== ''},
  disabled: {title: 'Disabled', has: (one) => one.state === 'disabled'},
};

const rank = (one) => kKinds.attention.has(one) ? 0 : kKinds.remarks.has(one) ? 1 : isActive(one) ? 2 : 3;
const collator = new Intl.Collator('en', {numeric: true, sensitivity: 'base'});
const byName = (one, other) => collator.compare(one.name, other.name);
const kOrders = {
  problems: {title: 'Problems first', compare: (one, other) => rank(one) - rank(other) || byName(one, other)},
  name: {title: 'Name', compare: byName},
  checked: {title: 'Longest not checked', compare: (one, other) =>
    (one.last_check?.at ?? '').localeCompare(other.last_check?.at ?? '') || byName(one, other)},
};

function row(integration, names) {
  const {last_check: last} = integration;
  return [
    link(`#/integrations/${integration.id}`, their(integration.name)),
    their(names[integration.platform] ?? integration.platform),
    [their(integration.label ?? integration.account),
      integration.label && integration.label !== integration.account ? h('span', {class: 'fine'}, their(integration.account)) : null,
      h('span', {class: 'fine'}, their(integration.principal))],
    [stateBadge(integration), integration.reason ? h('span', {class: 'fine'}, integration.reason) : null,
      integration.state !== 'disabled' && integration.not_checked ? h('span', {class: 'fine not-checked'}, notChecked(integration)) : null],
    last ? [titled(last.outcome), h('span', {class: 'fine'}, when(last.at))] : 'never',
  ];
}

// What somebody may search for: all that a row says.
const textOf = (one, names) => [one.name, names[one.platform] ?? one.platform, one.label, one.account, one.principal, words(one.state),
  remarkWords(one.last_check?.remarks), one.reason, one.not_checked?.why].filter(Boolean).join(' ').toLowerCase();

export function overview(list, names) {
  const place = h('div', {});
  const count = h('p', {class: 'hint', role: 'status'});
  const texts = new Map(list.map((one) => [one, textOf(one, names)]));
  const isLong = list.length >= kEnoughToSearch;
  if (!isLong) Object.assign(view, {wanted: '', kind: 'all'});

  const draw = () => {
    const text = view.wanted.trim().toLowerCase();
    const found = list.filter((one) => kKinds[view.kind].has(one) && texts.get(one).includes(text)).sort(kOrders[view.order].compare);
    count.textContent = found.length === list.length && text === '' ? '' : `${found.length} of ${list.length}`;
    const more = found.length - view.rows;
    const shown = found.slice(0, view.rows).map((one) => row(one, names));
    place.replaceChildren(table('Integrations', ['Name', 'Platform', 'Account', 'State', 'Last check'], shown),
        more > 0 ? h('p', {class: 'more'}, button(`Show ${Math.min(more, kRows)} more of ${more}`, showMore)) : '',
        found.length === 0 ? h('p', {class: 'more'}, 'Nothing matches. ', button('Show all', showAll)) : '');
  };
  const showMore = () => {
    const first = view.rows;
    view.rows += kRows;
    draw();
    place.querySelectorAll('tbody a')[first]?.focus();
  };
  const showAll = () => {
    Object.assign(view, {wanted: '', kind: 'all', rows: kRows});
    field.value = '';
    press();
    draw();
    field.focus();
  };
  const field = h('input', {id: 'find', type: 'search', value: view.wanted, oninput: () => {
    Object.assign(view, {wanted: field.value, rows: kRows});
    draw();
  }});
  const order = h('select', {id: 'order', onchange: () => {
    view.order = order.value;
    draw();
  }}, Object.entries(kOrders).map(([id, {title}]) => h('option', {value: id, selected: id === view.order}, title)));
  const chips = Object.entries(kKinds).map(([id, {title, has}]) => [id, `${title} (${list.filter(has).length})`])
      .map(([id, title]) => button(title, () => {
        Object.assign(view, {kind: id, rows: kRows});
        press();
        draw();
      }, {class: 'chip', 'data-kind': id}));
  const press = () => chips.forEach((chip) => chip.setAttribute('aria-pressed', String(chip.dataset.kind === view.kind)));
  press();
  draw();
  return h('section', {class: 'panel flush'},
      isLong ? h('div', {class: 'find'}, h('label', {for: 'find'}, 'Find'), field, h('label', {for: 'order'}, 'Sort by'), order,
          h('div', {class: 'chips', role: 'group', 'aria-label': 'Show'}, chips), count) : null,
      place);
}
