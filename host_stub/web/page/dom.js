// Elements, icons and times. Texts become text nodes, never markup: most of them come from plugins and platforms.

const kSvg = 'http://www.w3.org/2000/svg';

// h('p', {class: 'note', onclick: go}, 'text', element, null, [more]): null, false and undefined are left out.
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  add(element, children);
  return element;
}

export function add(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

// A text of somebody else within a sentence of ours: its direction stays its own.
export const their = (text) => h('bdi', {}, text);

// How the texts of a plugin are written. Where its language does not say from right to left, each text says it for itself.
export const written = ({language, direction}) => ({lang: language, dir: direction === 'rtl' ? 'rtl' : 'auto'});

const kPaths = {
  good: 'M4 10.5l4 4 8-9',
  bad: 'M5 5l10 10M15 5L5 15',
  caution: 'M10 4.5v7M10 15.2v.3',
  quiet: 'M5 10h10',
  running: 'M10 5v5l3 2',
};

export function icon(tone) {
  const svg = document.createElementNS(kSvg, 'svg');
  for (const [name, value] of Object.entries({viewBox: '0 0 20 20', 'aria-hidden': 'true', class: `icon icon-${tone}`})) {
    svg.setAttribute(name, value);
  }
  const path = document.createElementNS(kSvg, 'path');
  path.setAttribute('d', kPaths[tone] ?? kPaths.quiet);
  svg.append(path);
  return svg;
}

// An icon and a word, so that nothing is told by colour alone.
export const badge = (tone, word) => h('span', {class: `badge ${tone}`}, icon(tone), word);

export const link = (href, text, properties) => h('a', {href, ...properties}, text);

// A link beside something that is being typed, which stays as it is.
export const linkInNewTab = (href, text, properties) => link(href, [text, h('span', {class: 'unseen'}, ' (opens in a new tab)')],
    {target: '_blank', rel: 'noopener', ...properties});

// A link to somebody else's page; only https, because the address is a plugin's.
export function documentation(url, text = 'Documentation') {
  return /^https:\/\//i.test(url ?? '') ? linkInNewTab(url, text, {rel: 'noopener noreferrer', class: 'outside'}) : null;
}

export const button = (text, onclick, properties) => h('button', {type: 'button', onclick, ...properties}, text);

// [[term, what it is], ...]; what has no value is left out.
export function facts(rows) {
  return h('dl', {class: 'facts'}, rows.filter(([, value]) => ![null, undefined, false, ''].includes(value))
      .map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))));
}

// A table that becomes a list of cards when it is narrow; the roles keep it a table for assistive technology then.
export function table(caption, heads, rows, properties) {
  const cell = (content, index) => h(index === 0 ? 'th' : 'td',
      {role: index === 0 ? 'rowheader' : 'cell', scope: index === 0 ? 'row' : null, 'data-head': heads[index]},
      h('div', {}, content));
  return h('table', {role: 'table', class: 'cards', ...properties},
      h('caption', {class: 'unseen'}, caption),
      h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'},
          heads.map((head) => h('th', {role: 'columnheader', scope: 'col'}, head)))),
      h('tbody', {role: 'rowgroup'}, rows.map((row) => h('tr', {role: 'row'}, row.map(cell)))));
}

const kRelative = new Intl.RelativeTimeFormat('en', {numeric: 'auto'});

export function when(iso) {
  if (!iso) return 'never';
  const date = new Date(iso);
  const full = date.toLocaleString('en-GB', {dateStyle: 'medium', timeStyle: 'short'});
  const seconds = (date - Date.now()) / 1000;
  const age = Math.abs(seconds);
  const near = age < 45 ? 'just now'
      : age < 3600 ? kRelative.format(Math.round(seconds / 60), 'minute')
      : age < 86400 ? kRelative.format(Math.round(seconds / 3600), 'hour') : full;
  return h('time', {datetime: iso, title: full}, near);
}

export const day = (iso) => h('time', {datetime: iso}, new Date(iso).toLocaleDateString('en-GB', {dateStyle: 'long'}));

export function duration(milliseconds) {
  // What is rounded up to the next unit is told in it: never "1 min 60 s".
  if (Math.round(milliseconds) < 1000) return `${Math.round(milliseconds)} ms`;
  const tenths = Math.round(milliseconds / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

// How long to wait, rounded up, in the words of the command line: "90 seconds", "15 minutes", "6 hours".
export function waitingTime(seconds) {
  if (seconds === 1) return '1 second';
  if (seconds <= 120) return `${seconds} seconds`;
  return seconds <= 7200 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`;
}

// Spoken politely by assistive technology; the one live region of the page.
export function say(sentence) {
  document.getElementById('live').textContent = sentence;
}

// Asks before something that cannot be taken back. Resolves to whether it was confirmed.
export function ask(title, content, confirm, properties) {
  return new Promise((resolve) => {
    const close = () => dialog.close();
    const dialog = h('dialog', {'aria-labelledby': 'dialog-title', class: properties?.class},
        h('form', {method: 'dialog', onsubmit: () => { dialog.returnValue = 'yes'; }},
            h('h2', {id: 'dialog-title', tabindex: '-1', autofocus: !properties?.danger}, title),
            h('div', {class: 'dialog-body', tabindex: '0', role: 'group', 'aria-labelledby': 'dialog-title'}, content),
            h('div', {class: 'actions'},
                h('button', {class: properties?.danger ? 'danger' : 'primary', value: 'yes'}, confirm),
                button('Cancel', close, {autofocus: properties?.danger}))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
