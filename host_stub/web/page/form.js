// Renders the fields of any manifest and reads them back. Knows no platform.
import {add, button, day, documentation, h, written} from '/dom.js';

const kShortList = 5;  // choices that are shown all at once

let lastId = 0;

// One field: a label, a control, help, and a place for its error, tied together for assistive technology.
class FieldView {
  constructor(field, value, saved, unproven) {
    this.field = field;
    this.saved = saved;  // of an edit: when its secret was set; undefined for a new integration
    this.id = `field-${++lastId}`;
    this.error = h('p', {class: 'error', id: `${this.id}-error`, hidden: true});
    this.help = h('div', {class: 'help', id: `${this.id}-help`}, field.help ? h('span', field.written, field.help) : null,
        field.doc_url ? [' ', documentation(field.doc_url, 'How to find it')] : null);
    if (field.kind === 'secret' && saved !== undefined) {
      this.keep = h('span', {class: 'keep'});
      this.help.prepend(this.keep);
      this.mustTypeAgain(false);
    }
    if (unproven !== undefined) {
      this.help.prepend(h('span', {class: 'keep'}, 'Enter it again. The database says “', h('bdi', {}, unproven),
          '”, and no saved secret proves that only the console wrote that. '));
    }
    this.control = this.#control(value ?? field.default ?? '');
    this.element = this.#frame();
  }

