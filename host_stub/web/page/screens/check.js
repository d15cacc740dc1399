// A check while it runs, and what it found. The check runs in the console: this screen may come and go.
import {call, get, post} from '/api.js';
import {button, duration, h, link, say, their} from '/dom.js';
import {checkAddress, forgetSecrets, hasSecrets, keepSecrets, secretsOf} from '/drafts.js';
import {reportView, stepLine} from '/report.js';
import {SignIn} from '/sign_in.js';
import {kSteps, titled, words} from '/words.js';
import {fail, leave, problemScreen} from '/app.js';

const kTick = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : 100;

const kTitles = {add: 'Checking the settings', edit: 'Checking the changes', check: 'Checking again', try_out: 'Checking only',
  check_all: 'Checking all integrations', sign_in: 'Signing in'};

class Progress {
  constructor(check) {
    this.status = Object.fromEntries(kSteps.map((step) => [step, {status: 'waiting'}]));
    this.list = h('ol', {class: 'steps live'});
    this.signIn = new SignIn(check.id);
    this.tell(check.events, false);
  }

  tell(events, aloud = true) {
    for (const event of events) {
      if (event.event.startsWith('sign_in')) {
        this.signIn.tell(event);
        continue;
      }
      const step = this.status[event.step] ??= {};
      if (event.event === 'step_started') step.status = 'running';
      if (event.event === 'progress') step.sentence = event.sentence;
      if (event.event === 'step_ended') Object.assign(step, {status: event.status, ms: event.ms});
      if (aloud && event.event !== 'progress') say(`${titled(event.step)}: ${words(step.status)}`);
    }
    this.list.replaceChildren(...Object.entries(this.status).map(([step, {status, ms, sentence}]) => {
      const line = stepLine(step, status, ms);
      if (status === 'running' && sentence) line.append(h('p', {class: 'progress', dir: 'auto'}, sentence));
      return line;
    }));
  }
}

// A check that may go better when it is simply done again. Refused credentials would not, and each attempt brings an
// account nearer to being locked; what somebody else changed should be looked at first.
const mayRepeat = ({outcome, findings}) => !['invalid_settings', 'conflict', 'incompatible'].includes(outcome)
    && !findings.some((one) => one.severity === 'error' && one.code.startsWith('auth.'));

// The integration that already has the account which a check found, so that a new one was refused.
async function connectedAs({platform, result: {identity, findings}}) {
  if (!identity || !findings.some((one) => one.code === 'account.already_connected')) return null;
  const {integrations} = await get('integrations');
  return integrations.find((one) => one.platform === platform && one.account === identity.account && one.principal === identity.principal);
}

