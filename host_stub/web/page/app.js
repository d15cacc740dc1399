// The router: one address, one screen.
import {openSession, Problem} from '/api.js';
import {add, h, link, say} from '/dom.js';

const main = document.getElementById('main');

// Loaded when first shown. A screen is a function (parameters, signal) -> {title, section, content: [nodes]}; the
// signal ends what it left running.
const kScreens = [
  [/^\/integrations$/, () => import('/screens/integrations.js')],
  [/^\/integrations\/add$/, () => import('/screens/settings.js')],
  [/^\/integrations\/(?<id>\d+)$/, () => import('/screens/integration.js')],
  [/^\/integrations\/(?<id>\d+)\/(?<what>edit|credentials)$/, () => import('/screens/settings.js')],
  [/^\/checks\/(?<check>[0-9a-f]+)$/, () => import('/screens/check.js')],
  [/^\/plugins$/, () => import('/screens/plugins.js')],
  [/^\/plugins\/(?<plugin>[^/]+)\/requirements$/, () => import('/screens/requirements.js')],
];

let leaving = new AbortController();
let first = true;
let parting = '';  // what the last screen wants to have said

function show({title, section, content}) {
  document.title = `${title} – MSP console`;
  for (const entry of document.querySelectorAll('nav [data-section]')) {
    if (entry.dataset.section === section) entry.setAttribute('aria-current', 'page');
    else entry.removeAttribute('aria-current');
  }
  main.replaceChildren();
  add(main, [content]);
  window.scrollTo(0, 0);
  // Assistive technology reads from the new screen's heading on; at the first screen the page itself is read.
  const focus = main.querySelector('[data-focus]') ?? main.querySelector('h1');
  focus?.setAttribute('tabindex', '-1');
  if (!first || focus?.dataset.focus !== undefined) focus?.focus({preventScroll: true});
  first = false;
}

export function problemScreen(error) {
  const signedOut = error.status === 401;
  const problem = error instanceof Problem ? error
      : {summary: 'The page failed.', remedy: 'Reload it; if it stays, report it to the console\'s vendor.'};
  if (!(error instanceof Problem)) console.error(error);
  return {
    title: signedOut ? 'Not signed in' : 'Not possible', section: '',
    content: h('section', {class: 'panel narrow'},
        h('h1', {}, signedOut ? 'This browser is not signed in' : 'That did not work'),
        signedOut ? null : h('p', {class: 'lead'}, problem.summary), h('p', {}, problem.remedy),
        signedOut ? h('p', {class: 'hint'}, 'The console shows a fresh link in the terminal in which it runs.')
            : h('p', {}, link('#/integrations', 'To the integrations'))),
  };
}

async function route() {
  leaving.abort();
  leaving = new AbortController();
  const {signal} = leaving;
  const [path, query] = (location.hash.slice(1) || '/integrations').split('?');
  try {
    for (const [pattern, load] of kScreens) {
      const found = pattern.exec(path);
      if (!found) continue;
      const parameters = {...found.groups, ...Object.fromEntries(new URLSearchParams(query))};
      const screen = await (await load()).default(parameters, signal);
      if (signal.aborted) return;
      say(parting);
      parting = '';
      show(screen);
      screen.shown?.();
      return;
    }
    location.replace('#/integrations');
  } catch (error) {
    if (!signal.aborted) show(problemScreen(error));
  }
}

// To another screen, which says the sentence once it is shown.
export function leave(hash, sentence) {
  parting = sentence;
  location.hash = hash;
}

// Screens that are told later that something went wrong.
export function fail(error, signal) {
  if (!signal?.aborted && error.name !== 'AbortError') show(problemScreen(error));
}

async function start() {
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
  const key = /^#key=([0-9a-f]+)$/.exec(location.hash)?.[1];
  // The key is used up; it should not stay in the address bar either.
  if (key) history.replaceState(null, '', '/');
  // A link that was used before does not matter to a browser that is signed in. To another one the first screen tells it.
  if (key) await openSession(key).catch(() => null);
  window.addEventListener('hashchange', () => {
    if (location.hash.startsWith('#key=')) location.reload();
    else route();
  });
  route();
}

start();
