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

function show({title, section, content}, news) {
  document.title = `${title} – MSP console`;
  for (const entry of document.querySelectorAll('nav [data-section]')) {
    if (entry.dataset.section === section) entry.setAttribute('aria-current', 'page');
    else entry.removeAttribute('aria-current');
  }
  main.replaceChildren();
  add(main, [news ? h('p', {class: 'notice good news'}, news) : null, content]);
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
        h('h1', {}, signedOut ? 'This browser is not signed in' : problem.summary.replace(/\.$/, '')),
        h('p', {}, problem.remedy),
        signedOut ? h('p', {class: 'hint'}, 'The console shows a fresh link in the terminal in which it runs.')
            : problem.status === 0 ? h('p', {class: 'hint'}, 'This page looks for the console every three seconds, and goes on by itself.')
            : h('p', {}, link('#/integrations', 'To the integrations'))),
  };
}

const kKnock = 3000;  // how often a console that does not answer is looked for, in milliseconds

// A console that was started again is found by itself.
function waitForConsole(error, signal) {
  if (error.status !== 0) return;
  const timer = setInterval(async () => {
    if (await fetch('/healthz', {cache: 'no-store', signal}).then(({ok}) => ok, () => false)) route();
  }, kKnock);
  signal.addEventListener('abort', () => clearInterval(timer));
}

// How many plugins were changed since they were approved stands beside "Plugins". Told by each screen that asked for them.
export function countChanged(plugins) {
  const changed = plugins.filter((plugin) => plugin.state === 'modified').length;
  document.getElementById('changed').replaceChildren(...(changed === 0 ? []
      : [h('span', {class: 'count'}, String(changed), h('span', {class: 'unseen'}, ' changed'))]));
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
      show(screen, parting);
      say(parting);
      parting = '';
      screen.shown?.();
      return;
    }
    location.replace('#/integrations');
  } catch (error) {
    fail(error, signal);
  }
}

// To another screen, which says the sentence once it is shown.
export function leave(hash, sentence) {
  parting = sentence;
  location.hash = hash;
}

// The same screen once more, with the sentence.
export function again(sentence) {
  parting = sentence;
  route();
}

// Screens that are told later that something went wrong.
export function fail(error, signal) {
  if (signal?.aborted || error.name === 'AbortError') return;
  show(problemScreen(error));
  waitForConsole(error, leaving.signal);
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