  #attributes() {
    const {field} = this;
    return {
      id: this.id, name: field.id, 'aria-describedby': `${this.id}-help ${this.id}-error`, placeholder: field.placeholder,
      // What is typed is a platform's secret, not a login of whoever types it: the browser should neither offer nor save it.
      autocomplete: field.kind === 'secret' ? 'new-password' : 'off', autocapitalize: 'none', spellcheck: 'false',
    };
  }

  #control(value) {
    const {field} = this;
    switch (field.kind) {
      case 'choice': return field.choices.length <= kShortList ? this.#radios(value) : this.#select(value);
      case 'boolean': {
        const box = h('input', {...this.#attributes(), type: 'checkbox', placeholder: null});
        box.checked = value === 'true';
        return box;
      }
      case 'multiline': return h('textarea', {...this.#attributes(), rows: 4, value});
      case 'secret': return field.multiline ? h('textarea', {...this.#attributes(), class: 'masked', rows: 4, value})
          : h('input', {...this.#attributes(), type: 'password', value});
      case 'url': return h('input', {...this.#attributes(), type: 'url', value});
      case 'integer': return h('input', {...this.#attributes(), type: 'text', inputmode: 'numeric', value});
      default: return h('input', {...this.#attributes(), type: 'text', value});
    }
  }

  #select(value) {
    return h('select', this.#attributes(), value === '' ? h('option', {value: ''}, 'Choose…') : null,
        this.field.choices.map((choice) => h('option',
            {...this.field.written, value: choice.value, selected: choice.value === value}, choice.label)));
  }

  #radios(value) {
    return h('div', {class: 'choices'}, this.field.choices.map((choice, index) => {
      const id = `${this.id}-${index}`;
      return h('div', {class: 'choice'},
          h('input', {type: 'radio', id: index === 0 ? this.id : id, name: this.id, value: choice.value,
            checked: choice.value === value, 'aria-describedby': choice.help ? `${id}-help` : null}),
          h('label', {for: index === 0 ? this.id : id}, h('bdi', this.field.written, choice.label), ' ',
              choice.recommended ? h('span', {class: 'tag'}, 'recommended') : null),
          choice.help ? h('p', {class: 'help', id: `${id}-help`, ...this.field.written}, choice.help) : null);
    }));
  }

  #frame() {
    const {field} = this;
    const label = [h('bdi', field.written, field.label), field.required || field.kind === 'boolean' ? null
        : h('span', {class: 'optional'}, ' (optional)')];
    if (this.control.className === 'choices') {
      return h('fieldset', {class: 'field', 'aria-describedby': `${this.id}-help ${this.id}-error`},
          h('legend', {}, label), this.help, this.control, this.error);
    }
    if (field.kind === 'boolean') {
      return h('div', {class: 'field check'}, this.control, h('label', {for: this.id}, label), this.help, this.error);
    }
    return h('div', {class: 'field'}, h('label', {for: this.id}, label),
        field.kind === 'secret' ? h('div', {class: 'secret'}, this.control, this.#reveal()) : this.control,
        this.help, this.error);
  }

  #reveal() {
    const word = h('span', {}, 'Show');
    return button([word, h('span', {class: 'unseen'}, ` ${this.field.label}`)], () => {
      const hidden = this.field.multiline ? this.control.classList.contains('masked') : this.control.type === 'password';
      if (this.field.multiline) this.control.classList.toggle('masked', !hidden);
      else this.control.type = hidden ? 'text' : 'password';
      word.textContent = hidden ? 'Hide' : 'Show';
    }, {class: 'reveal', 'aria-controls': this.id});
  }

  get value() {
    if (this.field.kind === 'boolean') return String(this.control.checked);
    if (this.control.className === 'choices') return this.control.querySelector('input:checked')?.value ?? '';
    return this.control.value;
  }

  set value(text) {
    if (this.field.kind === 'boolean') this.control.checked = text === 'true';
    else if (this.control.className !== 'choices') this.control.value = text;
    else for (const choice of this.control.querySelectorAll('input')) choice.checked = choice.value === text;
  }

  // An edit that changes the account needs its secrets again: a saved one is never sent to another address.
  mustTypeAgain(again) {
    if (!this.keep) return;
    this.again = again;
    this.keep.replaceChildren(...(again ? ['Enter it again, because the account is changed. ']
        : ['Set on ', day(this.saved), '. Leave empty to keep it. ']));
  }

  get mayStayEmpty() {
    return !this.field.required || this.field.kind === 'boolean' || (this.keep && !this.again);
  }

  show(visible) { this.element.hidden = !visible; }

  showError(text) {
    this.error.replaceChildren(text ? h('span', {class: 'unseen'}, 'Error: ') : '', text ?? '');
    this.error.hidden = !text;
    this.element.classList.toggle('wrong', Boolean(text));
    for (const control of this.element.querySelectorAll('input, select, textarea')) {
      if (text) control.setAttribute('aria-invalid', 'true');
      else control.removeAttribute('aria-invalid');
    }
  }
}

export class SettingsForm {
  // `plugin` of the API; `values` by field id; `saved`, for an edit: {settings, secrets} of the integration, and
  // `saved.only` to show the fields of who signs in and nothing else.
  constructor(plugin, values = {}, saved) {
    // Beside its texts stand texts of ours, which are written in another way.
    const fields = plugin.fields.map((field) => ({...field, written: written(plugin)}));
    const set = Object.fromEntries((saved?.secrets ?? []).map((secret) => [secret.field, secret.set_at]));
    this.before = Object.fromEntries((saved?.settings ?? []).map((setting) => [setting.field, setting.value]));
    // An address that somebody may have written past the console is typed again, or a new secret would be sent there.
    this.unproven = Object.fromEntries((saved?.settings ?? []).filter((setting) => setting.unproven)
        .map((setting) => [setting.field, setting.value]));
    this.views = fields.filter((field) => !field.supplied && !field.kept).map((field) => new FieldView(field,
        values[field.id] ?? (field.id in this.unproven ? '' : this.before[field.id]), set[field.id], this.unproven[field.id]));
    this.only = saved?.only;
    this.element = h('div', {class: 'fields', oninput: () => this.#update(), onchange: () => this.#update()},
        this.views.map((view) => view.element));
    this.#update();
  }

  // What somebody may go on from: a text for each field that `values` names.
  fill(values) {
    for (const view of this.views) {
      if (view.field.id in values) view.value = values[view.field.id];
    }
    this.#update();
  }

  #isVisible(field) {
    return field.visible_when.every((condition) => {
      const other = this.views.find((view) => view.field.id === condition.field);
      return Boolean(other) && this.#isVisible(other.field) && condition.is.includes(other.value);
    });
  }

  #update() {
    const changed = this.views.some(({field, value}) => field.identity && field.id in this.before && this.before[field.id] !== value);
    for (const view of this.views) {
      view.mustTypeAgain(changed);
      view.show(this.#isVisible(view.field) && (!this.only || this.only(view.field)));
    }
  }

  #active() { return this.views.filter((view) => this.#isVisible(view.field)); }

  // Everything that stands in the form, by field id, whether it is shown just now or not.
  typed() { return Object.fromEntries(this.views.map(({field, value}) => [field.id, value])); }

  isChanged() {
    return this.#active().some(({field, value}) => value !== (field.kind === 'secret' ? '' : this.before[field.id] ?? field.default ?? ''));
  }

  values() {
    const settings = {};
    const secrets = {};
    for (const {field, value} of this.#active()) {
      if (field.kind !== 'secret') settings[field.id] = value;
      else if (value !== '') secrets[field.id] = value;
    }
    return {settings, secrets};
  }

  // [{id, summary}, ...] of what is left empty; everything else is the console's to judge.
  missing() {
    return this.#active().filter((view) => !view.mayStayEmpty && view.value.trim() === '')
        .map(({field}) => ({
          field: field.id,
          summary: field.kind === 'choice' ? `Choose “${field.label}”.` : `Enter “${field.label}”.`,
        }));
  }

  clearErrors() { for (const view of this.views) view.showError(null); }

  // The control of a field, or nothing when the form does not show it.
  controlOf(field) { return document.getElementById(this.#viewOf(field)?.id); }

  // Ties an error to its field; returns the id of the control, or nothing when the form has no such field.
  showError(field, text) {
    const view = this.#viewOf(field);
    view?.showError(text);
    return view?.id;
  }

  #viewOf(field) { return this.#active().find((each) => each.field.id === field); }
}

// What is wrong, at the top, each line leading to its field.
export function errorSummary(errors) {
  const focus = (id) => (event) => {
    event.preventDefault();
    document.getElementById(id)?.focus();
  };
  return h('section', {class: 'error-summary', tabindex: '-1', 'data-focus': true, 'aria-labelledby': 'errors-title'},
      h('h2', {id: 'errors-title'},
          errors.length === 1 ? 'One thing needs to be corrected' : `${errors.length} things need to be corrected`),
      add(h('ul', {}), errors.map(({id, summary, remedy}) => h('li', {},
          id ? h('a', {href: `#${id}`, onclick: focus(id)}, summary) : summary, remedy ? h('p', {class: 'remedy'}, remedy) : null))));
}
