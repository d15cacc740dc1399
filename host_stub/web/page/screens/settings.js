// Integration settings: a new integration, an edit, or new credentials for a saved one.
import {call, get, post} from '/api.js';
import {add, h, link, linkInNewTab, say, their, written} from '/dom.js';
import {checkAddress, keepForm, keepSecrets, keptForm, secretsOf} from '/drafts.js';
import {errorSummary, SettingsForm} from '/form.js';
import {fieldOf} from '/words.js';
import {countChanged, fail} from '/app.js';

const kWide = matchMedia('(min-width: 56rem)');  // as in the style: room for two columns

const kLongestName = 200;  // for the console in bytes, so it has the last word

// The first name that is free: "Integration with Autotask 2".
function defaultName(plugin, taken) {
  const first = `Integration with ${plugin.name}`;
  const isTaken = (name) => taken.some((each) => each.toLowerCase() === name.toLowerCase());
  let name = first;
  for (let number = 2; isTaken(name); ++number) name = `${first} ${number}`;
  return name;
}

// What a check that did not go well said about the settings.
function errorsOf(check) {
  return (check?.result?.findings ?? []).filter((one) => one.severity === 'error')
      .map((one) => ({field: fieldOf(one), summary: one.summary, remedy: one.remedy}));
}

class SettingsScreen {
  constructor({platforms, plugin, integration, what, check, taken, draft, signal}) {
    Object.assign(this, {platforms, plugin, integration, what, check, taken, signal});
    this.only = what === 'credentials' ? (each) => each.kind === 'secret' || each.kind === 'choice' || each.identity : undefined;
    // What was typed, by platform: who looks at another one and comes back finds it again.
    this.typed = check ? {[check.platform]: {...check.settings, ...secretsOf(check.id)}} : draft?.typed ?? {};
    this.nameError = h('p', {class: 'error', id: 'name-error', hidden: true});
    this.name = h('input', {id: 'name', type: 'text', autocomplete: 'off', maxlength: kLongestName,
      'aria-describedby': 'name-error',
      value: check?.name || integration?.name || draft?.name || (plugin ? this.#defaultName() : '')});
    this.summary = h('div', {});
    this.body = h('div', {class: 'fields-place'});
    this.beside = h('aside', {class: 'beside'});
    const onsubmit = (event) => {
      event.preventDefault();
      this.#submit(event.submitter?.value === 'try_out');
    };
    this.form = h('form', {novalidate: true, onsubmit}, this.#platform(),
        h('div', {class: 'field', hidden: Boolean(this.only)},
            h('label', {for: 'name'}, 'Integration name'), this.name, this.nameError),
        this.body,
        h('div', {class: 'actions'}, h('button', {class: 'primary'}, 'Proceed'),
            integration ? null : h('button', {value: 'try_out'}, 'Check only'),
            link(integration ? `#/integrations/${integration.id}` : '#/integrations', 'Cancel',
                {class: 'button quiet', onclick: () => this.#leave()})));
    this.#fill();
    if (!integration) signal.addEventListener('abort', () => this.#keep());
  }

  // Who looks at another page and comes back finds the form as it was.
  #keep() {
    if (!this.plugin || this.left) return;
    this.typed[this.plugin.id] = this.fields.typed();
    // A name that nobody typed follows the platform.
    const name = this.name.value === this.#defaultName() ? null : this.name.value;
    keepForm({platform: this.plugin.id, name, typed: this.typed});
  }

  // Nothing of it is to be found again.
  #leave() {
    this.left = true;
    keepForm(null);
  }

  #defaultName() { return defaultName(this.plugin, this.taken); }

  #platform() {
    if (this.integration) {
      return h('p', {class: 'fixed'}, h('span', {class: 'label'}, 'Platform'), their(this.plugin.name));
    }
    const select = h('select', {id: 'platform', onchange: () => this.#choose(select.value)},
        this.plugin ? null : h('option', {value: ''}, 'Choose a platform…'),
        this.platforms.map((platform) => h('option', {value: platform.id, selected: platform.id === this.plugin?.id}, platform.name)));
    this.platformError = h('p', {class: 'error', id: 'platform-error', hidden: true});
    select.setAttribute('aria-describedby', 'platform-error');
    return h('div', {class: 'field'}, h('label', {for: 'platform'}, 'Select platform'), select, this.platformError);
  }

  async #choose(id) {
    if (!id) return;
    try {
      // The name follows the platform until somebody edits it.
      const untouched = this.name.value.trim() === '' || (this.plugin && this.name.value === this.#defaultName());
      const chosen = await get(`plugins/${encodeURIComponent(id)}`, this.signal);
      if (this.plugin) this.typed[this.plugin.id] = this.fields.typed();
      this.plugin = chosen;
      if (untouched) this.name.value = this.#defaultName();
      this.showErrors([]);
      this.#fill();
      say(`The form now shows the settings of ${this.plugin.name}.`);
    } catch (error) {
      fail(error, this.signal);
    }
  }

  #fill() {
    this.body.replaceChildren();
    this.beside.replaceChildren();
    if (!this.plugin) return;
    this.fields = new SettingsForm(this.plugin, this.typed[this.plugin.id],
        this.integration && {...this.integration, only: this.only});
    this.body.append(this.fields.element);
    if (!this.integration) this.#offerSimulatedUsers(this.plugin.id, this.fields);
    if (this.plugin.prerequisites.length === 0 && this.plugin.permissions.length === 0) return;
    const required = this.plugin.permissions.filter((permission) => permission.need === 'required').length;
    add(this.beside, h('details', {open: kWide.matches}, h('summary', {}, h('h2', {}, 'What is needed beforehand')),
        h('ol', {}, this.plugin.prerequisites.map((sentence) => h('li', written(this.plugin), sentence))),
        required > 0
            ? h('p', {}, `${required} permissions are required, ${this.plugin.permissions.length - required} optional.`) : null,
        h('p', {}, linkInNewTab(`#/plugins/${encodeURIComponent(this.plugin.id)}/requirements`,
            `Setup sheet for the ${this.plugin.name} administrator`))));
  }

  // In a demonstration only: the users whom the simulators know.
  async #offerSimulatedUsers(platform, fields) {
    try {
      const {users} = await get(`simulated-users/${encodeURIComponent(platform)}`, this.signal);
      if (users.length === 0 || fields !== this.fields) return;
      const select = h('select', {id: 'simulated-user', onchange: () => {
        fields.fill(users[select.value].values);
        say(`The form now holds the credentials of the simulated user who ${users[select.value].about}.`);
      }}, h('option', {value: '', disabled: true, selected: true}, 'Choose…'),
      users.map((user, index) => h('option', {value: String(index)}, user.about)));
      this.body.prepend(h('div', {class: 'field'}, h('label', {for: 'simulated-user'}, 'Simulated user'), select,
          h('p', {class: 'help'}, 'This is a demonstration. Whom you choose here is filled in below.')));
    } catch (error) {
      fail(error, this.signal);
    }
  }

  // Every error once at the top and once at its field.
  showErrors(errors) {
    this.fields?.clearErrors();
    const place = (element, control, text) => {
      element.replaceChildren(h('span', {class: 'unseen'}, text ? 'Error: ' : ''), text ?? '');
      element.hidden = !text;
      element.parentElement.classList.toggle('wrong', Boolean(text));
      if (text) control.setAttribute('aria-invalid', 'true');
      else control.removeAttribute('aria-invalid');
      return control.id;
    };
    place(this.nameError, this.name, null);
    if (this.platformError) place(this.platformError, this.form.querySelector('#platform'), null);
    const lines = errors.map(({field, summary, remedy}) => {
      const text = [summary, remedy].filter(Boolean).join(' ');
      if (field === 'name') return {id: place(this.nameError, this.name, text), summary};
      if (field === 'platform') return {id: place(this.platformError, this.form.querySelector('#platform'), text), summary};
      const id = field && this.fields?.showError(field, text);
      return {id, summary, remedy: id ? null : remedy};
    });
    this.summary.replaceChildren(...(lines.length > 0 ? [errorSummary(lines)] : []));
    this.summary.firstChild?.focus();
  }

  async #submit(tryOut) {
    if (this.busy) return;
    if (!this.plugin) return this.showErrors([{field: 'platform', summary: 'Choose a platform.'}]);
    const errors = this.fields.missing();
    if (this.name.value.trim() === '') {
      errors.unshift({field: 'name', summary: 'Enter “Integration name”.', remedy: `For example “${this.#defaultName()}”.`});
    }
    if (this.only && errors.length === 0 && !this.fields.isChanged()) {
      errors.push({summary: 'Nothing was entered.', remedy: 'Enter the new credentials, or cancel to keep those that are saved.'});
    }
    this.showErrors(errors);
    if (errors.length > 0) return;
    const values = this.fields.values();
    const body = {name: this.name.value, ...values};
    this.busy = true;
    try {
      const {id} = this.integration ? await call('PATCH', `integrations/${this.integration.id}`, body)
          : await post(tryOut ? 'checks' : 'integrations', {platform: this.plugin.id, ...body});
      keepSecrets(id, values.secrets);
      this.#leave();
      // Who comes back from there finds the form as it was.
      history.replaceState(null, '', `${location.hash.split('?')[0]}?check=${id}`);
      location.hash = checkAddress(id, this.what);
    } catch (error) {
      if (error.status === 401) return fail(error, this.signal);
      this.showErrors([{summary: error.summary ?? 'The page failed.', remedy: error.remedy}]);
    } finally {
      this.busy = false;
    }
  }
}

export default async function settings({id, what, platform, check: checkId, field}, signal) {
  const [{plugins}, integration, others, known] = await Promise.all([
    get('plugins', signal), id ? get(`integrations/${id}`, signal) : null,
    id ? null : get('integrations', signal),
    checkId ? get(`checks/${checkId}`, signal).catch(() => null) : null]);
  countChanged(plugins);
  // What was saved needs no correction.
  const check = known?.result?.outcome === 'accepted' && known.purpose !== 'try_out' ? null : known;
  const platforms = plugins.filter((plugin) => plugin.serving);
  const draft = integration || check ? null : keptForm();
  const wanted = integration?.platform ?? check?.platform ?? platform ?? draft?.platform
      ?? (platforms.length === 1 ? platforms[0].id : null);
  const plugin = wanted && (integration || platforms.some((each) => each.id === wanted))
      ? await get(`plugins/${encodeURIComponent(wanted)}`, signal) : null;
  const title = !integration ? 'Integration settings' : what === 'credentials' ? 'Replace credentials' : 'Edit integration';
  if (!integration && platforms.length === 0) {
    return {title, section: 'integrations', content: h('section', {class: 'panel narrow'}, h('h1', {}, 'No platform is enabled'),
        h('p', {class: 'lead'}, 'An integration needs a platform, and enabling one is your decision.'),
        link('#/plugins', 'Go to the plugins', {class: 'button primary'}))};
  }
  const screen = new SettingsScreen({platforms, plugin, integration, what, check, draft, signal,
    taken: (others?.integrations ?? []).map((each) => each.name)});
  return {
    title, section: 'integrations',
    content: [h('h1', {}, title, integration ? h('span', {class: 'sub'}, their(integration.name)) : null),
      screen.summary, h('div', {class: 'two'}, screen.beside, h('section', {class: 'panel'}, screen.form))],
    shown() {
      const errors = errorsOf(check);
      if (errors.length > 0) screen.showErrors(errors);
      if (field) (field === 'name' ? screen.name : screen.fields?.controlOf(field))?.focus();
    },
  };
}