// `what`: the screen of a saved integration that the check was started from.
async function result(check, what = 'edit') {
  const report = check.result;
  const purpose = check.purpose;
  if (report.error) return problemScreen(Object.assign(new Error(report.error.summary), {...report.error, status: 500}));
  const accepted = report.outcome === 'accepted';
  if (accepted && purpose !== 'try_out') forgetSecrets();
  const id = check.integration ?? (report.integration.saved ? report.integration.id : null);
  const edit = `${id ? `#/integrations/${id}/${what}` : '#/integrations/add'}?check=${check.id}`;
  // Once more with what was typed: as it was done, or so that it is saved.
  const repeat = (save) => async () => {
    const secrets = secretsOf(check.id);
    const body = {name: check.name || undefined, settings: check.settings, secrets};
    try {
      const next = purpose === 'check' ? await post(`integrations/${check.integration}/check`)
          : purpose === 'sign_in' ? await post(`integrations/${check.integration}/sign-in`)
          : purpose === 'edit' ? await call('PATCH', `integrations/${check.integration}`, body)
          : await post(save ? 'integrations' : 'checks', {platform: check.platform, ...body});
      keepSecrets(next.id, secrets);
      location.hash = checkAddress(next.id, what);
    } catch (error) {
      fail(error);
    }
  };
  const has = (code) => report.findings.some((one) => one.severity === 'error' && one.code.startsWith(code));
  const open = id ? [link(`#/integrations/${id}`, 'Open the integration')] : [];
  const all = link('#/integrations', 'All integrations');
  const change = link(edit, what === 'edit' ? 'Change the settings' : 'Replace credentials');
  const other = await connectedAs(check);
  // Without the secrets that were typed it would be another attempt.
  const isForgotten = purpose !== 'check' && purpose !== 'sign_in' && !hasSecrets(check.id);
  const sensible = accepted && id ? [...open]
      : accepted ? [isForgotten ? null : button('Save the integration', repeat(true)), change]
      : other ? [link(`#/integrations/${other.id}`, ['Open “', their(other.name), '”']), change]
      : has('plugin.') ? [link('#/plugins', 'Go to the plugins'), ...open]
      : has('integration.missing') ? []
      : has('integration.changed') ? [...open, change]
      : purpose === 'sign_in' ? [button('Sign in again', repeat(false)), ...open]
      : purpose === 'check' && has('auth.') ? [link(`#/integrations/${id}/credentials`, 'Replace credentials'), ...open]
      : [mayRepeat(report) && !isForgotten ? button('Try again', repeat(purpose === 'add')) : null, change, ...open];
  const actions = [...sensible, all].filter(Boolean);
  for (const [index, action] of actions.entries()) {
    if (action.tagName === 'A') action.classList.add('button');
    if (index === 0) action.classList.add('primary');
  }
  return {
    title: check.headline, section: 'integrations',
    content: reportView(check, {
      actions, fieldHref: (field) => `${edit}&field=${encodeURIComponent(field)}`,
      aside: [
        isForgotten && actions.includes(change) ? h('p', {class: 'fine'}, 'A password or another secret that was typed for '
            + 'this check is forgotten when the page is reloaded: enter it again.') : null,
        has('perm.') ? h('p', {class: 'fine'},
            link(`#/plugins/${encodeURIComponent(check.platform)}/requirements`, 'Setup sheet for the platform’s administrator')) : null,
      ],
    }),
  };
}

// The end of a check is seen here, so the list need not tell of it.
const seen = (check) => post(`checks/${check.id}/dismiss`).catch(() => null);

// Nothing but the name was changed, and nobody was asked: a report would say nothing.
const isRenamed = ({purpose, result: report}) => purpose === 'edit' && report.outcome === 'accepted'
    && report.steps.every((step) => step.status === 'skipped');

async function follow(check, progress, signal) {
  try {
    let {next} = check;
    while (!signal.aborted) {
      const news = await get(`checks/${check.id}?after=${next}`, signal);
      progress.tell(news.events);
      next = news.next;
      if (news.state === 'ended') {
        await seen(check);
        return window.dispatchEvent(new HashChangeEvent('hashchange'));
      }
      // The console answered without waiting, because many pages wait: not at once again.
      if (news.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 300));
    }
  } catch (error) {
    fail(error, signal);
  }
}

export default async function checkScreen({check: id, what}, signal) {
  const now = await get(`checks/${id}`, signal);
  const {ProgressOfAll, resultOfAll} = now.purpose === 'check_all' ? await import('/screens/check_all.js') : {};
  // One that this page started may have ended before it could be followed.
  if (now.state === 'ended' && !now.dismissed && hasSecrets(id)) await seen(now);
  if (now.state === 'ended' && hasSecrets(id) && isRenamed(now)) {
    forgetSecrets();
    leave(`#/integrations/${now.integration}`, 'Renamed.');
    return new Promise(() => {});  // the other screen is shown instead
  }
  if (now.state === 'ended') return (resultOfAll ?? result)(now, what);

  const progress = new (ProgressOfAll ?? Progress)(now);
  const began = performance.now() - now.elapsed_ms;
  const clock = h('p', {class: 'elapsed'});
  const tick = () => { clock.textContent = duration(performance.now() - began); };
  tick();
  const timer = setInterval(tick, kTick);
  signal.addEventListener('abort', () => clearInterval(timer));
  const cancel = button('Cancel', async () => {
    say('Cancelling.');
    try {
      await call('DELETE', `checks/${id}`);
    } catch (error) {
      fail(error, signal);
    }
  });
  follow(now, progress, signal);
  return {
    title: kTitles[now.purpose], section: 'integrations',
    content: h('section', {class: 'panel narrow'},
        h('h1', {}, kTitles[now.purpose], now.name ? h('span', {class: 'sub'}, their(now.name)) : null),
        progress.list, progress.signIn?.element, h('div', {class: 'actions'}, cancel, clock),
        h('p', {class: 'hint'}, 'The console does the check: you may reload this page or close it.')),
  };
}
